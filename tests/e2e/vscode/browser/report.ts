// The steps of a walk: what was done, how long it took, and what it looked like.

import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { need } from './workbench.ts';

// What has just appeared may still be moving.
const SETTLE_MS = 400;

export class Report {
  private readonly page: Page;
  private passed = 0;
  private failed = 0;
  private shots = 0;

  constructor(page: Page) {
    this.page = page;
  }

  /** One step, with a screenshot of its end. */
  async step(title: string, name: string, body: () => Promise<void>): Promise<void> {
    const begin = Date.now();
    try {
      await body();
    } catch (error) {
      this.failed += 1;
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.say(`    FAIL  ${title}\n${text.replace(/^/gm, '          ')}`);
      await this.shoot('failed');
      throw new Failed();
    }
    this.passed += 1;
    this.say(`    ok    ${title} (${Date.now() - begin} ms)`);
    await this.shoot(name);
  }

  async shoot(name: string): Promise<void> {
    this.shots += 1;
    await this.page.waitForTimeout(SETTLE_MS);
    await this.page.screenshot({ path: join(need('SCREENSHOTS'), `${String(this.shots).padStart(2, '0')}-${name}.png`) });
  }

  /** Runs the steps up to the first that fails, and writes the totals. */
  async run(steps: () => Promise<void>): Promise<void> {
    try {
      await steps();
    } catch (error) {
      if (!(error instanceof Failed)) {
        throw error;
      }
    }
    this.say(`${this.passed} ${this.failed}`);
  }

  /** Kills the language server of this run, which is the one in this run's extensions folder. */
  killServer(): void {
    const folder = need('EXTENSIONS');
    for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      let command: string;
      try {
        command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      } catch {
        // It has ended in the meantime.
        continue;
      }
      const [program = '', first] = command.split('\0');
      if (program.startsWith(folder) && first === 'lsp') {
        process.kill(Number(name), 'SIGKILL');
        return;
      }
    }
    throw new Error(`no server runs from ${folder}`);
  }

  private say(line: string): void {
    appendFileSync(need('WALK_RESULT'), `${line}\n`);
  }
}

/** A step failed, and has said so. */
class Failed extends Error {}
