// Runs the measures of `measures/`, prints one table of them and writes it as JSON. `run` installs
// what this needs; how a measure is written is in README.md.

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { Bench } from './frame/bench.mjs';
import { table } from './frame/table.mjs';

const HERE = import.meta.dirname;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    sizes: { type: 'string' },
    rounds: { type: 'string' },
    out: { type: 'string', default: join(HERE, '.out/bench.json') },
  },
});

const numbers = (list) => list.split(',').map(Number);

const bench = new Bench({
  quick: values.quick,
  sizes: values.sizes ? numbers(values.sizes) : values.quick ? [20] : [100, 1000, 5000],
  rounds: values.rounds ? Number(values.rounds) : values.quick ? 1 : 10,
  folder: HERE,
  cache: process.env.BENCH_PROJECTS,
  binary: process.env.QUICKBACK_REALTIME_BIN,
});

const wanted = values.only?.split(',');
const names = (await readdir(join(HERE, 'measures')))
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -'.mjs'.length))
  .sort();
const unknown = (wanted ?? []).filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`there is no measure ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exit(2);
}

const chosen = names.filter((name) => wanted?.includes(name) ?? true);
for (const name of chosen) {
  console.error(`== ${name}`);
  const { default: measure } = await import(`./measures/${name}.mjs`);
  await measure(bench);
}

const report = {
  date: new Date().toISOString().slice(0, 10),
  machine: {
    processors: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memory: totalmem(),
    node: process.version,
  },
  command: ['tests/bench/run', ...process.argv.slice(2)].join(' '),
  rows: bench.rows,
};
console.log(table(report));
const out = resolve(values.out);
await mkdir(dirname(out), { recursive: true });
await writeFile(out, `${JSON.stringify(report, null, 2)}\n`);
console.error(`written to ${out}`);
