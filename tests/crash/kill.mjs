// Kills `generate` and `--check --fix` with SIGKILL: at each system call that matters in turn, then
// at random times. After each, every file is whole, old or new, and the next run mends the rest.
//
//   kill.mjs PROGRAM WORK KILLS

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { assertSame, assertWhole, define, files, run, spoil } from './project.mjs';

const [program, work, kills] = [process.argv[2], process.argv[3], Number(process.argv[4])];
/** The calls that change what is on the disk. Before a file is filled it is made, so that the kill
 * before the first `write` is also the one after it was made. */
const CALLS = ['write', 'mkdir', 'mkdirat', 'rename', 'renameat', 'renameat2', 'link', 'linkat', 'unlink', 'unlinkat', 'rmdir',
  'fchmod', 'fchmodat', 'fsync', 'copy_file_range', 'sendfile', 'ftruncate'];
const FRESH = ['generate'];
const FIX = ['--check', '--fix', '--no-generated'];

/** What is killed: how the project stands before, and the states between which each file may be. */
function scenarios() {
  const root = join(work, 'model');
  const state = (make) => {
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root);
    make();
    return files(root);
  };
  const generate = () => run(program, FRESH, root);
  const bare = state(() => define(root, 0));
  const first = state(() => { define(root, 0); generate(); });
  const changed = state(() => { define(root, 0); generate(); define(root, 1); });
  const second = state(() => { define(root, 1); generate(); });
  const spoilt = state(() => { define(root, 0); spoil(root); });
  return [
    { name: 'a first generation', args: FRESH, before: bare, after: first, make: (to) => define(to, 0) },
    {
      name: 'a generation over another', args: FRESH, before: changed, after: second,
      make: (to) => { cpSync(join(work, 'generated'), to, { recursive: true }); define(to, 1); },
    },
    { name: 'fixing', args: FIX, before: spoilt, after: bare, make: (to) => { define(to, 0); spoil(to); } },
  ];
}

/** Runs a command to its end or to its death; answers whether it was killed. */
function killed(command, args, root, after) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'ignore' });
    const timer = after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), after);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL' || code === 137) resolve(true);
      else if (code === 0) resolve(false);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}`));
    });
  });
}

/** One kill and what follows; answers whether it came before the end. */
async function once({ name, args, before, after, make }, command, commandArgs, time, what) {
  const root = join(work, 'project');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  make(root);
  assertSame(files(root), before, `${name}, before`);
  const came = await killed(command, [...commandArgs, ...args], root, time);
  assertWhole(files(root), [before, after], `${name}, ${what}`);
  run(program, args, root);
  assertSame(files(root), after, `${name}, ${what}, after the next run`);
  return came;
}

const all = scenarios();
const generated = join(work, 'generated');
mkdirSync(generated);
define(generated, 0);
run(program, FRESH, generated);
for (const scenario of all) {
  let count = 0;
  for (const call of CALLS) {
    // A call that this kind of machine does not know is passed over.
    const strace = (number) => ['-f', '-qq', '-o', '/dev/null', '-e', `trace=?${call}`, '-e', `inject=?${call}:signal=SIGKILL:when=${number}`, program];
    let number = 1;
    while (await once(scenario, 'strace', strace(number), undefined, `killed at ${call} ${number}`)) number += 1;
    count += number - 1;
  }
  console.log(`${scenario.name}: killed at each of ${count} system calls`);
}
let [tries, hits] = [0, 0];
const began = performance.now();
await once(all[0], program, [], undefined, 'not killed');
const span = performance.now() - began;
while (hits < kills) {
  const scenario = all[tries % all.length];
  const time = Math.random() * span;
  if (await once(scenario, program, [], time, `killed after ${time} ms`)) hits += 1;
  tries += 1;
}
console.log(`killed ${hits} times of ${tries} at random`);
