// How long the server takes, and how much memory: the same questions at every quiet point.

const PROBE = 'quickback/features/probe/probe.ts';
const ROUNDS = 10;
/** How long findings may take on a busy machine, in milliseconds. */
const PATIENCE = 120_000;

/** The document that is asked about. It is the same on both branches, and the user keeps off it. */
export const probe = {
  path: PROBE,
  text: `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { defineTable } from '@quickback/compiler';

export const probes = sqliteTable('probes', {
  id: text('id').primaryKey(),
  organizationId: text('organization_id').notNull(),
  title: text('title').notNull(),
});

export default defineTable(probes, {
  firewall: { organization: {} },
  realtime: { enabled: true, requiredRoles: ['editor+'], fields: ['id', 'title'] },
});
`,
};

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Types a letter and asks what an editor asks after it, some rounds; the medians in ms. */
export async function latency(user) {
  const document = user.open.get(PROBE);
  const textDocument = { uri: user.uri(PROBE) };
  const times = { typed: [], hover: [], completion: [] };
  const before = user.client.usage();
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = document.text.indexOf("'title']") + 1;
    const start = document.text.slice(0, at).split('\n').length - 1;
    const position = { line: start, character: at - document.text.lastIndexOf('\n', at) - 1 };
    let from = performance.now();
    user.edit(PROBE, at, at, 'x', { undo: false });
    await findings(user, document.version);
    times.typed.push(performance.now() - from);
    user.edit(PROBE, at, at + 1, '', { undo: false });
    await findings(user, document.version);
    from = performance.now();
    await user.client.request('textDocument/hover', { textDocument, position });
    times.hover.push(performance.now() - from);
    from = performance.now();
    await user.client.request('textDocument/completion', { textDocument, position });
    times.completion.push(performance.now() - from);
  }
  const after = user.client.usage();
  return {
    typed: median(times.typed), hover: median(times.hover), completion: median(times.completion),
    cpu: (after.cpu - before.cpu) / ROUNDS, memory: after.memory, threads: after.threads,
  };
}

/** Waits until the probe's findings of that version have come. */
async function findings(user, version) {
  const end = performance.now() + PATIENCE;
  while (user.shown.get(user.uri(PROBE))?.version !== version) {
    if (performance.now() > end) throw new Error(`no findings of version ${version} in ${PATIENCE} ms`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
