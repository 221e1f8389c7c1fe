// What a project has once: its configuration, constants, and the declarations of the helper.

import { HIERARCHY } from './feature.mjs';

const CONFIG = `import { defineAuth, defineConfig, defineDatabase, defineRuntime } from '@quickback/compiler';

export default defineConfig({
  name: 'bench',
  template: 'hono',
  features: { organizations: true },
  auth: {
    // From the lowest to the highest.
    roleHierarchy: [
${HIERARCHY.map((role) => `      '${role}',`).join('\n')}
    ],
  },
  providers: {
    runtime: defineRuntime('cloudflare', { compatibilityDate: '2025-10-01' }),
    database: defineDatabase('cloudflare-d1', { generateId: 'prefixed', namingConvention: 'snake_case' }),
    auth: defineAuth('better-auth', { plugins: ['organization', 'bearer', 'jwt'] }),
  },
});
`;

const COLUMNS = `import { integer, text } from 'drizzle-orm/sqlite-core';

/** When a row was made and last touched. */
export const timestamps = {
  createdAt: integer('created_at', { mode: 'timestamp' }).notNull(),
  modifiedAt: integer('modified_at', { mode: 'timestamp' }).notNull(),
};

/** Who made a row and who touched it last. A function, since drizzle's builders are mutable. */
export function auditColumns() {
  return {
    createdBy: text('created_by').notNull(),
    modifiedBy: text('modified_by').notNull(),
  };
}
`;

const ROLES = `/** Roles by name, so that a misspelt one does not compile. */
export const ROLES = {
${HIERARCHY.map((role) => `  ${role}: '${role}',`).join('\n')}
} as const;

/** Everybody who works on what comes in. */
export const STAFF = ['editor', 'manager'] as const;

/** Everybody who decides. */
export const DECIDERS = ['manager', 'admin', 'owner'] as const;
`;

// `generate` writes the module, which then takes the place of its declarations.
const HELPER = `type Target = string | { organizationId: string; userId?: string };
type Options = { userId?: string; targetRoles?: string[]; maskingConfig?: Record<string, unknown> };
type Result = Promise<{ ok: boolean; error?: string }>;
type Row = Record<string, unknown>;
type Namespace = Record<string, (payload: Row, target: Target, options?: Options) => Result>;

interface Helper {
  insert(table: string, row: Row, target: Target, options?: Options): Result;
  update(table: string, row: Row, old: Row, target: Target, options?: Options): Result;
  delete(table: string, old: Row, target: Target, options?: Options): Result;
  broadcast(event: string, payload: Row, target: Target, options?: Options): Result;
}

export declare function createRealtime(env: object): Helper & { [namespace: string]: Namespace };
`;

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** The files that every project has, whatever its size. */
export function* sharedFiles() {
  yield ['package.json', json({ name: 'bench', private: true, type: 'module' })];
  yield ['.gitignore', 'node_modules/\n'];
  yield [
    'tsconfig.json',
    json({
      compilerOptions: {
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'Bundler',
        lib: ['ES2022'],
        types: [],
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        paths: { '@/*': ['./src/*'], '@schema/*': ['./quickback/definitions/schema/*'] },
      },
      include: ['quickback', 'src'],
    }),
  ];
  yield ['quickback/quickback.config.ts', CONFIG];
  yield ['quickback/shared/columns.ts', COLUMNS];
  yield ['quickback/shared/roles.ts', ROLES];
  yield ['src/lib/realtime.d.ts', HELPER];
}
