// Writes values into the files of a project: plainly, or dressed in an idiom.

import { Code } from './facts.mjs';
import { idioms } from './idioms/all.mjs';

const DRIZZLE = 'drizzle-orm/sqlite-core';
const COMPILER = '@quickback/compiler';

/** How often a value is dressed the deeper it lies in others' idioms. */
const DEEPER = 0.55;
/** How deep idioms lie in each other. */
const MAX_DEPTH = 3;

/** Writes one value in one file. */
export class Writer {
  constructor(project, file, choices, { kind = 'any', depth = 0, density = project.density } = {}) {
    Object.assign(this, { project, file, choices, kind, depth, density });
  }

  /** A writer whose statements are collected instead of added to the file. */
  collecting() {
    const other = this.#with({});
    other.collected = [];
    return other;
  }

  #with(change) {
    const { project, file, choices, kind, depth, density } = { ...this, ...change };
    return new Writer(project, file, choices, { kind, depth, density });
  }

  /** For a part of the value, which is of a kind of its own. */
  part(name, kind = partOf(this.kind, name)) {
    return this.#with({ choices: this.choices.at(name), kind });
  }

  /** For a value within an idiom. */
  within(name = 'in') {
    return this.#with({ choices: this.choices.at(name), depth: this.depth + 1, density: this.density * DEEPER });
  }

  /** For the same value in another file. */
  in(file) {
    return this.#with({ file });
  }

  /** The value as an expression of the file; statements that it needs are added before. */
  value(value) {
    if (this.depth >= MAX_DEPTH || !this.choices.chance('dressed', this.density)) return this.literal(value);
    const fitting = idioms.filter((idiom) => this.project.mayUse(idiom) && idiom.fits(value, this));
    if (fitting.length === 0) return this.literal(value);
    const idiom = this.choices.pick('idiom', fitting);
    this.project.used.add(idiom.name);
    return idiom.write(this.within(idiom.name), value);
  }

  /** The value as a literal, whose parts may be dressed. */
  literal(value) {
    if (Array.isArray(value)) return `[${value.map((one, index) => this.part(`${index}`).value(one)).join(', ')}]`;
    if (isObject(value)) return `{ ${this.pairs(value).join(', ')} }`;
    const isDressed = value instanceof Code && value.argument !== undefined && !this.project.avoided.has('column argument');
    if (isDressed) return this.code(value, this.part('argument', 'argument').value(value.argument));
    return this.plain(value);
  }

  /** A piece of code with its argument. */
  code({ names, text, argument }, written) {
    for (const name of names) this.file.import(`import { ${name} } from '${name === 'q' ? COMPILER : DRIZZLE}';`);
    return argument === undefined ? text : text.replace('ARGUMENT', () => written);
  }

  /** The entries of an object. */
  pairs(value) {
    return Object.entries(value).map(([key, one]) => `${key}: ${this.part(key).value(one)}`);
  }

  /** The value with nothing dressed in it. */
  plain(value) {
    if (value instanceof Code) return this.code(value, value.argument !== undefined && this.plain(value.argument));
    if (Array.isArray(value)) return `[${value.map((one) => this.plain(one)).join(', ')}]`;
    if (isObject(value)) return `{ ${Object.entries(value).map(([key, one]) => `${key}: ${this.plain(one)}`).join(', ')} }`;
    return typeof value === 'string' ? `'${value}'` : String(value);
  }

  /** Adds a statement to the file. */
  add(text) {
    if (!this.collected) return this.file.add(text);
    this.collected.push(text);
    return undefined;
  }

  /** A name that nothing else has. */
  name(stem = 'value') {
    return this.project.sources.name(stem);
  }

  /**
   * Declares a constant that holds a value, and answers its name. What it holds may be changed later
   * on, by that name and by others.
   */
  constant(value, { stem = this.kind, before = 'const ', type = '', after = '', text = this.value(value) } = {}) {
    const name = this.name(stem);
    const isExported = before.startsWith('const') && this.choices.chance('exported', 0.3);
    const statement = this.add(`${isExported ? 'export ' : ''}${before}${name}${type} = ${text}${after};`);
    this.hold(name, value, { statement, isExported });
    return name;
  }

  /** The same for an object or a list that holds the value. */
  box(value, { stem = 'box', text }) {
    const { project, file, choices, depth, density } = this;
    return new Writer(project, file, choices, { kind: `box ${this.kind}`, depth, density }).constant(value, { stem, text });
  }

  /** What already stands for values of this kind, and can be reached. */
  before() {
    const { file, kind } = this;
    const isThere = (holder) => holder.kind === kind && holder.statement && (holder.file === file || (holder.isExported && holder.file.level > file.level));
    return this.project.holders.filter(isThere);
  }

  /** Remembers what a name of the file stands for. */
  hold(name, value, { statement, isExported = false, isFunction = false } = {}) {
    if (typeof value !== 'object' || value === null || value instanceof Code) return;
    const { file, kind } = this;
    const key = `${this.choices.path}/${this.project.holders.filter(({ path }) => path === this.choices.path).length}`;
    this.project.holders.push({ key, path: this.choices.path, name, value, kind, file, statement, isExported, isFunction });
  }

  /** A value of the same type that is another, written plainly. */
  another(value) {
    return this.plain(another(value, this.kind, this.choices));
  }

  /** `true` or `false`, as something that is not written so. */
  flag(value, name = 'flag') {
    const texts = value ? ['true', '1 < 2', '!false', "'a'.length === 1"] : ['false', '1 > 2', '!true', "'a'.length === 2"];
    const text = this.choices.pick(name, texts);
    if (!this.choices.chance(`${name}Named`, 0.4)) return text;
    const constant = this.name('FLAG');
    this.add(`const ${constant} = ${text};`);
    return constant;
  }

  /** A file deeper than this one, which may be imported. */
  deeperFile(name = 'file') {
    const level = Math.floor(this.file.level) + 1;
    return this.project.sources.file(`quickback/shared/level${level}${this.choices.pick(name, ['a.ts', 'b.ts', '/index.ts', '/c.ts', 'd.mts'])}`, level);
  }
}

