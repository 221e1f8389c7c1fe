// A small project in two versions, and what is to be seen of it from outside.

import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TABLES = 6;

export function write(root, path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Puts a version (0 or 1) of the definitions into a project. */
export function define(root, version) {
  write(root, 'quickback/quickback.config.ts', "import { defineConfig } from '@quickback/compiler';\nexport default defineConfig({ name: 'crash' });\n");
  write(root, 'quickback-realtime.json', '{}\n');
  write(root, 'quickback/services/realtime/ingest.ts', `import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'ingest', events: ['started'${version === 1 ? ", 'done'" : ''}] });
`);
  for (let number = 0; number < TABLES; number += 1) {
    write(root, `quickback/features/table-${number}.ts`, `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { defineTable } from '@quickback/compiler';
export const table${number} = sqliteTable('table_${number}', {
  id: text('id').primaryKey(),
  organizationId: text('organization_id').notNull(),
  title: text('title').notNull(),
});
export default defineTable(table${number}, {
  firewall: { organization: {} },
  realtime: { enabled: true, requiredRoles: ['admin'], fields: ['id'${version === 1 ? ", 'title'" : ''}] },
});
`);
  }
}

/** Names a field twice in every table, which --fix mends. */
export function spoil(root) {
  for (let number = 0; number < TABLES; number += 1) {
    const path = `quickback/features/table-${number}.ts`;
    write(root, path, readFileSync(join(root, path), 'utf8').replace("fields: ['id'", "fields: ['id', 'id'"));
  }
}

/** Runs the program to its end; throws if that is not as it should be. */
export function run(program, args, root, status = 0) {
  const end = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  if (end.status !== status) throw new Error(`${args.join(' ')} ended with ${end.status ?? end.signal}, not ${status}:\n${end.stdout}${end.stderr}`);
  return end;
}

/** All files under a folder: from the path relative to it to the text, or where a link leads. */
export function files(root, under = '') {
  const found = new Map();
  if (!existsSync(join(root, under))) return found;
  for (const name of readdirSync(join(root, under)).sort()) {
    const path = join(under, name);
    const stat = lstatSync(join(root, path));
    if (stat.isDirectory()) for (const [inner, text] of files(root, path)) found.set(inner, text);
    else found.set(path, stat.isSymbolicLink() ? 'a link' : readFileSync(join(root, path), 'utf8'));
  }
  return found;
}

const isTemporary = (path) => /(^|\/)\.quickback-realtime-/.test(path);

/** Throws unless every file is as in one of the states; a file may be missing where one lacks it. */
export function assertWhole(found, states, what) {
  for (const [path, text] of found) {
    if (!isTemporary(path) && !states.some((state) => state.get(path) === text)) throw new Error(`${what}: ${path} is neither old nor new:\n${text}`);
  }
  for (const path of states[0].keys()) {
    if (!found.has(path) && states.every((state) => state.has(path))) throw new Error(`${what}: ${path} is gone`);
  }
}

/** Throws unless the files are exactly those of a state. */
export function assertSame(found, state, what) {
  for (const path of new Set([...found.keys(), ...state.keys()])) {
    if (found.get(path) !== state.get(path)) throw new Error(`${what}: ${path} is\n${found.get(path)}\nand should be\n${state.get(path)}`);
  }
}
