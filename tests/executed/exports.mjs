// Ways in which a file exports something once more, or at all.

import { pattern, step } from './routes.mjs';

const always = () => true;
const deep = (_, path) => path.length > 0;
const isList = ({ value }) => Array.isArray(value);
const out = (name, fits, write) => ({ name, fits, write });
/**
 * Each writes the export, given a name for it, what it exports, and the path from there to what is
 * changed; and answers how the name leads there, and with which path, if that is another.
 */
export const waysOut = [
  out('by an alias', always, (name, held) => ({ text: `export const ${name}: any = ${held};`, ref: (of) => of })),
  out('by a clause', ({ isFunction }) => !isFunction, (name, held) => ({ text: `export { ${held} as ${name} };`, ref: (of) => of })),
  out('in an object', always, (name, held) => ({ text: `export const ${name}: any = { held: ${held} };`, ref: (of) => `${of}.held` })),
  out('in a list', always, (name, held) => ({ text: `export const ${name}: any[] = [${held}];`, ref: (of) => `${of}[0]` })),
  out('of a part', deep, (name, held, [key, ...path]) => ({ text: `export const ${name}: any = ${step(held, key)};`, ref: (of) => of, path })),
  out('of a destructured part', deep, (name, held, [key, ...path]) => ({ text: `export const ${pattern(key, name)}: any = ${held};`, ref: (of) => of, path })),
  out('of a copy', (holder, path) => deep(holder, path) && !isList(holder), (name, held) => ({ text: `export const ${name}: any = { ...${held} };`, ref: (of) => of })),
  out('of a function', always, (name, held) => ({ text: `export const ${name} = (): any => ${held};`, ref: (of) => `${of}()` })),
  out('of a declared function', always, (name, held) => ({ text: `export function ${name}(): any { return ${held}; }`, ref: (of) => `${of}()` })),
  out('of a function with an object', always, (name, held) => ({ text: `export const ${name} = (): any => ({ held: ${held} });`, ref: (of) => `${of}().held` })),
  out('of a function with a copy', (holder, path) => deep(holder, path) && !isList(holder), (name, held) => ({ text: `export const ${name} = (): any => ({ ...${held} });`, ref: (of) => `${of}()` })),
  out('of a function with a part', deep, (name, held, [key, ...path]) => ({ text: `export const ${name} = (): any => ${step(held, key)};`, ref: (of) => `${of}()`, path })),
  out('of a method', always, (name, held) => ({ text: `export const ${name}: any = { get: () => ${held} };`, ref: (of) => `${of}.get()` })),
  out('of a getter', always, (name, held) => ({ text: `export const ${name}: any = { get held() { return ${held}; } };`, ref: (of) => `${of}.held` })),
  out('of a class', always, (name, held) => ({ text: `export class ${name} { static held: any = ${held}; }`, ref: (of) => `${of}.held` })),
  out('of a Map', always, (name, held) => ({ text: `export const ${name} = new Map<string, any>([['a', ${held}]]);`, ref: (of) => `${of}.get('a')` })),
  out('of a namespace', always, (name, held) => ({ text: `export namespace ${name} { export const held: any = ${held}; }`, ref: (of) => `${of}.held` })),
  out('of a variable', always, (name, held) => ({ text: `export let ${name}: any; ${name} = ${held};`, ref: (of) => of })),
];
