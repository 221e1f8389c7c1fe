// The simulated user: what is open in the editor, what stands on the disk, and what is done next.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a user types into a definition: whole words of it, wrong ones, and halves. */
const TYPED = [
  "'titel', ", "'title', ", "'email', ", "'phoneNumber', ", "'nobody', ", "'editor+', ", 'enabled: "yes", ',
  'onInsert: false, ', 'onUpsert: true, ', '// 😀 é\n', '\n', "{ ", ' }', "'", "masking: { note: { type: 'redcat' } },\n",
  "// quickback-realtime-ignore unknown-field\n", 'await ', "realtime.group01.done({}, ctx.activeOrgId!);\n", '...STAFF, ',
];
/** Errors of a question that an editor puts up with: taken back, or the text has changed. */
const PUT_UP_WITH = new Set([-32800, -32801, -32802, -32803, -32602]);
/** How many texts can be undone. */
const UNDO = 50;
/** How much of what was done is remembered. */
const TRACE = 400;

/** The position of an offset: lines, and UTF-16 units. */
function position(text, offset) {
  const before = text.slice(0, offset);
  const line = before.split('\n').length - 1;
  return { line, character: offset - (before.lastIndexOf('\n') + 1) };
}

/** The offset of a position. */
function offsetOf(text, { line, character }) {
  let start = 0;
  for (let left = line; left > 0; left -= 1) {
    const next = text.indexOf('\n', start);
    if (next < 0) return text.length;
    start = next + 1;
  }
  return Math.min(start + character, text.length);
}

/** An editor with one workspace folder. `kept` is a document that is left alone. */
export class User {
  constructor({ client, root, branches, random, pulls, kept }) {
    Object.assign(this, { client, root, branches, random, pulls, kept });
    this.disk = new Map();
    this.open = new Map();
    /** The last findings that the user sees of each open document. */
    this.shown = new Map();
    this.pulling = new Map();
    this.branch = 0;
    this.done = {};
    /** What was done last, for whoever looks for a mistake. */
    this.trace = [];
    this.questions = new Set();
    this.failures = [];
    client.handlers.set('textDocument/publishDiagnostics', ({ uri, version, diagnostics }) => {
      this.shown.set(uri, { version, diagnostics });
    });
    client.handlers.set('workspace/diagnostic/refresh', () => {
      for (const path of this.open.keys()) this.pull(path);
      return null;
    });
    client.handlers.set('window/showMessageRequest', ({ actions }) => actions?.[0] ?? null);
  }

  uri(path) {
    return pathToFileURL(join(this.root, path)).href;
  }

  count(what, about = '') {
    this.done[what] = (this.done[what] ?? 0) + 1;
    this.note(`${what} ${about}`);
  }

  note(text) {
    this.trace.push(text);
    if (this.trace.length > TRACE) this.trace.shift();
  }

