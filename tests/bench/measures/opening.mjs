// From the start of the server to the first findings of the file that is open, whatever the size of
// its project: a project of one feature is what the others are held against.

import { definition } from '../lsp/documents.mjs';
import { FLOOR, Session, servers } from '../lsp/servers.mjs';

export default async function opening(bench) {
  for (const size of [1, ...bench.sizes]) {
    const root = await bench.project(size);
    const document = await definition(root, Math.floor(size / 2));
    const first = (server) => async () => {
      const session = await Session.start(bench, server, root);
      const { at } = await session.open(document.uri, document.text);
      const milliseconds = at - session.server.started;
      await session.end();
      return milliseconds;
    };
    const { [FLOOR]: _, ...starting } = servers(bench);
    const contestants = Object.entries(starting).map(([name, server]) => [name, first(server)]);
    const samples = await bench.inTurn(Object.fromEntries(contestants));
    bench.add('server, start → first findings', 'ms', samples, {
      size,
      goal: 'within 2× of a project of one feature',
    });
  }
}
