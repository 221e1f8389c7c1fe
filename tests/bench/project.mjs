#!/usr/bin/env node
// Writes a Quickback project of N features, for measuring:
//
//   tests/bench/project.mjs N FOLDER [--seed S]
//
// The same N and seed give the same bytes, and a feature is the same whatever N is. Each feature
// speaks one of the dialects in which definitions are written, two of three have a handler, one of
// ten an event namespace: 5,000 features are about 10,000 files and 20 MB. The project is one
// that people would keep: our check finds nothing in it, and neither does `tsc --strict`.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';

import { definitionFiles } from './project/definitions.mjs';
import { feature } from './project/feature.mjs';
import { handlerFiles } from './project/handlers.mjs';
import { sharedFiles } from './project/shared.mjs';
import { stubFiles } from './project/stubs.mjs';

/** How many files are written at once. */
const AT_ONCE = 64;

/**
 * The files of a project: paths relative to its root, with `/`, and their texts.
 *
 * @param {number} count How many features.
 * @param {number} seed What makes one project differ from another of the same size.
 * @returns {Generator<[string, string]>}
 */
export function* files(count, seed) {
  yield* sharedFiles();
  yield* stubFiles();
  for (let index = 0; index < count; index++) {
    const described = feature(index, seed);
    yield* definitionFiles(described);
    yield* handlerFiles(described);
  }
}

/**
 * Writes a project; what is in the folder is removed first.
 *
 * @returns {Promise<{ files: number, bytes: number }>} What was written, packages left out.
 */
export async function writeProject(count, folder, seed = 1) {
  await rm(folder, { recursive: true, force: true });
  const written = { files: 0, bytes: 0 };
  const made = new Map();
  const makeFolder = (path) => {
    if (!made.has(path)) made.set(path, mkdir(path, { recursive: true }));
    return made.get(path);
  };
  const source = files(count, seed);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [path, text] of source) {
        const file = join(folder, path);
        await makeFolder(dirname(file));
        await writeFile(file, text);
        if (path.startsWith('node_modules/')) continue;
        written.files += 1;
        written.bytes += Buffer.byteLength(text);
      }
    }),
  );
  return written;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string', default: '1' } },
  });
  const [count, folder] = [Number(positionals[0]), positionals[1]];
  const seed = Number(values.seed);
  if (!Number.isInteger(count) || count < 1 || !folder || !Number.isInteger(seed)) {
    console.error('usage: tests/bench/project.mjs N FOLDER [--seed S]');
    process.exit(2);
  }
  const written = await writeProject(count, folder, seed);
  console.log(`${written.files} files, ${(written.bytes / 1e6).toFixed(1)} MB`);
}
