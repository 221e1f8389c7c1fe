// Stands in for `@quickback/compiler`: what it is handed is kept as it is, not copied, and looked
// at when everything has been loaded.

import { builder } from './drizzle.mjs';

const DEFINITION = Symbol.for('quickback-realtime:definition');

const definition = (kind) => (subject, options) => ({ [DEFINITION]: kind, subject, options });

export const defineTable = definition('table');
export const defineResource = definition('resource');
export const feature = definition('feature');
export const defineRealtime = (options) => ({ [DEFINITION]: 'namespace', options });
export const defineConfig = (options) => ({ [DEFINITION]: 'config', options });
export const defineActions = () => ({});

/** `q.text()` and its like, and `q.table(name, columns)`. */
export const q = new Proxy({}, {
  get: (_, name) => (name === 'table' ? definitionOfTable : (...args) => builder(`q.${String(name)}`, args)),
});

function definitionOfTable(name, columns) {
  return { [Symbol.for('quickback-realtime:table')]: 'q', name, columns: { ...columns } };
}
