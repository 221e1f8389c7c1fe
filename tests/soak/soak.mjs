// A busy user at one language server: soak.mjs SECONDS SEED push|pull. What must hold is thrown if
// it does not; the numbers are printed as they come and once more at the end.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from './client.mjs';
import { latency, median, probe } from './measure.mjs';
import { branch } from './project.mjs';
import { Shadow, compare } from './quiet.mjs';
import { random } from './random.mjs';
import { User } from './user.mjs';

/** By how much memory may grow from the second third of a session to the last. */
const GROWTH = 1.1;
/** How much slower the last third may be than the first, in processor time. */
const SLOWER = 1.5;
/** The clock of /proc: shorter times are all alike. */
const TICK = 10;
/** So many quiet points are needed to judge, some ten minutes; before that caches and the heap still fill. */
const ENOUGH = 300;
/** How much is done between two quiet points. */
const STEPS = 60;
/** How often the numbers are printed, in quiet points. */
const REPORT = 20;

const CAPABILITIES = {
  push: {},
  pull: {
    textDocument: { diagnostic: { dynamicRegistration: true } },
    workspace: { diagnostics: { refreshSupport: true } },
  },
};

function capabilities(mode) {
  const { textDocument, workspace } = CAPABILITIES[mode];
  return {
    general: { positionEncodings: ['utf-16'] },
    textDocument: { ...textDocument, completion: { completionItem: { snippetSupport: true } } },
    workspace: { ...workspace, didChangeWatchedFiles: { dynamicRegistration: true }, workspaceEdit: { documentChanges: true } },
    window: { workDoneProgress: true },
    experimental: { quickbackStatus: true, quickbackPreview: true },
  };
}

function show(mode, samples, done, compared) {
  const { typed, hover, completion, cpu, memory, threads } = samples.at(-1);
  const actions = Object.values(done).reduce((sum, count) => sum + count, 0);
  console.log(`${mode}: ${actions} actions, ${samples.length} quiet points, ${compared.documents} documents and ${compared.findings} findings compared; `
    + `${(memory / 1024).toFixed(0)} MiB, ${threads} threads; typed ${typed.toFixed(1)} ms, hover ${hover.toFixed(1)} ms, `
    + `completion ${completion.toFixed(1)} ms, ${cpu.toFixed(1)} ms of processor a round`);
}

/** Fails if memory grew or answers became slower. */
function judge(mode, samples) {
  if (samples.length < ENOUGH) {
    console.log(`${mode}: too short to judge memory and times, for which ${ENOUGH} quiet points are needed`);
    return;
  }
  const third = Math.floor(samples.length / 3);
  const part = (index, what) => median(samples.slice(third * index, third * (index + 1)).map((sample) => sample[what]));
  const numbers = ['memory', 'cpu', 'typed', 'hover', 'completion'].map((what) => {
    const thirds = [0, 1, 2].map((index) => part(index, what).toFixed(1));
    return `  ${what}: ${thirds.join(', ')}`;
  });
  console.log(`${mode}: medians of the first, second and last third (KiB, ms)\n${numbers.join('\n')}`);
  const [middle, last] = [part(1, 'memory'), part(2, 'memory')];
  if (last > middle * GROWTH) throw new Error(`memory grew from ${middle} to ${last} KiB`);
  const [first, end] = [part(0, 'cpu'), part(2, 'cpu')];
  if (end > first * SLOWER + TICK) throw new Error(`a round took ${first} ms of processor at first and ${end} ms at the end`);
}

async function soak(seconds, seed, mode, program) {
  const work = mkdtempSync(join(tmpdir(), 'quickback-realtime-soak-'));
  const folders = ['project', 'shadow'].map((name) => join(work, name));
  for (const folder of folders) mkdirSync(folder);
  const client = new Client(program, folders[0]);
  const chance = random(seed);
  const user = new User({ client, root: folders[0], branches: [0, 1].map((which) => branch(which).set(probe.path, probe.text)), random: chance, pulls: mode === 'pull', kept: probe.path });
  const shadow = new Shadow(program, folders[1]);
  const samples = [];
  const compared = { documents: 0, findings: 0 };
  try {
    user.write(user.branches[0]);
    await client.initialize(pathToFileURL(folders[0]), capabilities(mode));
    user.openFile(probe.path);
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      for (let step = 0; step < STEPS; step += 1) {
        await user.act();
        if (user.questions.size > 8) await Promise.race(user.questions);
      }
      const { documents, findings } = await compare(user, shadow);
      compared.documents += documents;
      compared.findings += findings;
      samples.push(await latency(user));
      if (user.failures.length > 0) throw new Error(`questions failed:\n${user.failures.join('\n')}`);
      if (client.log.includes('this is a bug')) throw new Error('the server had to catch a panic');
      if (samples.length % REPORT === 0) show(mode, samples, user.done, compared);
    }
    show(mode, samples, user.done, compared);
    console.log(`${mode}: ${Object.entries(user.done).map(([what, count]) => `${what} ${count}`).join(', ')}`);
    judge(mode, samples);
    const code = await client.end();
    if (code !== 0) throw new Error(`the server ended with ${code}`);
  } catch (error) {
    const log = client.log ? `\nthe server's log ends:\n${client.log.slice(-4000)}` : '';
    throw new Error(`${mode}, seed ${seed}, quiet point ${samples.length + 1}: ${error.message}${log}`, { cause: error });
  } finally {
    client.child.kill();
    rmSync(work, { recursive: true, force: true });
  }
}

const [seconds, seed, mode] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
await soak(seconds, seed, mode, process.env.SERVER);
