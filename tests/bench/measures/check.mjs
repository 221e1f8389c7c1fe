// `--check` against linters and type checkers on the same files, and against the floor: finding the
// files that matter, and reading all bytes.

import { join } from 'node:path';

import { OURS } from '../frame/bench.mjs';

/** What `--check` looks for in the bytes of a file before it parses it. */
const NEEDLES = 'createRealtime|defineRealtime|defineTable|defineResource|feature|quickback-realtime-ignore';

/** The programs, each as it is called in the project's folder. */
export function contestants(bench) {
  return {
    [OURS]: [bench.binary, '--check', '--no-generated', '--quiet'],
    oxlint: [bench.tool('oxlint'), '--quiet'],
    'biome lint': [bench.tool('biome'), 'lint', '--diagnostic-level=error', '.'],
    'tsc --noEmit': [bench.tool('tsc'), '--noEmit', '-p', '.'],
    eslint: [process.execPath, bench.tool('eslint'), '--quiet', '--config', join(bench.folder, 'eslint.config.mjs'), '.'],
    'rg -l': [bench.tool('rg'), '-l', NEEDLES],
    'read all bytes': [bench.tool('rg'), '--count', '--no-mmap', '^'],
  };
}

/** eslint takes minutes on the large projects, so it is not sampled as often as the others. */
const ESLINT_ROUNDS = 3;

export default async function check(bench) {
  for (const size of bench.sizes) {
    const cwd = await bench.project(size);
    const { eslint, ...others } = contestants(bench);
    const timed = (command) => async () => (await bench.command(command, { cwd })).milliseconds;
    const samples = await bench.inTurn(mapped(others, timed));
    const slow = await bench.inTurn({ eslint: timed(eslint) }, Math.min(bench.rounds, ESLINT_ROUNDS));
    bench.add('check, cold process', 'ms', { ...samples, ...slow }, {
      size,
      goal: 'no slower than oxlint; 10× faster than tsc and biome; within 3× of rg',
    });

    const { eslint: _, ...small } = contestants(bench);
    const peak = (command) => () => bench.peakMemory(command, { cwd });
    const memory = await bench.inTurn(mapped(small, peak), Math.min(bench.rounds, 3));
    bench.add('check, peak memory', 'MB', memory, { size, goal: 'under 150 MB' });
  }
}

/** An object with the same keys, and what `change` makes of the values. */
function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