/** Whether a value is an object with entries. */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Code);
}

/** Whether a value holds nothing but data, which can be copied. */
export function isData(value) {
  if (value instanceof Code) return false;
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isData);
}

/** What kind of value a part of another is. */
export function partOf(kind, name) {
  if (kind.startsWith('box ')) return kind.slice('box '.length);
  switch (kind) {
    case 'options': return { realtime: 'realtime', masking: 'masking', firewall: 'firewall', columns: 'columns' }[name] ?? 'any';
    case 'realtime': return { requiredRoles: 'roles', fields: 'fields' }[name] ?? 'flag';
    case 'masking': return 'rule';
    case 'columns': return 'column';
    case 'argument': return 'argument';
    case 'firewall': return 'any';
    case 'rule': return name === 'show' ? 'show' : 'type';
    case 'show': return name === 'roles' ? 'roles' : 'or';
    case 'roles': return 'role';
    case 'fields': return 'field';
    case 'config': return name === 'auth' ? 'auth' : 'any';
    case 'auth': return name === 'roleHierarchy' ? 'hierarchy' : 'any';
    case 'namespace': return name === 'events' ? 'events' : 'word';
    default: return 'any';
  }
}

/** A value of the same type that is another. */
export function another(value, kind, choices) {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return choices.pick('other', { type: ['redact', 'email'], or: ['owner'], field: ['id'] }[kind] ?? ['viewer', 'editor']);
  if (Array.isArray(value)) return { fields: ['id'], hierarchy: ['member', 'viewer', 'admin', 'owner'], events: ['opened'] }[kind] ?? ['viewer'];
  if (isObject(value)) return { rule: { type: 'redact' }, show: { roles: ['viewer'] }, realtime: { enabled: true }, auth: { roleHierarchy: ['viewer'] } }[kind] ?? {};
  return undefined;
}
