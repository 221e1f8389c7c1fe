// A feature's definitions: its table, in one of the dialects, and its event namespace.

import { divided, fieldsOf } from './feature.mjs';

const quoted = (name) => `'${name}'`;
const list = (names) => `[${names.map(quoted).join(', ')}]`;

/** A list on lines of their own, as formatters write long ones. */
function lines(names, indent) {
  const inner = names.map((name) => `${indent}  ${quoted(name)},\n`).join('');
  return `[\n${inner}${indent}]`;
}

/** A drizzle column of SQLite. */
function sqliteColumn({ name, type, values }) {
  const db = quoted(divided(name, '_'));
  switch (type) {
    case 'enum':
      return `text(${db}, { enum: ${list(values)} }).notNull().default('${values[0]}')`;
    case 'int':
      return `integer(${db}).notNull().default(0)`;
    case 'real':
      return `real(${db}).notNull()`;
    case 'boolean':
      return `integer(${db}, { mode: 'boolean' }).notNull().default(false)`;
    case 'timestamp':
      return `integer(${db}, { mode: 'timestamp' })`;
    case 'json':
      return `text(${db}, { mode: 'json' }).$type<Record<string, unknown>>()`;
    default:
      return `text(${db}).notNull()`;
  }
}

/** A drizzle column of Postgres. */
function pgColumn({ name, type, values }) {
  const db = quoted(divided(name, '_'));
  switch (type) {
    case 'enum':
      return `varchar(${db}, { length: 32 }).$type<${values.map(quoted).join(' | ')}>().notNull()`;
    case 'int':
      return `integer(${db}).notNull().default(0)`;
    case 'real':
      return `doublePrecision(${db}).notNull()`;
    case 'boolean':
      return `boolean(${db}).notNull().default(false)`;
    case 'timestamp':
      return `timestamp(${db}, { withTimezone: true })`;
    case 'json':
      return `jsonb(${db}).$type<Record<string, unknown>>()`;
    default:
      return `text(${db}).notNull()`;
  }
}

/** A column of Quickback's own. */
function qColumn({ type, values }) {
  switch (type) {
    case 'enum':
      return `q.enum(${list(values)}).default('${values[0]}')`;
    case 'int':
      return 'q.int().default(0)';
    case 'real':
      return 'q.real().required()';
    case 'boolean':
      return 'q.boolean().default(false)';
    case 'timestamp':
      return 'q.timestamp().optional()';
    case 'json':
      return 'q.json().optional()';
    default:
      return 'q.text().required()';
  }
}

function entries(columns, indent) {
  return columns.map(([name, value]) => `${indent}${name}: ${value},\n`).join('');
}

function drizzleColumns(described, column, indent = '  ') {
  const own = described.columns.map((each) => [each.name, column(each)]);
  const owner = described.owner ? [[described.owner, `text('${divided(described.owner, '_')}').notNull()`]] : [];
  const id = [['id', `text('id').primaryKey()`], ['organizationId', `text('organization_id').notNull()`]];
  return entries([...id, ...owner, ...own], indent);
}

function qColumns(described, indent) {
  const owner = described.owner ? [[described.owner, `q.scope('owner')`]] : [];
  const own = described.columns.map((each) => [each.name, qColumn(each)]);
  return entries([['id', 'q.id()'], ['organizationId', `q.scope('organization')`], ...owner, ...own], indent);
}

/** What a file of drizzle's builders imports. */
function drizzleImport(described, builders, module) {
  const used = builders.filter((name) => drizzleText(described).includes(name));
  return `import { ${used.join(', ')} } from '${module}';\n`;
  function drizzleText() {
    return module.includes('pg')
      ? `pgTable ${drizzleColumns(described, pgColumn)}`
      : `sqliteTable ${drizzleColumns(described, sqliteColumn)}`;
  }
}

const SQLITE = ['integer', 'real', 'sqliteTable', 'text'];
const POSTGRES = ['boolean', 'doublePrecision', 'integer', 'jsonb', 'pgTable', 'text', 'timestamp', 'varchar'];

function sqliteTable(described, exported, spreads = '') {
  const { name } = described;
  const columns = drizzleColumns(described, sqliteColumn);
  const how = exported ? 'export const' : 'const';
  return `${how} ${name} = sqliteTable('${divided(name, '_')}', {\n${columns}${spreads}});\n`;
}

function masking(described, roles) {
  if (described.masked.length === 0) return '';
  const rules = described.masked.map(({ name, mask }, at) => {
    const or = described.owner && at % 2 === 0 ? `, or: 'owner'` : '';
    return `    ${name}: { type: '${mask}', show: { roles: ${roles}${or} } },\n`;
  });
  return `  // Who it is about, and what it cost, only those who decide.\n  masking: {\n${rules.join('')}  },\n\n`;
}

/** The options of a table, from the firewall to the realtime block. */
function options(described, roles) {
  const { name, lowest, onDelete, columns } = described;
  const owner = described.owner ? `, owner: { column: '${described.owner}' }` : '';
  const guarded = columns.slice(0, -1).map((column) => column.name);
  return (
    `  firewall: { organization: {}${owner} },\n\n` +
    `  guards: {\n    createable: ${lines(guarded, '    ')},\n    updatable: ${list(guarded.slice(0, 3))},\n  },\n\n` +
    `  crud: {\n` +
    `    list: { access: { roles: ['${lowest}+'] } },\n` +
    `    get: { access: { roles: ['${lowest}+'] } },\n` +
    `    create: { access: { roles: ['${lowest}+'] } },\n` +
    `    update: { access: { roles: ['editor+'] } },\n` +
    `    delete: { access: { roles: ['admin+'] } },\n` +
    `  },\n\n` +
    masking(described, roles.trusted) +
    `  // What the lists on screen of ${divided(name, ' ')} show; the rest is fetched when one is opened.\n` +
    `  realtime: {\n` +
    `    enabled: true,\n` +
    (onDelete ? '' : `    onDelete: false,\n`) +
    `    requiredRoles: ${roles.required},\n` +
    `    fields: ${lines(fieldsOf(described), '    ')},\n` +
    `  },\n`
  );
}

