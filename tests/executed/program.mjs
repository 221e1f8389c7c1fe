// A project from a seed: facts, dressed in idioms, and changes after the fact.

import { Choices } from './choices.mjs';
import { changes } from './changes.mjs';
import { exportDefinition } from './definitions.mjs';
import * as facts from './facts.mjs';
import { followed } from './idioms/followed.mjs';
import { Sources } from './sources.mjs';
import { Writer } from './writer.mjs';

const COMPILER = '@quickback/compiler';
/** How often a value is dressed: in many projects rarely, so that what fails is read at a glance. */
const DENSITIES = [0.05, 0.1, 0.25, 0.6];

const SETTINGS = '{ "output": { "worker": false, "client": false } }\n';
/** The same aliases, said in several ways. */
const TSCONFIGS = [
  { 'tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./quickback/*"], "~/special/*": ["./quickback/shared/special/*"] } } }' },
  { 'tsconfig.json': '{ "compilerOptions": { "baseUrl": "./quickback", "paths": { "~/*": ["./*"], "~/special/*": ["shared/special/*"] } } }' },
  {
    'tsconfig.json': '{ "extends": "./tsconfig.base.json", /* the rest is there */ "include": ["quickback"] }',
    'tsconfig.base.json': '{ "compilerOptions": { "paths": { "~/special/*": ["./quickback/shared/special/*"], "~/*": ["./nowhere/*", "./quickback/*"], }, }, }',
  },
];
const PACKAGE = '{ "name": "executed", "imports": { "#*": "./quickback/*" } }';

/** The project of a seed, without the choices at the names in `plain` and the idioms in `avoided`. */
export function program(seed, { plain, avoided = new Set() } = {}) {
  const choices = Choices.of(seed, plain);
  const isAny = choices.chance('any idiom', 0.3);
  const project = {
    sources: new Sources(),
    density: choices.pick('density', DENSITIES),
    holders: [],
    used: new Set(),
    avoided,
    mayUse: ({ name }) => !avoided.has(name) && (isAny || followed.has(name)),
  };
  const tables = facts.tables(choices.at('tables'));
  const definitions = tables.map((table, index) => definitionOf(project, table, index, choices.at('write').at(table.name)));
  project.later = (file) => definitions.filter(({ level }) => file.level < 1 && level > file.level);
  const names = new Map(tables.map((table) => [define(project, table, choices.at('write').at(table.name)), table.constant]));
  facts.namespaces(choices).forEach((namespace) => defineNamespace(project, namespace, choices.at('namespaces').at(namespace.name)));
  configure(project, facts.config(choices), choices.at('config'));
  changes(project, choices.at('changes'));
  const files = project.sources.texts();
  files.set('quickback-realtime.json', SETTINGS);
  files.set('package.json', PACKAGE);
  for (const [path, text] of Object.entries(choices.pick('tsconfig', TSCONFIGS))) files.set(path, text);
  return { files, names, used: project.used, choices };
}

/** The file of a table. Those of earlier tables may import those of later ones. */
function definitionOf(project, table, index, choices) {
  const folder = choices.chance('folder', 0.2) ? `quickback/features/${table.name}` : 'quickback/features';
  return project.sources.file(`${folder}/${table.name}.ts`, index / 100);
}

/** Writes a table's files; answers the path of its definition. */
function define(project, table, choices) {
  const file = definitionOf(project, table, 0, choices);
  // What is dressed of the columns leaves them open, and then nothing else of the table can be wrong.
  const density = (kind) => (kind === 'columns' ? project.density * 0.2 : project.density);
  const w = (name, kind) => new Writer(project, file, choices.at(name), { kind, density: density(kind) });
  const helper = helperOf(project, file, table, choices);
  if (table.form === 'feature') {
    const whole = w('options', 'options').value({ columns: table.columns, ...table.options });
    exportDefinition(project, file, helper, `'${table.name}', ${whole}`, choices);
    return file.path;
  }
  const subject = make(project, table, choices, file, w('columns', 'columns'));
  const options = w('options', 'options').value(table.options);
  exportDefinition(project, file, helper, `${subject}, ${options}`, choices);
  return file.path;
}

/** Makes the table, here or in a schema file, and answers what it is called here. */
function make(project, table, choices, file, writer) {
  const isThere = choices.chance('schema', 0.15);
  const home = isThere ? project.sources.file(`quickback/definitions/schema/${table.name}.ts`, 1) : file;
  const maker = table.form === 'table' ? 'sqliteTable' : 'q.table';
  home.import(table.form === 'table' ? "import { sqliteTable } from 'drizzle-orm/sqlite-core';" : `import { q } from '${COMPILER}';`);
  const text = `${maker}('${table.database}', ${writer.in(home).value(table.columns)})`;
  home.add(`${isThere || choices.chance('exported', 0.7) ? 'export ' : ''}const ${table.constant} = ${text};`);
  if (isThere) file.import(`import { ${table.constant} } from '${file.to(home)}';`);
  return table.constant;
}

/** Other names of the function that defines a table, as files of the project give them to it. */
const AGAIN = {
  'helper exported again': (name, there) => (there.add(`export { ${name} } from '${COMPILER}';`), name),
  'helper exported again by another name': (name, there) => (there.add(`export { ${name} as made } from '${COMPILER}';`), 'made'),
  'helper exported again with all': (name, there) => (there.add(`export * from '${COMPILER}';`), name),
  'helper exported as a constant': (name, there) => {
    there.import(`import { ${name} as given } from '${COMPILER}';`);
    there.add('export const made = given;');
    return 'made';
  },
};

/** What the function that defines a table is called. */
function helperOf(project, file, { form, name: table }, choices) {
  const name = { feature: 'feature', resource: 'defineResource' }[form] ?? 'defineTable';
  switch (choices.pick('helper', ['named', 'named', 'named', 'renamed', 'namespace', 'destructured', 'again'])) {
    case 'renamed':
      file.import(`import { ${name} as define } from '${COMPILER}';`);
      return 'define';
    case 'namespace':
      file.import(`import * as quickback from '${COMPILER}';`);
      return `quickback.${name}`;
    case 'destructured':
      file.import(`import * as all from '${COMPILER}';`);
      file.add(`const { ${name}: define } = all;`);
      return 'define';
    case 'again': {
      const way = choices.pick('again', Object.keys(AGAIN).filter((way) => !project.avoided.has(way)));
      project.used.add(way);
      const there = project.sources.file(`quickback/shared/define-${table}.ts`, 1);
      file.import(`import { ${AGAIN[way](name, there)} as define } from '${file.to(there)}';`);
      return 'define';
    }
    default:
      file.import(`import { ${name} } from '${COMPILER}';`);
      return name;
  }
}

function defineNamespace(project, namespace, choices) {
  const file = project.sources.file(`quickback/services/realtime/${namespace.name}.ts`);
  file.import(`import { defineRealtime } from '${COMPILER}';`);
  const options = new Writer(project, file, choices, { kind: 'namespace' }).value(namespace);
  file.add(`export default defineRealtime(${options});`);
}

function configure(project, config, choices) {
  const file = project.sources.file('quickback/quickback.config.ts');
  file.import(`import { defineConfig } from '${COMPILER}';`);
  file.add(`export default defineConfig(${new Writer(project, file, choices, { kind: 'config' }).value(config)});`);
}
