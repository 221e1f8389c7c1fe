// Compares what the tool reads in projects made at random with what running them says.
//
//   executed.mjs BINARY WORK SECONDS PROJECTS SEED [PROJECT]

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { known } from './known.mjs';
import { examine } from './one.mjs';
import { program } from './program.mjs';
import { Tally, failure } from './report.mjs';
import { shrink } from './shrink.mjs';

const [binary, work, seconds, projects, seed, only] = process.argv.slice(2);
/** How many failures are made small and printed; more of them are counted only. */
const MOST = Number(process.env.EXECUTED_FAILURES ?? 5);
const until = Date.now() + Number(seconds) * 1000;
const avoided = new Set(process.env.EXECUTED_KNOWN === '1' ? [] : known.map(([idiom]) => idiom));
const tally = new Tally();
const seen = new Set();
let next = 0;
let failed = 0;

async function worker(folder) {
  for (;;) {
    const project = only ?? `${seed}.${next++}`;
    await one(project, folder);
    if (only || next >= Number(projects) || Date.now() >= until) return;
  }
}

async function one(project, folder) {
  const whole = program(project, { avoided });
  const result = await examine(binary, folder, whole);
  tally.count(whole, result);
  const { problems } = result;
  if (problems.length === 0) return;
  failed += 1;
  if (seen.size >= MOST) return;
  const { kind } = problems[0];
  const fails = ({ problems: found }) => found.some((problem) => problem.kind === kind);
  const attempt = async (plain) => {
    const smaller = program(project, { plain, avoided });
    return fails(await examine(binary, folder, smaller)) ? smaller.choices.made : undefined;
  };
  const small = program(project, { plain: await shrink(attempt), avoided });
  const signature = `${kind}: ${[...small.used].sort().join(', ')}`;
  if (seen.has(signature)) return;
  seen.add(signature);
  console.log(failure(project, signature, small, await examine(binary, folder, small)));
}

const workers = only ? 1 : Math.max(2, Math.min(availableParallelism(), 4));
await Promise.all(Array.from({ length: workers }, (_, index) => worker(join(work, `${index}`))));
console.log(tally.text());
if (failed > 0) {
  console.error(`${failed} projects are not read as they run`);
  process.exitCode = 1;
}
