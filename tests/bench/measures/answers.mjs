// What an editor asks while somebody types: completion in a list of fields right after a change,
// hover, and the preview of a table.

import { OURS } from '../frame/bench.mjs';
import { definitions } from '../lsp/documents.mjs';
import { applied, position } from '../lsp/edits.mjs';
import { Session, servers } from '../lsp/servers.mjs';

const TYPESCRIPT = 'tsc --lsp';

/** How often each is asked. */
const ASKED = 200;

/** Where a field begins in the list of those that are sent. */
const FIELDS = /\bfields: \[\s*/;

export default async function answers(bench) {
  for (const size of bench.sizes) {
    const root = await bench.project(size);
    const all = servers(bench);
    const running = {};
    for (const name of [OURS, TYPESCRIPT]) running[name] = await Session.start(bench, all[name], root);
    const count = bench.quick ? 5 : ASKED;
    const documents = (await definitions(root, size, count)).filter(({ text }) => FIELDS.test(text));
    const samples = { completion: {}, hover: {}, preview: {} };
    for (const kinds of Object.values(samples)) for (const name of Object.keys(running)) kinds[name] = [];
    for (const document of documents) {
      for (const [name, session] of Object.entries(running)) {
        const taken = await asked(session, document, name === OURS);
        for (const [what, milliseconds] of Object.entries(taken)) samples[what][name].push(milliseconds);
      }
    }
    for (const session of Object.values(running)) await session.end();
    const goal = 'a fifth of tsc';
    bench.add('server, completion of a field', 'ms', samples.completion, { size, goal });
    bench.add('server, hover of a key', 'ms', samples.hover, { size, goal });
    bench.add('server, preview (tsc has none: hover)', 'ms', samples.preview, { size, goal });
  }
}

/** The milliseconds of each answer in one document. */
async function asked(session, { uri, text, name }, isOurs) {
  const { server } = session;
  const textDocument = { uri };
  await session.open(uri, text);
  const found = FIELDS.exec(text);
  const at = found.index + found[0].length;
  // A field that has just been begun; the findings of the change are under way when it is asked.
  const edit = { at, remove: 0, insert: `'', ` };
  const changed = session.change(uri, text, edit);
  const inField = position(applied(text, edit), at + 1);
  const completion = await server.request('textDocument/completion', { textDocument, position: inField });
  const items = completion.result?.items ?? completion.result ?? [];
  if (items.length === 0) throw new Error(`no completion of a field in ${uri}`);
  await changed;
  const key = position(text, found.index + 1);
  const hover = await server.request('textDocument/hover', { textDocument, position: key });
  if (!hover.result) throw new Error(`no hover of a key in ${uri}`);
  const preview = isOurs
    ? await server.request('quickback/preview', { textDocument, name, kind: 'table' })
    : await server.request('textDocument/hover', { textDocument, position: key });
  if (!preview.result) throw new Error(`no preview of ${name}`);
  session.close(uri);
  return {
    completion: completion.milliseconds,
    hover: hover.milliseconds,
    preview: preview.milliseconds,
  };
}
