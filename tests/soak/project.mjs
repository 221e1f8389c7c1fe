// The project of the simulated user: two branches of one repository, as text. About 1,300 files,
// of which 1,000 differ between the branches; some hold mistakes, as a repository at work does.

const GROUPS = 40;
const PER_GROUP = 25;

const COLUMNS = [
  ['title', "text('title').notNull()"],
  ['status', "text('status', { enum: ['open', 'shut'] }).notNull()"],
  ['email', "text('email')"],
  ['phoneNumber', "text('phone_number')"],
  ['amount', "real('amount')"],
  ['note', "text('note')"],
  ['ownerId', "text('owner_id').notNull()"],
  ['dueAt', "integer('due_at', { mode: 'timestamp' })"],
];

const two = (number) => String(number).padStart(2, '0');

/** The files of a branch (0 or 1): from the path relative to the root to the text. */
export function branch(which) {
  const files = new Map();
  files.set('quickback/quickback.config.ts', config(which));
  files.set('quickback-realtime.json', '{\n  "rules": { "wide-payload": "hint" }\n}\n');
  files.set('.gitignore', 'node_modules/\ndist/\n');
  files.set('package.json', '{ "name": "soak", "private": true }\n');
  files.set('tsconfig.json', '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }\n');
  files.set('quickback/shared/columns.ts', SHARED_COLUMNS);
  files.set('quickback/shared/roles.ts', roles(which));
  for (let group = 0; group < GROUPS; group += 1) {
    files.set(`quickback/services/realtime/group-${two(group)}.ts`, namespace(group, which));
    for (let member = 0; member < PER_GROUP; member += 1) {
      const name = `item${two(group)}x${two(member)}`;
      files.set(`quickback/features/group-${two(group)}/${name}.ts`, table(name, group + member, which));
    }
    for (let member = 0; member < 6; member += 1) {
      files.set(`src/handlers/group-${two(group)}/handle-${member}.ts`, handler(group, member));
    }
  }
  return files;
}

function config(which) {
  const hierarchy = which === 0 ? ['member', 'clerk', 'editor', 'admin', 'owner'] : ['member', 'clerk', 'editor', 'auditor', 'admin', 'owner'];
  return `import { defineConfig } from '@quickback/compiler';

export default defineConfig({
  name: 'soak',
  auth: { roleHierarchy: [${hierarchy.map((role) => `'${role}'`).join(', ')}] },
});
`;
}

const SHARED_COLUMNS = `import { integer } from 'drizzle-orm/sqlite-core';

export const timestamps = {
  createdAt: integer('created_at', { mode: 'timestamp' }).notNull(),
  modifiedAt: integer('modified_at', { mode: 'timestamp' }).notNull(),
};
`;

function roles(which) {
  return `export const STAFF = ['clerk', 'editor'] as const;
export const ROLES = { top: '${which === 0 ? 'admin' : 'auditor'}' } as const;
`;
}

function namespace(group, which) {
  const events = which === 0 ? ['started', 'failed'] : ['started', 'done', 'failed'];
  return `import { defineRealtime } from '@quickback/compiler';

export default defineRealtime({
  name: 'group${two(group)}',
  events: [${events.map((event) => `'${event}'`).join(', ')}],
});
`;
}

function table(name, number, which) {
  const turn = number + which * 3;
  const columns = COLUMNS.filter((_, index) => (turn + index) % 5 !== 0);
  const fields = columns.filter((_, index) => (turn + index) % 3 !== 0).map(([column]) => `'${column}'`);
  // A mistake in one file of seven, and of another kind on the other branch.
  if (turn % 7 === 0) fields.push(which === 0 ? "'titel'" : "'missing'");
  const receivers = ['...STAFF', "'editor+'", 'ROLES.top', "'clerk', 'admin'"][turn % 4];
  return `import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { defineTable } from '@quickback/compiler';
import { timestamps } from '../../shared/columns';
import { ROLES, STAFF } from '../../shared/roles';

// Größe, 😀 and tabs:	positions count UTF-16 units.
export const ${name} = sqliteTable('${name.toLowerCase()}', {
  id: text('id').primaryKey(),
  organizationId: text('organization_id').notNull(),
${columns.map(([column, builder]) => `  ${column}: ${builder},`).join('\n')}
  ...timestamps,
});

export default defineTable(${name}, {
  firewall: { organization: {} },
  masking: {
    email: { type: 'email', show: { roles: ['admin'], or: 'owner' } },
  },
  realtime: {
    enabled: ${turn % 11 !== 0},
    requiredRoles: [${receivers}],
    fields: ['id', ${fields.join(', ')}],
  },
});
`;
}

function handler(group, member) {
  const name = `item${two(group)}x${two(member)}`;
  return `import { createRealtime } from '@/lib/realtime';

export const execute = async ({ ctx, db, record, input }) => {
  const realtime = createRealtime(ctx.env);
  await db.update(record).set(input);
  await realtime.update('${name}', { id: record.id, title: input.title }, { id: record.id }, ctx.activeOrgId!);
  await realtime.group${two(group)}.${member % 2 === 0 ? 'done' : 'started'}({ id: record.id }, ctx.activeOrgId!);
};
`;
}
