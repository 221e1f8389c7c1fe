// What a measure works with: projects, programs, samples taken in turn, and rows of the table.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeProject } from '../project.mjs';
import { Summary } from './summary.mjs';

/** The contestant that all ratios are relative to. */
export const OURS = 'quickback-realtime';

/** How much of what a program said is kept, for when it fails. */
const KEPT_OUTPUT = 4000;

/** A run of the bench. */
export class Bench {
  /** The rows of the table, in the order in which they were measured. */
  rows = [];

  /**
   * @param {{ quick: boolean, sizes: number[], rounds: number, folder: string, cache: string,
   *   binary: string }} options
   */
  constructor({ quick, sizes, rounds, folder, cache, binary }) {
    /** Whether only the scripts themselves are tried. */
    this.quick = quick;
    /** The sizes of projects to measure, in features. */
    this.sizes = sizes;
    /** How many samples of each contestant are wanted. */
    this.rounds = rounds;
    /** The path of `tests/bench`. */
    this.folder = folder;
    /** The path of the folder in which projects are kept. */
    this.cache = cache;
    /** The path of our binary. */
    this.binary = binary;
  }

  /** The path of a program that npm installed: `oxlint`, `biome`, `tsc` (TypeScript 7), `eslint`, `rg`. */
  tool(name) {
    const modules = join(this.folder, 'node_modules');
    const platform = `${process.platform}-${process.arch}`;
    // Native programs are called without their starter in JavaScript, which only costs them time.
    const native = {
      tsc: `@typescript/typescript-${platform}/lib/tsc`,
      biome: `@biomejs/cli-${platform}/biome`,
      rg: `@vscode/ripgrep-${platform}/bin/rg`,
    };
    const path = join(modules, native[name] ?? `.bin/${name}`);
    if (!existsSync(path)) throw new Error(`${name} is not at ${path}`);
    return path;
  }

  /**
   * The folder of a project of so many features, with the configurations that the peers need. It
   * is made once for each size; whoever changes a file in it puts it back.
   */
  async project(features, seed = 1) {
    const folder = join(this.cache, `features-${features}-seed-${seed}`);
    const mark = join(folder, 'node_modules/.whole');
    const made = await stamp(this.folder);
    if (!existsSync(mark) || (await readFile(mark, 'utf8')) !== made) {
      await writeProject(features, folder, seed);
      await writeFile(mark, made);
    }
    return folder;
  }

  /** A folder of this measure alone; `work` gets its path, and it is gone afterwards. */
  async temporary(work) {
    const folder = await mkdtemp(join(tmpdir(), 'quickback-realtime-bench-'));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /**
   * Runs a program to its end.
   *
   * @param {string[]} command The program and its arguments.
   * @param {{ cwd?: string, env?: object, ends?: number[] }} options `ends`: the exit statuses of a
   *   run that did its work (default: 0).
   * @returns {Promise<{ milliseconds: number, stdout: string }>} The time from its start to its end.
   */
  async command(command, { cwd, env, ends = [0] } = {}) {
    const [program, ...args] = command;
    const started = process.hrtime.bigint();
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = [child.stdout, child.stderr].map(async (stream) => {
      let text = '';
      for await (const chunk of stream.setEncoding('utf8')) text = (text + chunk).slice(-KEPT_OUTPUT);
      return text;
    });
    const status = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? signal));
    });
    const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
    const [stdout, stderr] = await Promise.all(output);
    if (!ends.includes(status)) {
      throw new Error(`${command.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
    }
    return { milliseconds, stdout };
  }

  /** The peak of a program's resident memory, in megabytes (10⁶ bytes); its children's, if larger. */
  async peakMemory(command, options = {}) {
    return this.temporary(async (folder) => {
      const file = join(folder, 'peak');
      await this.command([process.env.GNU_TIME, '--quiet', '-f', '%M', '-o', file, ...command], options);
      // GNU time counts in units of 1,024 bytes.
      return (Number(await readFile(file, 'utf8')) * 1024) / 1e6;
    });
  }

  /**
   * Takes samples of all contestants in turn, so that what else happens on the machine happens to
   * all of them; the first round only warms up and is not counted.
   *
   * @param {Record<string, () => Promise<number>>} contestants
   * @returns {Promise<Record<string, number[]>>}
   */
  async inTurn(contestants, rounds = this.rounds) {
    const samples = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
    for (let round = this.quick ? 1 : 0; round <= rounds; round++) {
      for (const [name, sample] of Object.entries(contestants)) {
        const value = await sample();
        if (round > 0) samples[name].push(value);
      }
    }
    return samples;
  }

  /**
   * Adds rows to the table: one for each contestant.
   *
   * @param {string} measure What was measured.
   * @param {string} unit Of the samples: `ms`, `MB`, `messages/s`.
   * @param {Record<string, number[]>} samples By contestant; `OURS` is among them.
   * @param {{ size?: number, goal?: string }} options `size` in features; `goal` as it is promised.
   */
  add(measure, unit, samples, { size, goal } = {}) {
    const ours = new Summary(samples[OURS]);
    for (const [contestant, values] of Object.entries(samples)) {
      const summary = new Summary(values);
      this.rows.push({
        measure,
        size,
        contestant,
        unit,
        median: summary.median,
        p5: summary.quantile(0.05),
        p95: summary.quantile(0.95),
        p99: summary.quantile(0.99),
        // Above 1: they take so many times of what we take.
        ratio: summary.median / ours.median,
        goal: contestant === OURS ? goal : undefined,
        samples: values,
      });
    }
  }
}

/** What a written project depends on: a hash of the generator's own sources. */
async function stamp(folder) {
  const hash = createHash('sha256');
  const files = ['project.mjs', ...(await readdir(join(folder, 'project'))).sort().map((file) => `project/${file}`)];
  for (const file of files) hash.update(await readFile(join(folder, file)));
  return hash.digest('hex');
}
