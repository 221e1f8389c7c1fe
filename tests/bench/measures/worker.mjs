// The realtime worker in workerd: what a broadcast costs against workers written in JavaScript,
// and what the worker weighs and how long it takes to start against workers-rs' hello world.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { OURS } from '../frame/bench.mjs';
import { Contender } from '../worker/fanout.mjs';
import { Worker } from '../worker/start.mjs';

const PAYLOADS = { '300 B': 300, '10 KB': 10_000 };
const ROLE_SETS = [1, 10];

export default async function (bench) {
  const { stdout } = await bench.command([join(bench.folder, 'worker/build')]);
  const folder = stdout.trim().split('\n').at(-1);
  await size(bench, folder);
  await start(bench, folder);
  await fanOut(bench, folder);
}

async function size(bench, folder) {
  const kilobytes = (name) => gzipSync(readFileSync(join(folder, name, 'index_bg.wasm')), { level: 9 }).length / 1e3;
  const samples = { [OURS]: [kilobytes('broadcaster')], 'workers-rs hello world': [kilobytes('hello')] };
  bench.add('worker: wasm, gzip', 'KB', samples, { goal: 'at most 1.5×: ratio at least 0.67' });
}

async function start(bench, folder) {
  const sample = (name, options) => async () => {
    const worker = await Worker.start(join(folder, name), options);
    await worker.stop();
    return worker.startedMs;
  };
  const samples = await bench.inTurn({
    [OURS]: sample('broadcaster'),
    'workers-rs hello world': sample('hello', { hasObject: false }),
    'JavaScript by hand': sample('plain'),
  });
  bench.add('worker: start of workerd to first answer', 'ms', samples, { goal: 'at most 1.5×: ratio at least 0.67' });
}

const CONTENDERS = { [OURS]: 'broadcaster', 'JavaScript by hand': 'plain', partyserver: 'party' };

/** The clients hold 15,000 sockets then, and each worker two files for each of its 5,000: systems give a process 20,000. */
const SOCKETS = [1_000, 5_000];

async function fanOut(bench, folder) {
  for (const sockets of bench.quick ? [50] : SOCKETS) {
    const samples = Object.fromEntries(Object.keys(PAYLOADS).map((payload) => [payload, {}]));
    // First with one role set and then with ten, twice where there is time.
    for (let pass = 0; pass < (bench.quick ? 1 : 2); pass += 1) {
      for (const roleSets of ROLE_SETS) await phase(bench, folder, sockets, roleSets, samples);
    }
    for (const payload of Object.keys(PAYLOADS)) report(bench, sockets, payload, samples[payload]);
  }
}

/** All contenders in turn, each freshly started: not all of them let go of clients that are gone. */
async function phase(bench, folder, sockets, roleSets, samples) {
  const contenders = {};
  try {
    for (const [name, at] of Object.entries(CONTENDERS)) {
      contenders[name] = await Contender.start(join(folder, at));
      await contenders[name].connect(sockets, roleSets);
    }
    for (const [payload, bytes] of Object.entries(PAYLOADS)) {
      for (const [name, taken] of Object.entries(await bursts(bench, contenders, bytes))) {
        (samples[payload][`${roleSets} ${name}`] ??= []).push(...taken);
      }
    }
  } finally {
    for (const contender of Object.values(contenders)) await contender.stop();
  }
}

/** Bursts of all contenders in turn, the first of each left out: it warmed up. */
async function bursts(bench, contenders, bytes) {
  const taken = {};
  for (const [name, contender] of Object.entries(contenders)) {
    await contender.check(bytes);
    taken[name] = [];
  }
  // A burst has two results, so they are collected here.
  const burst = ([name, contender]) => [name, async () => taken[name].push(await contender.burst(bytes))];
  await bench.inTurn(Object.fromEntries(Object.entries(contenders).map(burst)));
  if (!bench.quick) for (const all of Object.values(taken)) all.shift();
  return taken;
}

function report(bench, sockets, payload, samples) {
  const of = (roleSets, name) => samples[`${roleSets} ${name}`];
  const result = (roleSets, key) => Object.fromEntries(Object.keys(CONTENDERS).map((name) => [name, of(roleSets, name).map((sample) => sample[key])]));
  for (const roleSets of ROLE_SETS) {
    const what = `fan-out: ${sockets.toLocaleString('en')} sockets, ${roleSets} role ${roleSets === 1 ? 'set' : 'sets'}, ${payload}`;
    bench.add(what, 'messages/s', result(roleSets, 'perSecond'), { goal: 'no more than ours: ratios at most 1' });
    bench.add(`${what}, processor`, 'µs/message', result(roleSets, 'processorUs'));
  }
  const times = (roleSets) => of(roleSets, OURS).map(({ perSecond }) => 1e6 / perSecond);
  const what = `fan-out: ${sockets.toLocaleString('en')} sockets, ${payload}, 10 role sets against 1`;
  bench.add(what, 'µs/message', { [OURS]: times(10), 'ours, 1 role set': times(1) }, { goal: '10 cost at most 1.2×: ratio at least 0.83' });
}
