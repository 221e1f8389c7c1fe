// Bundles the extension into one file, and takes the configuration's schema from the server.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { forCompletion } from './schema.mjs';

const SCHEMA = 'quickback-realtime.schema.json';
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const production = process.argv.includes('--production');

const schema = JSON.parse(await readFile(at(`../../../server/schema/${SCHEMA}`), 'utf8'));
await mkdir(at('../schemas'), { recursive: true });
await writeFile(at(`../schemas/${SCHEMA}`), `${JSON.stringify(forCompletion(schema), null, 2)}\n`);
await build({
  entryPoints: [at('../src/extension.ts')],
  outfile: at('../dist/extension.js'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
});
