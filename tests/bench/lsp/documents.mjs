// The documents of a project that somebody works on.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { feature } from '../project/feature.mjs';
import { uriOf } from './client.mjs';

/** The seed of the projects that {@link Bench.project} makes. */
const SEED = 1;

/** The definition of a feature by its number: where it is, and what it says on the disk. */
export async function definition(root, index) {
  const { folder, name, dialect } = feature(index, SEED);
  const path = join(root, `quickback/features/${folder}/${folder}.ts`);
  return { index, name, dialect, path, uri: uriOf(path), text: await readFile(path, 'utf8') };
}

/** So many definitions, spread over the whole project; fewer if it has no more. */
export async function definitions(root, features, count) {
  const wanted = Math.min(count, features);
  const step = features / wanted;
  return Promise.all(Array.from({ length: wanted }, (_, at) => definition(root, Math.floor(at * step))));
}
