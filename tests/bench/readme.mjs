// Puts what `tests/bench/run` has measured into the README, between its two marks: one line for
// each measure and size, ours first.
//
//   node tests/bench/readme.mjs [FILE]     FILE: the JSON of a run (default: .out/bench.json)

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { OURS } from './frame/bench.mjs';
import { headline, short } from './frame/table.mjs';

const HERE = import.meta.dirname;
const README = join(HERE, '../../README.md');
const [BEGIN, END] = ['<!-- bench -->\n', '<!-- /bench -->\n'];

/** What only explains another line. */
const LEFT_OUT = /, processor$/;

const report = JSON.parse(await readFile(process.argv[2] ?? join(HERE, '.out/bench.json'), 'utf8'));
const lines = new Map();
for (const row of report.rows.filter((row) => !LEFT_OUT.test(row.measure))) {
  const key = JSON.stringify([row.measure, row.size]);
  lines.set(key, [...(lines.get(key) ?? []), row]);
}
const cells = [...lines.values()].map((rows) => {
  const ours = rows.find((row) => row.contestant === OURS);
  const others = rows.filter((row) => row !== ours);
  const other = (row) => `${row.contestant} ${shown(row.median, row)} (${ratio(row.ratio)})`;
  const p99 = ours.samples.length >= 100 ? `, p99 ${shown(ours.p99, ours)}` : '';
  return [
    ours.measure,
    ours.size?.toLocaleString('en') ?? '',
    `${shown(ours.median, ours)}${p99}`,
    others.map(other).join(', '),
    ours.goal ?? '',
  ];
});
const heads = ['measure, median', 'features', 'ours', 'others (and what they take of ours)', 'goal'];
const text = [
  headline(report),
  '',
  `| ${heads.join(' | ')} |`,
  `|${'---|'.repeat(heads.length)}`,
  ...cells.map((line) => `| ${line.join(' | ')} |`),
  '',
].join('\n');
const readme = await readFile(README, 'utf8');
const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
if (begin < 0 || end < begin) throw new Error(`${README} lacks ${BEGIN.trim()} and ${END.trim()}`);
await writeFile(README, readme.slice(0, begin + BEGIN.length) + text + readme.slice(end));

function shown(number, { unit }) {
  return `${short(number)} ${unit}`;
}

function ratio(value) {
  return `${value >= 10 ? short(Math.round(value)) : value.toPrecision(2)}×`;
}
