// The project that says in plain literals what another one holds once it has run.

import { Callable, Column } from './execution.mjs';

/** A value as text. */
export function literal(value, indent = '') {
  const inner = `${indent}  `;
  if (value instanceof Column) {
    const { maker, args, calls } = value;
    const list = (given) => `(${given.map((one) => literal(one)).join(', ')})`;
    return [`${maker}${list(args)}`, ...calls.map(([name, given]) => `${name}${list(given)}`)].join('.');
  }
  if (value instanceof Callable) return '() => undefined';
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, inner)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    const pairs = entries.map(([key, one]) => `${inner}${property(key)}: ${literal(one, inner)},\n`);
    return pairs.length > 0 ? `{\n${pairs.join('')}${indent}}` : '{}';
  }
  return value === undefined ? 'undefined' : JSON.stringify(value);
}

function property(key) {
  if (key === '__proto__') return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

/** The texts of the plain project; `names` are the constants of the tables, by their files. */
export function plain({ config, definitions }, names) {
  const files = new Map([
    ['quickback/quickback.config.ts', `import { defineConfig } from '@quickback/compiler';\nexport default defineConfig(${literal(config)});\n`],
  ]);
  for (const [path, definition] of definitions) files.set(path, text(definition, names.get(path)));
  return files;
}

function text({ kind, maker, name, columns, options }, constant) {
  const imports = "import { defineRealtime, defineResource, defineTable, feature, q } from '@quickback/compiler';\n"
    + "import { blob, integer, numeric, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';\n";
  if (kind === 'namespace') return `${imports}export default defineRealtime(${literal(options)});\n`;
  if (kind === 'feature') return `${imports}export default feature(${literal(name)}, ${literal(options)});\n`;
  const make = maker === 'q' ? 'q.table' : 'sqliteTable';
  const define = kind === 'resource' ? 'defineResource' : 'defineTable';
  const handed = options === undefined ? constant : `${constant}, ${literal(options)}`;
  return `${imports}export const ${constant} = ${make}(${literal(name)}, ${literal(columns)});\nexport default ${define}(${handed});\n`;
}
