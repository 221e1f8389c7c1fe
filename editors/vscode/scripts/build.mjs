// Bundles the extension into one file, and takes the configuration's schema from the server.

import { copyFile, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

await mkdir(at('../schemas'), { recursive: true });
await copyFile(
  at('../../../server/schema/quickback-realtime.schema.json'),
  at('../schemas/quickback-realtime.schema.json'),
);
await build({
  entryPoints: [at('../src/extension.ts')],
  outfile: at('../dist/extension.js'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  minify: process.argv.includes('--production'),
  sourcemap: process.argv.includes('--production') ? false : 'linked',
  logLevel: 'warning',
});
