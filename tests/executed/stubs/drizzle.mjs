// Stands in for drizzle's table and column builders.

const TABLE = Symbol.for('quickback-realtime:table');
const BUILDER = Symbol.for('quickback-realtime:builder');

/** A column: what made it and every method called on it, which change it as drizzle's do. */
export function builder(maker, args) {
  const calls = [];
  // What is handed over is read at once.
  const column = new Proxy({ [BUILDER]: { maker, args: structuredClone(args), calls } }, {
    get: (target, name) => {
      if (typeof name === 'symbol') return target[name];
      return (...given) => {
        calls.push([name, given]);
        return column;
      };
    },
  });
  return column;
}

/** Drizzle reads the columns at once: what is changed of the object afterwards is no column. */
export function sqliteTable(name, columns) {
  return { [TABLE]: 'sqlite', name, columns: { ...columns } };
}

export const text = (...args) => builder('text', args);
export const integer = (...args) => builder('integer', args);
export const real = (...args) => builder('real', args);
export const blob = (...args) => builder('blob', args);
export const numeric = (...args) => builder('numeric', args);
