// One project: written, run, said once more in plain literals, and both held against each other.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compare } from './compare.mjs';
import { loaded, run } from './execution.mjs';
import { plain } from './plain.mjs';
import { ask } from './tool.mjs';

/**
 * How a program's project compares with what running it says. In which order the compiler loads the
 * files is not told anywhere: what is generated must be right for either.
 */
export async function examine(binary, work, program) {
  const root = join(work, 'dressed');
  write(root, program.files);
  const paths = loaded([...program.files.keys()]);
  let results;
  try {
    results = [await run(root, paths), await run(root, [...paths].reverse())];
  } catch (error) {
    return { verdict: 'does not run', problems: [], error: `${error.message}` };
  }
  const dressed = await ask(binary, root);
  const texts = results.map((result) => plain(result, program.names));
  const same = [...texts[0]].every(([path, text]) => texts[1].get(path) === text);
  let whole;
  for (const text of same ? texts.slice(0, 1) : texts) {
    const other = join(work, 'plain');
    write(other, new Map([...text, ['quickback-realtime.json', program.files.get('quickback-realtime.json')]]));
    const files = definitionsOf(results[0], program.names);
    const { verdict, problems } = compare(dressed, await ask(binary, other), files);
    whole ??= { verdict, problems: [], dressed, plain: text };
    whole.problems.push(...problems);
    if (problems.length > 0) whole.plain = text;
  }
  return whole;
}

/** The definition files by the names of tables and namespaces. */
function definitionsOf({ definitions }, names) {
  return new Map([...definitions].map(([path, { kind, options }]) => [kind === 'namespace' ? options?.name : names.get(path), path]));
}

/** Writes a project where one may have been. */
function write(root, files) {
  rmSync(root, { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
