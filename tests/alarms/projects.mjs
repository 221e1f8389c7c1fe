// Projects made of the files of a package.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { typescript } from './packages.mjs';

const CONFIG = `import { defineConfig } from '@quickback/compiler';

export default defineConfig({ name: 'alarms' });
`;
const WRAPPED = 'quickback/features/wrapped';
/** An exported table, by whatever function makes it. */
const TABLE = /^export const (\w+) = (\w+)\(/gm;
const DRIZZLE = /from\s+['"]drizzle-orm\/(?:sqlite|pg|mysql)-core['"]/;

/** Puts a package's TypeScript into a project, under `place`. Answers the files' paths. */
export function project(root, source, place) {
  write(root, 'quickback/quickback.config.ts', CONFIG);
  const paths = typescript(source);
  for (const path of paths) {
    const to = join(root, place, path);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(source, path), to);
  }
  return paths;
}

/** The schema files of a package: their paths, and the tables that each exports. */
export function schemas(source) {
  const found = [];
  for (const path of typescript(source)) {
    const text = readFileSync(join(source, path), 'utf8');
    if (!DRIZZLE.test(text)) continue;
    const tables = [...text.matchAll(TABLE)].filter(([, , maker]) => isTable(text, maker)).map(([, name]) => name);
    if (tables.length > 0) found.push({ path, tables });
  }
  return found;
}

/** Switches on realtime for the tables of one schema file, each in a file of its own. */
export function wrap(root, place, { path, tables }) {
  const module = relative(WRAPPED, join(place, path)).replace(/\.([cm]?)tsx?$/, (_, kind) => (kind ? `.${kind}js` : ''));
  for (const table of tables) {
    write(root, `${WRAPPED}/${table}.ts`, `import { defineTable } from '@quickback/compiler';
import { ${table} } from '${module}';

export default defineTable(${table}, { realtime: { enabled: true } });
`);
  }
}

/** Whether a function makes tables: drizzle's own, or one that drizzle's creators made. */
function isTable(text, maker) {
  return /^(sqlite|pg|mysql)Table$/.test(maker) || new RegExp(`const ${maker} = (sqlite|pg|mysql)TableCreator\\(`).test(text);
}

function write(root, path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
