// The files of a project while they are written.

import { dirname, relative } from 'node:path/posix';

/** All of them. */
export class Sources {
  files = new Map();
  #named = 0;

  /** The file of that path, which is made if it is not there; those of a level import deeper ones only. */
  file(path, level = 0) {
    if (!this.files.has(path)) this.files.set(path, new Source(this, path, level));
    return this.files.get(path);
  }

  /** A name that nothing else has. */
  name(stem) {
    this.#named += 1;
    return `${stem}${this.#named}`;
  }

  /** Paths and texts. */
  texts() {
    return new Map([...this.files].map(([path, file]) => [path, file.text()]).filter(([, text]) => text.trim()));
  }
}

/** A path as it is imported. */
const withoutExtension = (path) => path.replace(/(\/index)?\.ts$/, '').replace(/\.mts$/, '.mjs');

/** One of them. */
export class Source {
  #imports = new Set();
  /** Statements in their order, each an object of its own, so that others can be put behind it. */
  statements = [];

  constructor(sources, path, level) {
    this.sources = sources;
    this.path = path;
    /** How deep it lies: a file imports only deeper ones. */
    this.level = level;
  }

  /** Adds a statement at the end, or behind another. */
  add(text, behind) {
    const statement = { text };
    const at = behind ? this.statements.indexOf(behind) + 1 : this.statements.length;
    this.statements.splice(at, 0, statement);
    return statement;
  }

  /** Adds an import, once. */
  import(text) {
    this.#imports.add(text);
  }

  /** How another file is called in an import of this one. */
  to(other) {
    const path = withoutExtension(relative(dirname(this.path), other.path));
    return path.startsWith('.') ? path : `./${path}`;
  }

  /** How it is called by `paths` of tsconfig.json. */
  get alias() {
    return withoutExtension(this.path.replace('quickback/', '~/'));
  }

  /** How it is called by `imports` of package.json. */
  get hashed() {
    return `#${this.path.replace('quickback/', '')}`;
  }

  text() {
    const parts = [[...this.#imports].join('\n'), ...this.statements.map(({ text }) => text)];
    return `${parts.filter((part) => part).join('\n')}\n`;
  }
}
