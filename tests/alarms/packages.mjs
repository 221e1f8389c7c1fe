// The packages of packages.txt: fetched by npm, held to their integrity, and unpacked.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The lines of the list: `name@version` and the integrity as npm's lock files write it. */
export function list(file) {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
    const [spec, integrity] = line.split(' ');
    return { spec, integrity, key: spec.replace(/^@/, '').replace('/', '-') };
  });
}

/** The folder of a package's files, fetched if it is not in the cache yet. */
export async function unpacked({ spec, integrity, key }, cache) {
  const folder = join(cache, key);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', partial, spec]);
  const archive = join(partial, stdout.trim().split('\n').at(-1));
  const [algorithm, expected] = [integrity.slice(0, integrity.indexOf('-')), integrity.slice(integrity.indexOf('-') + 1)];
  const found = createHash(algorithm).update(readFileSync(archive)).digest('base64');
  if (found !== expected) throw new Error(`${spec} is not what it was: ${algorithm}-${found}`);
  await run('tar', ['-xzf', archive, '-C', partial, '--no-same-owner', '--no-same-permissions']);
  // Of what is unpacked only the TypeScript is kept, under its name when all of it is there.
  const kept = join(partial, 'kept');
  for (const path of typescript(partial)) {
    mkdirSync(dirname(join(kept, path)), { recursive: true });
    renameSync(join(partial, path), join(kept, path));
  }
  renameSync(kept, folder);
  rmSync(partial, { recursive: true });
  return folder;
}

/** The TypeScript files under a folder, relative to it, declarations and dependencies left out. */
export function typescript(folder, under = '') {
  const found = [];
  for (const name of readdirSync(join(folder, under)).sort()) {
    const path = join(under, name);
    if (name === 'node_modules') continue;
    if (statSync(join(folder, path)).isDirectory()) found.push(...typescript(folder, path));
    else if (/\.[cm]?tsx?$/.test(name) && !/\.d\.([cm]?ts|.*\.ts)$/.test(name)) found.push(path);
  }
  return found;
}
