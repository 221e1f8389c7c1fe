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

async function fanOut(bench, folder) {
  const contenders = {};
  for (const [name, at] of [[OURS, 'broadcaster'], ['JavaScript by hand', 'plain'], ['partyserver', 'party']]) {
    contenders[name] = await Contender.start(join(folder, at));
  }
  try {
    for (const sockets of bench.quick ? [50] : [1_000, 5_000]) {
      for (const contender of Object.values(contenders)) {
        for (const roleSets of ROLE_SETS) await contender.connect(sockets, roleSets);
      }
      for (const [payload, bytes] of Object.entries(PAYLOADS)) await one(bench, contenders, sockets, payload, bytes);
      for (const contender of Object.values(contenders)) contender.disconnect();
    }
  } finally {
    for (const contender of Object.values(contenders)) await contender.stop();
  }
}

/** All contenders with 1 and with 10 role sets, in turn. */
async function one(bench, contenders, sockets, payload, bytes) {
  const rows = {};
  const bursts = {};
  for (const [name, contender] of Object.entries(contenders)) {
    for (const roleSets of ROLE_SETS) {
      await contender.check(bytes, roleSets);
      const row = `${roleSets} ${name}`;
      rows[row] = [];
      bursts[row] = async () => {
        rows[row].push(await contender.burst(bytes, roleSets));
        return 0;
      };
    }
  }
  // A burst has two results, so they are collected here; the first round warmed up.
  await bench.inTurn(bursts);
  if (!bench.quick) for (const samples of Object.values(rows)) samples.shift();
  const result = (roleSets, key) => Object.fromEntries(Object.keys(contenders).map((name) => [name, rows[`${roleSets} ${name}`].map((sample) => sample[key])]));
  for (const roleSets of ROLE_SETS) {
    const what = `fan-out: ${sockets.toLocaleString('en')} sockets, ${roleSets} role ${roleSets === 1 ? 'set' : 'sets'}, ${payload}`;
    bench.add(what, 'messages/s', result(roleSets, 'perSecond'), { goal: 'no more than ours: ratios at most 1' });
    bench.add(`${what}, processor`, 'µs/message', result(roleSets, 'processorUs'));
  }
  const times = (roleSets) => rows[`${roleSets} ${OURS}`].map(({ perSecond }) => 1e6 / perSecond);
  const samples = { [OURS]: times(10), 'ours, 1 role set': times(1) };
  const what = `fan-out: ${sockets.toLocaleString('en')} sockets, ${payload}, 10 role sets against 1`;
  bench.add(what, 'µs/message', samples, { goal: '10 cost at most 1.2×: ratio at least 0.83' });
}
