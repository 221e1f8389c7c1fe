// A quiet point: what the editor shows is what a fresh check of the very same texts finds.

import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SEVERITIES = [undefined, 'error', 'warning', 'information', 'hint'];
/** How long findings may be on their way on a busy machine, in milliseconds. */
const PATIENCE = 120_000;
/** How long nothing may change after that, in milliseconds. */
const STAYS = 200;

export const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** A folder with the texts as the editor has them, unsaved ones included. */
export class Shadow {
  constructor(program, folder) {
    this.program = program;
    this.folder = folder;
    this.written = new Map();
  }

  /** The findings of a fresh check, by path. */
  async check(user) {
    const wanted = new Map(user.disk);
    for (const [path, { text }] of user.open) wanted.set(path, text);
    for (const path of this.written.keys()) {
      if (!wanted.has(path)) {
        rmSync(join(this.folder, path));
        this.written.delete(path);
      }
    }
    for (const [path, text] of wanted) {
      if (this.written.get(path) === text) continue;
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
      this.written.set(path, text);
    }
    const args = ['--check', '.', '--no-cache', '--no-generated', '--format', 'json'];
    const options = { cwd: this.folder, maxBuffer: 1 << 28 };
    const { stdout } = await run(this.program, args, options).catch((error) => {
      // 1 says that there are findings.
      if (error.code !== 1) throw error;
      return error;
    });
    const found = new Map();
    for (const { file, code, severity, message, help, range: { start, end } } of JSON.parse(stdout).diagnostics) {
      if (!found.has(file)) found.set(file, []);
      const text = help === undefined ? message : `${message}\n${help}`;
      found.get(file).push(line(start.line, start.column, end.line, end.column, severity, code, text));
    }
    return found;
  }
}

function line(startLine, startColumn, endLine, endColumn, severity, code, message) {
  return `${startLine}:${startColumn}-${endLine}:${endColumn} ${severity}[${code}] ${message}`;
}

function shown(user, path) {
  const state = user.shown.get(user.uri(path));
  return (state?.diagnostics ?? []).map(({ range: { start, end }, severity, code, message }) =>
    line(start.line + 1, start.character + 1, end.line + 1, end.character + 1, SEVERITIES[severity], code, message));
}

/** The open documents whose shown findings are not those of the check. */
function differences(user, expected) {
  const wrong = [];
  for (const [path, document] of user.open) {
    const [sees, should] = [shown(user, path).sort(), (expected.get(path) ?? []).sort()];
    const isLate = user.shown.get(user.uri(path))?.version > document.version;
    if (isLate || sees.join('\n') !== should.join('\n')) wrong.push({ path, sees, should });
  }
  return wrong;
}

/**
 * Waits until all is quiet and compares. Answers how many documents were compared and how many
 * findings they have; throws if one shows what a fresh check does not find, or the other way round.
 */
export async function compare(user, shadow) {
  await user.settled();
  const expected = await shadow.check(user);
  const end = Date.now() + PATIENCE;
  let wrong = differences(user, expected);
  while (wrong.length > 0 && Date.now() < end) {
    await sleep(20);
    wrong = differences(user, expected);
  }
  if (wrong.length === 0) {
    await sleep(STAYS);
    wrong = differences(user, expected);
  }
  if (wrong.length > 0) {
    const [{ path, sees, should }] = wrong;
    const { version, text } = user.open.get(path);
    throw new Error([
      ...user.trace, text,
      `${wrong.length} of ${user.open.size} documents show something else than a fresh check; ${path}, version ${version}, `
      + `shows of version ${user.shown.get(user.uri(path))?.version}`,
      ...sees.map((text) => `  ${text}`), 'and should show', ...should.map((text) => `  ${text}`),
    ].join('\n'));
  }
  let findings = 0;
  for (const path of user.open.keys()) findings += shown(user, path).length;
  return { documents: user.open.size, findings };
}
