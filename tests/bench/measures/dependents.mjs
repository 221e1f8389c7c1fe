// A change that many files depend on: a role is removed from the hierarchy, or a constant changes
// that every second feature imports. The open files follow, and whoever types does not wait.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { OURS } from '../frame/bench.mjs';
import { uriOf } from '../lsp/client.mjs';
import { definitions } from '../lsp/documents.mjs';
import { Session, servers } from '../lsp/servers.mjs';

const TYPESCRIPT = 'tsc --lsp';

/** How many documents are open. */
const OPEN = 20;

/** What is changed, and the documents in which something is found after that. */
const CHANGES = [
  {
    measure: 'a role is removed',
    path: 'quickback/quickback.config.ts',
    line: `      'editor',\n`,
    touches: ({ text }) => /masking: \{[^]*?'editor'[^]*?\},\n\n/.test(text) && !text.includes('shared/roles'),
  },
  {
    measure: 'a constant loses a role',
    path: 'quickback/shared/roles.ts',
    line: `  agent: 'agent',\n`,
    touches: ({ text }) => text.includes('ROLES.agent'),
  },
];

export default async function dependents(bench) {
  for (const size of bench.sizes) {
    const root = await bench.project(size);
    for (const change of CHANGES) {
      const documents = (await definitions(root, size, size)).filter(change.touches).slice(0, OPEN);
      const path = join(root, change.path);
      const changed = { uri: uriOf(path), text: await readFile(path, 'utf8') };
      const all = servers(bench);
      const running = {};
      for (const name of [OURS, TYPESCRIPT]) {
        running[name] = { session: await Session.start(bench, all[name], root), typing: [], all: [] };
        for (const { uri, text } of [changed, ...documents]) await running[name].session.open(uri, text);
      }
      for (let round = 0; round < bench.rounds; round++) {
        for (const [name, contestant] of Object.entries(running)) {
          await follow(contestant, changed, documents, change.line, name === OURS);
        }
      }
      for (const { session } of Object.values(running)) await session.end();
      const of = (what) => Object.fromEntries(Object.entries(running).map(([name, taken]) => [name, taken[what]]));
      bench.add(`server, ${change.measure}: typing right behind it`, 'ms', of('typing'), { size, goal: 'as any edit' });
      bench.add(`server, ${change.measure}: all ${documents.length} open files`, 'ms', of('all'), { size });
    }
  }
}

/** Takes the line out and puts it back, each time with somebody typing in another document. */
async function follow({ session, typing, all }, changed, documents, line, isOurs) {
  const at = changed.text.indexOf(line);
  const without = changed.text.replace(line, '');
  const [first, ...others] = documents;
  for (const isRemoved of [true, false]) {
    const edit = isRemoved ? { at, remove: line.length, insert: '' } : { at, remove: 0, insert: line };
    // A server that tells does so of every document in which something else is found now; one that
    // is asked has to be asked for each.
    const told = isOurs
      ? others.map(({ uri }) => session.server.next('textDocument/publishDiagnostics', (p) => p.uri === uri))
      : [];
    const began = performance.now();
    const own = session.change(changed.uri, isRemoved ? changed.text : without, edit);
    const text = isRemoved ? first.text : `${first.text} `;
    const typed = isRemoved ? { at: text.length, remove: 0, insert: ' ' } : { at: text.length - 1, remove: 1, insert: '' };
    const { milliseconds } = await session.change(first.uri, text, typed);
    typing.push(milliseconds);
    if (!isOurs) {
      for (const { uri } of others) await session.server.request('textDocument/diagnostic', { textDocument: { uri } });
    }
    await Promise.all([own, ...told]);
    all.push(performance.now() - began);
  }
}
