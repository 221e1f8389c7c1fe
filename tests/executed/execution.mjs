// Runs a project as the compiler would: everything in its definition folders is loaded, and only
// then is looked at what the definitions hold.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
/** How long a project may run, in milliseconds. */
const PATIENCE = 1000;
const DEFINITION = Symbol.for('quickback-realtime:definition');
const TABLE = Symbol.for('quickback-realtime:table');
const BUILDER = Symbol.for('quickback-realtime:builder');
const CONFIG = 'quickback/quickback.config.ts';

// What a project's promises throw is an error of its realm, and changes nothing any more.
process.on('unhandledRejection', (error) => {
  if (error instanceof Error) throw error;
});

/** A column as it was made. */
export class Column {
  constructor({ maker, args, calls }) {
    Object.assign(this, { maker, args: args.map(copy), calls: calls.map(([name, given]) => [name, given.map(copy)]) });
  }
}

/** A function where there is one: what it does plays no part. */
export class Callable {}

/** The files that the compiler loads, in its order. */
export function loaded(paths) {
  return paths.filter((path) => /^quickback\/(features|services\/realtime)\/.*\.ts$/.test(path)).sort();
}

/**
 * Loads a project's files in an order. Answers the options of its configuration, and what each file
 * exports by default, as plain data. Throws what the project throws.
 */
export async function run(root, order) {
  const entry = [CONFIG, ...order].map((path, index) => `export * as file${index} from './${path}';`);
  const { outputFiles } = await build({
    stdin: { contents: entry.join('\n'), resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'loaded',
    logLevel: 'silent',
    plugins: [stubs],
  });
  const context = vm.createContext({ structuredClone, console: { log() {}, warn() {}, error() {} } }, { microtaskMode: 'afterEvaluate' });
  vm.runInContext(outputFiles[0].text, context, { timeout: PATIENCE });
  const exported = (index) => context.loaded[`file${index}`].default;
  const definitions = order.map((path, index) => [path, definition(exported(index + 1))]);
  return { config: copy(exported(0)?.options), definitions: new Map(definitions.filter(([, found]) => found)) };
}

const stubs = {
  name: 'stubs',
  setup({ onResolve }) {
    onResolve({ filter: /^@quickback\/compiler$/ }, () => ({ path: join(here, 'stubs/compiler.mjs') }));
    onResolve({ filter: /^drizzle-orm\// }, () => ({ path: join(here, 'stubs/drizzle.mjs') }));
  },
};

function definition(value) {
  const kind = value?.[DEFINITION];
  if (!kind) return undefined;
  const { subject, options } = value;
  if (kind === 'namespace') return { kind, options: copy(options) };
  if (kind === 'feature') return { kind, name: subject, options: copy(options) };
  if (!subject?.[TABLE]) throw new Error('a definition of what is no table');
  return { kind, maker: subject[TABLE], name: subject.name, columns: copy(subject.columns), options: copy(options) };
}

/** What a value holds, as data of this realm. */
function copy(value) {
  if (typeof value === 'function') return new Callable();
  if (typeof value !== 'object' || value === null) return value;
  if (value[BUILDER]) return new Column(value[BUILDER]);
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(Object.keys(value).map((key) => [key, copy(value[key])]));
}
