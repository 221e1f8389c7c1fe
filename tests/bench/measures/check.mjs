// `--check` against linters and type checkers on the same files, and against the floor: finding the
// files that matter, and reading all bytes.

import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { OURS } from '../frame/bench.mjs';
import { writeProject } from '../project.mjs';

/** What `--check` looks for in the bytes of a file before it parses it. */
const NEEDLES = 'createRealtime|defineRealtime|defineTable|defineResource|feature|quickback-realtime-ignore';

/** eslint takes minutes on the large projects, so it is not sampled as often as the others. */
const ESLINT_ROUNDS = 3;

/** A peak of memory hardly differs from one run to the next. */
const MEMORY_ROUNDS = 3;

/** How often the newsroom is copied to make a workspace of many projects. */
const NEWSROOMS = 500;

/** The file of every project that is edited between two checks, and what is edited in it. */
const EDITED = 'quickback/features/account-actions/account-actions.ts';
const BEFORE = "    fields: [\n      'id',\n";

/** The floor: programs that only find and read the files. */
function floor(bench) {
  return {
    'rg -l': [bench.tool('rg'), '-l', NEEDLES],
    'read all bytes': [bench.tool('rg'), '--count', '--no-mmap', '^'],
  };
}

/** The programs, each as it is called in the project's folder. */
function contestants(bench) {
  return {
    [OURS]: [bench.binary, '--check', '--no-cache', '--no-generated', '--quiet'],
    oxlint: [bench.tool('oxlint'), '--quiet'],
    'biome lint': [bench.tool('biome'), 'lint', '--diagnostic-level=error', '.'],
    'tsc --noEmit': [bench.tool('tsc'), '--noEmit', '-p', '.'],
    ...floor(bench),
  };
}

function eslint(bench) {
  const config = join(bench.folder, 'eslint.config.mjs');
  return [process.execPath, bench.tool('eslint'), '--quiet', '--config', config, '.'];
}

export default async function check(bench) {
  for (const size of bench.sizes) {
    const cwd = await bench.project(size);
    await cold(bench, size, cwd);
    await changed(bench, size, cwd);
    await generated(bench, size);
  }
  await manyProjects(bench);
}

/** A process that knows nothing of earlier ones, on a disk that is read already. */
async function cold(bench, size, cwd) {
  const timed = (command) => async () => (await bench.command(command, { cwd })).milliseconds;
  const samples = await bench.inTurn(mapped(contestants(bench), timed));
  const slow = await bench.inTurn({ eslint: timed(eslint(bench)) }, Math.min(bench.rounds, ESLINT_ROUNDS));
  bench.add('check, cold process', 'ms', { ...samples, ...slow }, {
    size,
    goal: 'no slower than oxlint; 10× faster than tsc and biome; within 3× of rg',
  });
  const peak = (command) => () => bench.peakMemory(command, { cwd });
  const memory = await bench.inTurn(mapped(contestants(bench), peak), Math.min(bench.rounds, MEMORY_ROUNDS));
  bench.add('check, peak memory', 'MB', memory, { size, goal: 'under 150 MB' });
}

/** A check after another, with a cache: after one file has changed, and after none has. */
async function changed(bench, size, cwd) {
  await bench.temporary(async (cache) => {
    const file = join(cwd, EDITED);
    const text = await readFile(file, 'utf8');
    if (!text.includes(BEFORE)) throw new Error(`${EDITED} is not what this measure edits`);
    const ours = [bench.binary, '--check', '--cache-dir', cache, '--no-generated', '--quiet'];
    const timed = (command) => async () => (await bench.command(command, { cwd })).milliseconds;
    let round = 0;
    const edited = async () => {
      round += 1;
      await writeFile(file, text.replace(BEFORE, `${BEFORE}      'modifiedAt', // ${round}\n`));
      return timed(ours)();
    };
    try {
      await bench.command(ours, { cwd });
      const samples = await bench.inTurn({ [OURS]: edited, ...mapped(floor(bench), timed) });
      bench.add('check, one file changed', 'ms', samples, { size, goal: 'within 1.5× of the floor' });
      const same = await bench.inTurn({ [OURS]: timed(ours), ...mapped(floor(bench), timed) });
      bench.add('check, nothing changed', 'ms', same, { size });
    } finally {
      await writeFile(file, text);
    }
  });
}

/** A project whose files have been generated, and are compared; the others read them like any file. */
async function generated(bench, size) {
  await bench.temporary(async (cwd) => {
    await writeProject(size, cwd);
    await bench.command([bench.binary, 'generate', '.'], { cwd });
    const timed = (command) => async () => (await bench.command(command, { cwd })).milliseconds;
    const { oxlint } = contestants(bench);
    const ours = [bench.binary, '--check', '--no-cache', '--quiet'];
    const samples = await bench.inTurn(mapped({ [OURS]: ours, oxlint, ...floor(bench) }, timed));
    bench.add('check, with generated files', 'ms', samples, { size });
  });
}

/** A workspace of many small projects. */
async function manyProjects(bench) {
  await bench.temporary(async (folder) => {
    const count = bench.quick ? 3 : NEWSROOMS;
    for (let index = 0; index < count; index++) {
      const project = join(folder, `packages/newsroom-${index}`);
      await mkdir(project, { recursive: true });
      await cp(join(bench.folder, '../fixtures/newsroom'), project, { recursive: true });
    }
    const timed = (command) => async () => (await bench.command(command, { cwd: folder })).milliseconds;
    const { [OURS]: ours, oxlint } = contestants(bench);
    const samples = await bench.inTurn(mapped({ [OURS]: ours, oxlint, ...floor(bench) }, timed));
    bench.add(`check, ${count} projects in one folder`, 'ms', samples);
  });
}

/** An object with the same keys, and what `change` makes of the values. */
function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