  /** Changes files on the disk and says so, as an editor's watcher does. `undefined` removes. */
  write(changes) {
    const events = [];
    for (const [path, text] of changes) {
      const place = join(this.root, path);
      if (text === undefined) {
        rmSync(place, { force: true });
        if (this.disk.delete(path)) events.push({ uri: this.uri(path), type: 3 });
        continue;
      }
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, text);
      events.push({ uri: this.uri(path), type: this.disk.has(path) ? 2 : 1 });
      this.disk.set(path, text);
    }
    if (events.length > 0) this.client.notify('workspace/didChangeWatchedFiles', { changes: events });
  }

  openFile(path) {
    const text = this.disk.get(path);
    if (text === undefined || this.open.has(path)) return;
    this.open.set(path, { version: 1, text, undo: [] });
    const textDocument = { uri: this.uri(path), languageId: path.endsWith('.json') ? 'jsonc' : 'typescript', version: 1, text };
    this.client.notify('textDocument/didOpen', { textDocument });
    this.pull(path);
  }

  closeFile(path) {
    this.open.delete(path);
    this.client.notify('textDocument/didClose', { textDocument: { uri: this.uri(path) } });
    if (this.pulls) this.shown.delete(this.uri(path));
  }

  /** Replaces a part of an open document. */
  edit(path, from, to, newText, { undo = true } = {}) {
    const document = this.open.get(path);
    const range = { start: position(document.text, from), end: position(document.text, to) };
    if (undo) {
      document.undo.push(document.text);
      if (document.undo.length > UNDO) document.undo.shift();
    }
    document.text = document.text.slice(0, from) + newText + document.text.slice(to);
    document.version += 1;
    this.note(`  ${path} ${document.version}: ${JSON.stringify(range)} ${JSON.stringify(newText.slice(0, 40))}`);
    this.client.notify('textDocument/didChange', {
      textDocument: { uri: this.uri(path), version: document.version },
      contentChanges: [{ range, text: newText }],
    });
    this.pull(path);
  }

  /** Puts a whole text in the place of an open document's, as an editor does that reloads it. */
  replace(path, text, options) {
    const document = this.open.get(path);
    if (document.text !== text) this.edit(path, 0, document.text.length, text, options);
  }

  save(path) {
    const { text } = this.open.get(path);
    this.write([[path, text]]);
    this.client.notify('textDocument/didSave', { textDocument: { uri: this.uri(path) } });
  }

  isDirty(path) {
    return this.open.get(path).text !== this.disk.get(path);
  }

  /** Asks for a document's findings, where the editor asks; again if its text changed meanwhile. */
  pull(path) {
    if (!this.pulls || !this.open.has(path)) return;
    if (this.pulling.has(path)) {
      this.pulling.set(path, true);
      return;
    }
    this.pulling.set(path, false);
    const { version } = this.open.get(path);
    this.client.request('textDocument/diagnostic', { textDocument: { uri: this.uri(path) } }).then(
      ({ items }) => this.shown.set(this.uri(path), { version, diagnostics: items }),
      (error) => {
        if (!PUT_UP_WITH.has(error.code)) this.failures.push(String(error));
      },
    ).finally(() => {
      const again = this.pulling.get(path);
      this.pulling.delete(path);
      if (again) this.pull(path);
    });
  }

  /** A question whose answer only has to come. Some are taken back. */
  ask(method, params) {
    const answer = this.client.request(method, params);
    const question = answer.catch((error) => {
      if (!PUT_UP_WITH.has(error.code)) this.failures.push(String(error));
    }).finally(() => this.questions.delete(question));
    this.questions.add(question);
    if (this.random.chance(0.05)) this.client.cancel(answer);
    return answer.catch(() => null);
  }

  /** Waits until no answer is owed. */
  async settled() {
    while (this.questions.size > 0) await Promise.all(this.questions);
  }

  /** A place in an open document: mostly in what follows the columns. */
  place(path) {
    const { text } = this.open.get(path);
    const from = this.random.chance(0.8) ? Math.max(text.lastIndexOf('define'), 0) : 0;
    let at = from + this.random.below(Math.max(text.length - from, 1));
    // Never within a surrogate pair.
    if (/[\udc00-\udfff]/.test(text[at] ?? '')) at -= 1;
    return at;
  }

  /** Does something. */
  async act() {
    const paths = [...this.open.keys()].filter((path) => path !== this.kept);
    const chosen = this.random.next();
    if (paths.length < 2 || (chosen < 0.05 && paths.length < 14)) return this.openSomething();
    const path = this.random.pick(paths);
    if (chosen < 0.45) return this.type(path);
    if (chosen < 0.50) return this.undo(path);
    if (chosen < 0.57) return this.saveSomething(path);
    if (chosen < 0.60) return this.close(path);
    if (chosen < 0.62) return this.renameSymbol(path);
    if (chosen < 0.63) return this.moveFile();
    if (chosen < 0.635) return this.settings();
    if (chosen < 0.638) return this.switchBranch();
    if (chosen < 0.68) return this.fixSomething(path);
    return this.question(path);
  }

  openSomething() {
    const all = [...this.disk.keys()].filter((path) => /\.ts$|realtime\.json$/.test(path));
    const path = this.random.pick(all);
    this.count('open', path);
    this.openFile(path);
  }

  type(path) {
    this.count('type', path);
    const at = this.place(path);
    const { text } = this.open.get(path);
    if (this.random.chance(0.3)) {
      const to = Math.min(at + 1 + this.random.below(6), text.length);
      if (!/[\udc00-\udfff]/.test(text[to] ?? '')) this.edit(path, at, to, '');
      return;
    }
    const typed = this.random.pick(TYPED);
    // One key at a time, as it is typed.
    const keys = this.random.chance(0.5) ? [typed] : [...typed];
    let offset = at;
    for (const key of keys) {
      this.edit(path, offset, offset, key, { undo: offset === at });
      offset += key.length;
    }
  }

  undo(path) {
    const text = this.open.get(path).undo.pop();
    if (text === undefined) return;
    this.count('undo', path);
    this.replace(path, text, { undo: false });
  }

  saveSomething(path) {
    this.count('save', path);
    // A text that grew for long is given up: back to the branch.
    const original = this.branches[this.branch].get(path);
    if (original !== undefined && this.random.chance(0.5)) this.replace(path, original);
    this.save(path);
    if (this.random.chance(0.2)) for (const other of this.open.keys()) this.save(other);
  }

  close(path) {
    this.count('close', path);
    this.closeFile(path);
  }

  async renameSymbol(path) {
    const { text } = this.open.get(path);
    const names = [...text.matchAll(/(title|status|note|item\d+x\d+|started|done|group\d+)\d?/g)];
    if (names.length === 0) return;
    this.count('rename', path);
    const found = this.random.pick(names);
    const at = { textDocument: { uri: this.uri(path) }, position: position(text, found.index + 1) };
    await this.ask('textDocument/prepareRename', at);
    const version = this.open.get(path)?.version;
    const edit = await this.ask('textDocument/rename', { ...at, newName: `${found[1]}${this.random.below(10)}` });
    if (edit && version === this.open.get(path)?.version) this.apply(edit);
  }

  async fixSomething(path) {
    const findings = this.shown.get(this.uri(path))?.diagnostics ?? [];
    if (findings.length === 0) return;
    this.count('fix', path);
    const finding = this.random.pick(findings);
    const version = this.open.get(path)?.version;
    const actions = await this.ask('textDocument/codeAction', {
      textDocument: { uri: this.uri(path) }, range: finding.range, context: { diagnostics: [finding] },
    });
    const edit = actions?.find((action) => action.edit)?.edit;
    if (edit && version === this.open.get(path)?.version) this.apply(edit);
  }

  /** Carries out an edit of several files. */
  apply(edit) {
    const changes = edit.documentChanges
      ? edit.documentChanges.map((change) => [change.textDocument, change.edits])
      : Object.entries(edit.changes ?? {}).map(([uri, edits]) => [{ uri }, edits]);
    const known = new Map([...this.disk.keys()].map((path) => [this.uri(path), path]));
    const written = [];
    for (const [{ uri, version }, edits] of changes) {
      const path = known.get(uri);
      const document = this.open.get(path);
      const text = document?.text ?? this.disk.get(path);
      if (text === undefined || (document && version && version !== document.version)) continue;
      const sorted = edits
        .map(({ range, newText }) => [offsetOf(text, range.start), offsetOf(text, range.end), newText])
        .sort((a, b) => b[0] - a[0]);
      if (document) {
        for (const [from, to, newText] of sorted) this.edit(path, from, to, newText);
      } else {
        written.push([path, sorted.reduce((old, [from, to, newText]) => old.slice(0, from) + newText + old.slice(to), text)]);
      }
    }
    this.write(written);
  }

  moveFile() {
    const all = [...this.disk.keys()].filter((path) => path.endsWith('.ts') && !path.includes('config') && !this.open.has(path));
    const path = this.random.pick(all);
    this.count('move', path);
    const text = this.disk.get(path);
    const changes = [[path, undefined]];
    if (this.random.chance(0.7)) changes.push([path.replace(/(-moved\d)?\.ts$/, `-moved${this.random.below(9)}.ts`), text]);
    // In one message or in two, in either order.
    if (this.random.chance(0.5)) changes.reverse();
    if (this.random.chance(0.5)) this.write(changes);
    else for (const change of changes) this.write([change]);
  }

  settings() {
    this.count('settings');
    const text = this.random.pick([
      '{\n  "rules": { "wide-payload": "hint" }\n}\n',
      '{\n  "rules": { "unknown-field": "warning", "implicit-mask": "off" }\n}\n',
      '{\n  "exclude": ["quickback/features/group-03/"]\n}\n',
      '{\n  "roles": ["guest"], "rulez": {}\n}\n',
      '{\n  "output": { "worker": false }\n}\n',
    ]);
    if (this.open.has('quickback-realtime.json')) this.replace('quickback-realtime.json', text);
    else this.write([['quickback-realtime.json', text]]);
    if (this.random.chance(0.3)) {
      this.write([['.gitignore', this.random.pick(['node_modules/\ndist/\n', 'node_modules/\ndist/\nquickback/features/group-05/\n'])]]);
    }
  }

  /** Another branch: 1,000 files and more change at once; what is open and unchanged is reloaded. */
  switchBranch() {
    this.count('switch branch');
    this.branch = 1 - this.branch;
    const target = this.branches[this.branch];
    const clean = [...this.open.keys()].filter((path) => !this.isDirty(path));
    const changes = [];
    for (const path of this.disk.keys()) if (!target.has(path)) changes.push([path, undefined]);
    for (const [path, text] of target) if (this.disk.get(path) !== text) changes.push([path, text]);
    this.write(changes);
    for (const path of clean) {
      const text = this.disk.get(path);
      if (text === undefined) this.closeFile(path);
      else this.replace(path, text, { undo: false });
    }
  }

  question(path) {
    const { text } = this.open.get(path);
    const textDocument = { uri: this.uri(path) };
    const at = { textDocument, position: position(text, this.place(path)) };
    const range = { start: { line: 0, character: 0 }, end: position(text, text.length) };
    const [method, params] = this.random.pick([
      ['textDocument/hover', at],
      ['textDocument/hover', at],
      ['textDocument/completion', at],
      ['textDocument/completion', at],
      ['textDocument/definition', at],
      ['textDocument/references', { ...at, context: { includeDeclaration: true } }],
      ['textDocument/documentHighlight', at],
      ['textDocument/documentSymbol', { textDocument }],
      ['textDocument/inlayHint', { textDocument, range }],
      ['textDocument/codeLens', { textDocument }],
      ['textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } }],
      ['workspace/symbol', { query: this.random.pick(['item', 'group', 'title', '']) }],
      ['quickback/preview', at],
    ]);
    this.count(method, path);
    this.ask(method, params);
  }
}
