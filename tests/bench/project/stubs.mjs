// Declarations in the place of the packages that a project imports: small, but with types enough
// that a type checker has as much to do in each definition as it has in a real project.

const COMPILER = `export interface Column<T> {
  readonly _: T;
  required(): Column<T>;
  optional(): Column<T | null>;
  default(value: T): Column<T>;
  references(column: () => Column<unknown>): Column<T>;
}

export type Columns = Record<string, unknown>;

export interface Table<C extends object> {
  readonly columns: C;
}

export interface QTable<C extends object> extends Table<C> {
  readonly $name: string;
}

export declare const q: {
  id(): Column<string>;
  text(): Column<string>;
  url(): Column<string>;
  email(): Column<string>;
  int(): Column<number>;
  real(): Column<number>;
  boolean(): Column<boolean>;
  timestamp(): Column<Date>;
  date(): Column<Date>;
  json(): Column<Record<string, unknown>>;
  enum<const V extends readonly string[]>(values: V): Column<V[number]>;
  scope(of: 'organization' | 'owner' | 'team'): Column<string>;
  table<C extends Columns>(name: string, columns: C): QTable<C> & C;
};

type Injected = 'createdAt' | 'createdBy' | 'modifiedAt' | 'modifiedBy' | 'deletedAt' | 'deletedBy';
type MaskType = 'email' | 'phone' | 'ssn' | 'creditCard' | 'name' | 'redact' | 'custom';
interface Access {
  access: { roles: readonly string[] };
}
interface Mask {
  type: MaskType;
  show?: { roles?: readonly string[]; or?: 'owner' };
  mask?: (value: string) => string;
}

export interface Options<Name extends string> {
  firewall?: { organization?: object; owner?: { column: Name }; exception?: boolean };
  guards?: { createable?: readonly Name[]; updatable?: readonly Name[] };
  crud?: { [verb in 'list' | 'get' | 'create' | 'update' | 'delete']?: Access };
  masking?: { [column in Name]?: Mask };
  realtime?: {
    enabled?: boolean;
    onInsert?: boolean;
    onUpdate?: boolean;
    onDelete?: boolean;
    requiredRoles?: readonly string[];
    fields?: readonly (Name | Injected)[];
  };
}

type Keys<C> = keyof C & string;
type ColumnsOf<T> = T extends Table<infer C> ? Keys<C> : T extends { readonly $columns: infer C } ? Keys<C> : never;

export declare function defineTable<T extends object>(table: T, options: Options<ColumnsOf<T>>): T;
export declare function defineResource<T extends object>(table: T, options: Options<ColumnsOf<T>>): T;
export declare function feature<C extends Columns>(
  name: string,
  definition: Options<Keys<C>> & { columns: C },
): QTable<C> & C;
export declare function defineRealtime<const E extends readonly string[]>(definition: {
  name: string;
  events: E;
  description?: string;
}): { name: string; events: E };
export declare function defineConfig<T extends object>(config: T): T;
export declare function defineAuth(name: string, options: object): object;
export declare function defineDatabase(name: string, options: object): object;
export declare function defineRuntime(name: string, options: object): object;
`;

const TYPES = `export interface Context {
  env: object;
  activeOrgId: string;
  userId: string;
  waitUntil(promise: Promise<unknown>): void;
}

type Row = Record<string, any>;
interface Query extends Promise<Row[]> {
  where(condition: unknown): Query;
  set(values: Row): Query;
  values(values: Row): Query;
  limit(count: number): Query;
  returning(): Query;
}
export interface Database {
  select(): { from(table: object): Query };
  insert(table: object): Query;
  update(table: object): Query;
  delete(table: object): Query;
}

export type ActionExecutor = (given: {
  db: Database;
  ctx: Context;
  record: Row;
  input: Row;
}) => Promise<unknown>;
`;

const DRIZZLE = `export declare function eq(left: unknown, right: unknown): unknown;
export declare function and(...conditions: unknown[]): unknown;
export declare function inArray(column: unknown, values: unknown[]): unknown;
`;

const BUILDER = `export interface Builder<T> {
  readonly _: T;
  notNull(): Builder<NonNullable<T>>;
  primaryKey(): Builder<NonNullable<T>>;
  default(value: NonNullable<T>): Builder<T>;
  references(column: () => Builder<any>): Builder<T>;
  $type<U>(): Builder<U>;
  array(): Builder<T[]>;
}

export interface DrizzleTable<C extends object> {
  readonly $columns: C;
}
`;

const SQLITE = `import type { Builder, DrizzleTable } from '../builder';

export declare function text<const E extends readonly string[] = readonly string[]>(
  name: string,
  options?: { enum?: E; mode?: 'text' | 'json' },
): Builder<E[number] | null>;
export declare function integer(name: string, options: { mode: 'boolean' }): Builder<boolean | null>;
export declare function integer(name: string, options: { mode: 'timestamp' }): Builder<Date | null>;
export declare function integer(name: string): Builder<number | null>;
export declare function real(name: string): Builder<number | null>;
export declare function sqliteTable<C extends Record<string, Builder<any>>>(name: string, columns: C): DrizzleTable<C> & C;
`;

const POSTGRES = `import type { Builder, DrizzleTable } from '../builder';

export declare function text(name: string): Builder<string | null>;
export declare function varchar(name: string, options?: { length: number }): Builder<string | null>;
export declare function integer(name: string): Builder<number | null>;
export declare function doublePrecision(name: string): Builder<number | null>;
export declare function boolean(name: string): Builder<boolean | null>;
export declare function timestamp(name: string, options?: { withTimezone: boolean }): Builder<Date | null>;
export declare function jsonb(name: string): Builder<unknown>;
export declare function pgTable<C extends Record<string, Builder<any>>>(name: string, columns: C): DrizzleTable<C> & C;
`;

function* stub(name, modules) {
  const exports = {};
  for (const [path, text] of Object.entries(modules)) {
    const file = path === '.' ? 'index.d.ts' : `${path.slice(2)}/index.d.ts`;
    exports[path] = { types: `./${file}` };
    yield [`node_modules/${name}/${file}`, text];
  }
  const manifest = { name, version: '0.0.0', type: 'module', types: 'index.d.ts', exports };
  yield [`node_modules/${name}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`];
}

/** The packages, in `node_modules`. */
export function* stubFiles() {
  yield* stub('@quickback/compiler', { '.': COMPILER });
  yield* stub('@quickback/types', { '.': TYPES });
  yield* stub('drizzle-orm', {
    '.': DRIZZLE,
    './builder': BUILDER,
    './sqlite-core': SQLITE,
    './pg-core': POSTGRES,
  });
}