/** The roles, written out or by the names that the project's constants give them. */
function rolesOf({ lowest, trusted }) {
  return {
    literal: { required: list([`${lowest}+`]), trusted: list([...trusted, 'admin+']) },
    constant: {
      required: `[ROLES.${lowest}, ...STAFF, \`admin+\`]`,
      trusted: '[...DECIDERS]',
    },
  };
}

/** The import of the constants that `rolesOf` names. */
function rolesImport({ masked }) {
  return `import { ${masked.length > 0 ? 'DECIDERS, ' : ''}ROLES, STAFF } from '../../shared/roles';\n`;
}

/** The table's files: paths and texts. */
function tableFiles(described) {
  const { name, folder, dialect } = described;
  const roles = rolesOf(described);
  const own = `quickback/features/${folder}/${folder}.ts`;
  const literal = options(described, roles.literal);
  const constant = options(described, roles.constant);
  switch (dialect) {
    case 'sqlite':
      return [
        [
          own,
          `import { defineTable } from '@quickback/compiler';\n` +
            drizzleImport(described, SQLITE, 'drizzle-orm/sqlite-core') +
            `\n${sqliteTable(described, true)}\nexport default defineTable(${name}, {\n${literal}});\n`,
        ],
      ];
    case 'sqlite-schema':
      return [
        [
          `quickback/features/${folder}/schema.ts`,
          drizzleImport(described, SQLITE, 'drizzle-orm/sqlite-core') +
            `import { auditColumns } from '../../shared/columns';\n\n` +
            sqliteTable(described, true, '  ...auditColumns(),\n'),
        ],
        [
          own,
          `import { defineTable as table } from '@quickback/compiler';\nimport { ${name} as rows } from './schema';\n\n` +
            `export default table(rows, {\n${literal}});\n`,
        ],
      ];
    case 'sqlite-shared':
      return [
        [
          own,
          `import { defineTable } from '@quickback/compiler';\n` +
            drizzleImport(described, SQLITE, 'drizzle-orm/sqlite-core') +
            `import { auditColumns, timestamps } from '../../shared/columns';\n` +
            `${rolesImport(described)}\n` +
            sqliteTable(described, false, '  ...timestamps,\n  ...auditColumns(),\n') +
            `\nexport default defineTable(${name}, {\n${constant}});\n`,
        ],
      ];
    case 'pg-schema':
      return [
        [
          `quickback/definitions/schema/${folder}.ts`,
          drizzleImport(described, POSTGRES, 'drizzle-orm/pg-core') +
            `\nexport const ${name} = pgTable('${divided(name, '_')}', {\n${drizzleColumns(described, pgColumn)}});\n`,
        ],
        [
          own,
          `import { defineTable } from '@quickback/compiler';\nimport { ${name} } from '@schema/${folder}';\n` +
            `${rolesImport(described)}\n` +
            `export default defineTable(${name}, {\n${constant}} as const);\n`,
        ],
      ];
    case 'q.table':
    case 'defineResource': {
      const define = dialect === 'q.table' ? 'defineTable' : 'defineResource';
      return [
        [
          own,
          `import { ${define}, q } from '@quickback/compiler';\n\n` +
            `const ${name} = q.table('${name}', {\n${qColumns(described, '  ')}});\n\n` +
            `export default ${define}(${name}, {\n${literal}});\n`,
        ],
      ];
    }
    case 'feature':
      return [
        [
          own,
          `import { feature, q } from '@quickback/compiler';\n\n` +
            `export default feature('${name}', {\n  columns: {\n${qColumns(described, '    ')}  },\n\n${literal}});\n`,
        ],
      ];
    case 'namespace-import':
      return [
        [
          own,
          `import * as quickback from '@quickback/compiler';\n` +
            drizzleImport(described, SQLITE, 'drizzle-orm/sqlite-core') +
            rolesImport(described) +
            `\n${sqliteTable(described, true)}\nexport default quickback.defineTable(${name}, {\n${constant}});\n`,
        ],
      ];
    default:
      throw new Error(`there is no dialect ${dialect}`);
  }
}

/** The name by which handlers import the table, and the statement that does it. */
export function tableImport({ name, folder, dialect }, from) {
  const own = from === 'src' ? `../../quickback/features/${folder}` : '..';
  switch (dialect) {
    case 'sqlite-schema':
      return `import { ${name} } from '${own}/schema';\n`;
    case 'pg-schema':
      return `import { ${name} } from '@schema/${folder}';\n`;
    case 'sqlite':
    case 'namespace-import':
      return `import { ${name} } from '${own}/${folder}';\n`;
    default:
      return `import ${name} from '${own}/${folder}';\n`;
  }
}

/** All definitions of a feature. */
export function* definitionFiles(described) {
  yield* tableFiles(described);
  const { namespace, events, name } = described;
  if (!namespace) return;
  yield [
    `quickback/services/realtime/${divided(namespace, '-')}.ts`,
    `import { defineRealtime } from '@quickback/compiler';\n\n` +
      `/** In the order in which they happen. */\nconst STAGES = ${list(events.slice(0, 2))} as const;\n\n` +
      `export default defineRealtime({\n  name: '${namespace}',\n` +
      `  events: [...STAGES, ${events.slice(2).map(quoted).join(', ')}],\n` +
      `  description: 'The way of ${divided(name, ' ')} from the first step to the last.',\n});\n`,
  ];
}
