// The entry of the tests in the extension host: mocha, run by its programmatic interface.

import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * Writes what a person reads into a file: the console of an extension host is shared with the
 * whole workbench. The last line holds the two numbers that `run` adds up.
 */
class FileReporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner) {
    super(runner);
    const say = (line: string): void => appendFileSync(process.env['QUICKBACK_REALTIME_TEST_RESULT'] ?? '', `${line}\n`);
    const totals = { passed: 0, failed: 0 };
    runner.on('suite', (suite) => {
      if (suite.title !== '') {
        say(`  ${suite.title}`);
      }
    });
    runner.on('pass', (test) => {
      totals.passed += 1;
      say(`    ok    ${test.title} (${test.duration ?? 0} ms)`);
    });
    runner.on('fail', (test, error: Error) => {
      totals.failed += 1;
      say(`    FAIL  ${test.title}\n${(error.stack ?? String(error)).replace(/^/gm, '          ')}`);
    });
    runner.on('end', () => say(`${totals.passed} ${totals.failed}`));
  }
}

const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, reporter: FileReporter });
// The suites register themselves, so mocha's functions must be there before they are loaded.
mocha.suite.emit('pre-require', globalThis, 'tests', mocha);

export async function run(): Promise<void> {
  switch (process.env['QUICKBACK_REALTIME_TEST_SUITE']) {
    case 'untrusted':
      await import('./untrusted.test.ts');
      break;
    case 'bare':
      await import('./bare.test.ts');
      break;
    case 'universal':
      await import('./universal.test.ts');
      break;
    case 'elsewhere':
      await import('./elsewhere.test.ts');
      break;
    default:
      await import('./trusted.ts');
  }
  mocha.grep(new RegExp(process.env['QUICKBACK_REALTIME_TEST_FILTER'] ?? ''));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) {
    throw new Error(`${failures} tests failed`);
  }
}
