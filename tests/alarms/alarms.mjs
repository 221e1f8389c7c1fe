// Checks the TypeScript of public packages as if each were a project of Quickback's: it holds
// nothing of ours, so whatever is found is a false alarm. Then again with realtime switched on for
// every drizzle table: what is found then is in expected.txt, line by line, each read and true.
//
//   alarms.mjs BINARY CACHE WORK [--write]      --write puts what is found into expected.txt

import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { list, unpacked } from './packages.mjs';
import { project, schemas, wrap } from './projects.mjs';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const [binary, cache, work, option] = process.argv.slice(2);
const EXPECTED = join(here, 'expected.txt');
/** How long one check may take on a busy machine, in milliseconds. */
const PATIENCE = 120_000;
/** Folders that are taken for build output, unless they hold definitions. */
const BUILD_OUTPUT = /(^|\/)(dist|build|out|coverage|target)\//;
const SCHEMA = 'quickback/definitions/schema/package';

/** Runs the check of a project; answers its report and what is wrong with how it ended. */
async function check(root) {
  const wrong = [];
  const options = { cwd: root, timeout: PATIENCE, maxBuffer: 1 << 28 };
  const end = await run(binary, ['--check', '.', '--no-cache', '--format', 'json'], options).catch((error) => error);
  const code = end.code ?? 0;
  if (code !== 0 && code !== 1) wrong.push(`ended with ${end.signal ?? code}: ${end.stderr}`);
  else if (end.stderr) wrong.push(`said: ${end.stderr}`);
  return { report: wrong.length > 0 ? undefined : JSON.parse(end.stdout), wrong };
}

/** A project of a package that must be free of findings, and of which every file is looked at. */
async function silent(source, root, place, isRead = () => true) {
  const files = project(root, source, place).filter(isRead).length;
  const { report, wrong } = await check(root);
  if (!report) return { files, wrong };
  for (const { file, code, message, range } of report.diagnostics) {
    wrong.push(`a false alarm: ${file}:${range.start.line} ${code} ${message}`);
  }
  // The configuration is looked at too.
  const looked = report.summary.files - 1;
  if (looked !== files) wrong.push(`${files} files under ${place}, of which ${looked} were looked at`);
  return { files, wrong };
}

/** The findings once the tables of one schema file are realtime tables. */
async function wrapped(source, root, schema) {
  project(root, source, SCHEMA);
  wrap(root, SCHEMA, schema);
  const { report, wrong } = await check(root);
  if (!report) return { findings: [], wrong };
  if (report.summary.tables !== schema.tables.length) wrong.push(`${schema.path}: ${report.summary.tables} of ${schema.tables.length} tables were found`);
  const findings = report.diagnostics.map(({ file, code, message }) => {
    const where = file.startsWith('quickback/features/wrapped/') ? '' : ` in ${file}`;
    return `${schema.path}${where} ${code} ${message.split('\n')[0]}`;
  });
  return { findings, wrong };
}

async function one(entry) {
  const source = await unpacked(entry, cache);
  const root = (name) => {
    const folder = join(work, entry.key, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const definitions = await silent(source, root('definitions'), 'quickback/features');
  const sources = await silent(source, root('sources'), 'src', (path) => !BUILD_OUTPUT.test(path));
  const tables = [];
  for (const [index, schema] of schemas(source).entries()) tables.push(await wrapped(source, root(`tables-${index}`), schema));
  if (definitions.files === 0) definitions.wrong.push('the package ships no TypeScript');
  return {
    files: definitions.files,
    sources: sources.files,
    tables: schemas(source).reduce((sum, schema) => sum + schema.tables.length, 0),
    findings: tables.flatMap(({ findings }) => findings).map((finding) => `${entry.spec} ${finding}`),
    wrong: [definitions, sources, ...tables].flatMap(({ wrong }) => wrong).map((text) => `${entry.spec} ${text}`),
  };
}

const waiting = list(join(here, 'packages.txt'));
const order = waiting.map(({ spec }) => spec);
const results = new Map();
mkdirSync(cache, { recursive: true });
await Promise.all(Array.from({ length: Math.max(availableParallelism(), 4) }, async () => {
  for (let entry = waiting.shift(); entry; entry = waiting.shift()) results.set(entry.spec, await one(entry));
}));
const all = order.map((spec) => results.get(spec));
const sum = (what) => all.reduce((total, result) => total + result[what], 0);
const findings = all.flatMap((result) => result.findings);
const wrong = all.flatMap((result) => result.wrong);

const known = readFileSync(EXPECTED, 'utf8').split('\n');
const heading = known.filter((line) => line.startsWith('#'));
if (option === '--write') writeFileSync(EXPECTED, `${[...heading, ...findings].join('\n')}\n`);
const expected = new Set(option === '--write' ? findings : known.filter((line) => line && !line.startsWith('#')));
for (const finding of findings) if (!expected.delete(finding)) wrong.push(`not in expected.txt: ${finding}`);
for (const finding of expected) wrong.push(`not found any more: ${finding}`);
for (const text of wrong) console.error(text);
console.log(`${all.length} packages, ${sum('files')} files of TypeScript as definitions and ${sum('sources')} as other sources; ${sum('tables')} drizzle tables with ${findings.length} findings`);
if (wrong.length > 0) {
  console.error(`${wrong.length} surprises`);
  process.exitCode = 1;
}
