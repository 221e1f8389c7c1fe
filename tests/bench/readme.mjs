// Puts what `tests/bench/run` has measured into the README, between its two marks: a table for each
// run, one line for each measure and size, ours first.
//
//   node tests/bench/readme.mjs [FILE...]     FILE: the JSON of a run (default: .out/bench.json)

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { OURS } from './frame/bench.mjs';
import { headline, short } from './frame/table.mjs';

const HERE = import.meta.dirname;
const README = join(HERE, '../../README.md');
const [BEGIN, END] = ['<!-- bench -->\n', '<!-- /bench -->\n'];

/** What only explains another line. */
const LEFT_OUT = /, processor$/;

const heads = ['measure, median', 'features', 'ours', 'others (and what they take of ours)', 'goal'];
const files = process.argv.length > 2 ? process.argv.slice(2) : [join(HERE, '.out/bench.json')];
const tables = [];
for (const file of files) tables.push(table(JSON.parse(await readFile(file, 'utf8'))));
const text = tables.join('\n');
const readme = await readFile(README, 'utf8');
const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
if (begin < 0 || end < begin) throw new Error(`${README} lacks ${BEGIN.trim()} and ${END.trim()}`);
await writeFile(README, readme.slice(0, begin + BEGIN.length) + text + readme.slice(end));

function table(report) {
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
  return [
    headline(report),
    '',
    `| ${heads.join(' | ')} |`,
    `|${'---|'.repeat(heads.length)}`,
    ...cells.map((line) => `| ${line.join(' | ')} |`),
    '',
  ].join('\n');
}

function shown(number, { unit }) {
  return `${short(number)} ${unit}`;
}

function ratio(value) {
  return `${value >= 10 ? short(Math.round(value)) : value.toPrecision(2)}×`;
}
