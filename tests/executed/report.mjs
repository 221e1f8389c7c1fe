// What is printed.

/** In how many projects an idiom has to be before something is said of it. */
const ENOUGH = 5;

/** How many projects compared how, and by which idioms they were closed or stopped. */
export class Tally {
  #verdicts = new Map();
  #idioms = new Map();

  count({ used }, { verdict }) {
    this.#verdicts.set(verdict, (this.#verdicts.get(verdict) ?? 0) + 1);
    if (verdict === 'does not run') return;
    for (const idiom of used) {
      const counts = this.#idioms.get(idiom) ?? { equal: 0, all: 0 };
      counts.all += 1;
      if (verdict === 'equal') counts.equal += 1;
      this.#idioms.set(idiom, counts);
    }
  }

  text() {
    const all = [...this.#verdicts.values()].reduce((sum, count) => sum + count, 0);
    const each = (verdict) => this.#verdicts.get(verdict) ?? 0;
    const often = [...this.#idioms].filter(([, counts]) => counts.all >= ENOUGH);
    const never = often.filter(([, { equal }]) => equal === 0).sort(([, a], [, b]) => b.all - a.all);
    const others = often.filter(([, { equal }]) => equal > 0).sort(([, a], [, b]) => a.equal / a.all - b.equal / b.all);
    return [
      `${all} projects: ${each('equal')} read as they run, ${each('closed')} closed with a word, ${each('stopped')} stopped with one, ${each('does not run')} that do not run`,
      `never read: ${never.map(([name, counts]) => `${name} (${counts.all})`).join(', ')}`,
      `read with others that are not: ${others.map(([name, { equal, all: of }]) => `${name} (${equal} of ${of})`).join(', ')}`,
    ].join('\n');
  }
}

/** A project that fails, with everything that is needed to see why. */
export function failure(project, signature, { files }, { problems, dressed }) {
  const texts = [...files].filter(([path]) => path !== 'quickback-realtime.json' && path !== 'package.json' && path !== 'tsconfig.json');
  const findings = dressed?.findings ?? [];
  return [
    `\n== ${project}: ${signature}`,
    ...texts.map(([path, text]) => `//- ${path}\n${text}`),
    ...problems.map(({ kind, name, text, found, expected }) => [
      `${kind} ${name ?? ''} ${text ?? ''}`,
      found && `  generated: ${JSON.stringify(found)}`,
      expected && `  running:   ${JSON.stringify(expected)}`,
    ].filter(Boolean).join('\n')),
    ...findings.map(({ file, range, code, message }) => `  finding: ${file}:${range.start.line} ${code} ${message.split('\n')[0]}`),
    dressed?.stopped ? `  stopped: ${dressed.stopped}` : '',
  ].join('\n');
}
