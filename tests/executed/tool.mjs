// The program under test, and what it says of a project.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const start = promisify(execFile);
/** How long one run may take on a busy machine, in milliseconds. */
const PATIENCE = 60_000;
const HELPER = 'src/lib/realtime.ts';

/** What check and generate say of the project at `root`. */
export async function ask(binary, root) {
  const checked = await command(binary, ['check', '.', '--no-cache', '--no-generated', '--format', 'json'], root);
  const generated = await command(binary, ['generate', '.'], root);
  for (const end of [checked, generated]) {
    if (end.code !== 0 && end.code !== 1) throw new Error(`ended with ${end.code}: ${end.stderr}`);
  }
  const findings = JSON.parse(checked.stdout).diagnostics;
  return generated.code === 0
    ? { findings, ...read(readFileSync(join(root, HELPER), 'utf8')) }
    : { findings, stopped: generated.stderr || generated.stdout };
}

async function command(binary, args, cwd) {
  const end = await start(binary, args, { cwd, timeout: PATIENCE, maxBuffer: 1 << 26 }).catch((error) => error);
  return { code: end.code ?? end.signal ?? 0, stdout: end.stdout, stderr: end.stderr };
}

/** What a helper holds: the policies of the tables, the roles and the namespaces. */
function read(text) {
  const value = (name) => {
    const found = new RegExp(`^const ${name}: [^=]*= (?:new Map<string, string>\\()?(\\[[^]*?\\])\\)?;$`, 'm').exec(text);
    if (!found) throw new Error(`the helper has no ${name}`);
    // A list of literals that we wrote ourselves.
    return new Function(`return ${found[1]};`)();
  };
  const tables = new Map(value('TABLES').map(([name, json]) => [name, JSON.parse(json)]));
  const types = text.slice(text.indexOf('export interface Tables'), text.indexOf('export interface Namespaces'));
  return { tables, types, hierarchy: value('HIERARCHY'), namespaces: new Map(value('EVENTS')) };
}
