// A language client over stdio that takes the time of what it hears, and fails on what it did not
// expect: frames that are none, requests it does not know, a server that ends.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

/** How long an answer may take, in milliseconds, before a measure gives up. */
const PATIENCE = 120_000;

/** How much of what a server said on stderr is kept, for when it fails. */
const KEPT_OUTPUT = 4000;

/** What the server may ask of us, and what it is told. */
const ANSWERS = {
  'client/registerCapability': () => null,
  'client/unregisterCapability': () => null,
  'window/workDoneProgress/create': () => null,
  'workspace/configuration': ({ items }) => items.map(() => null),
  'workspace/diagnostic/refresh': () => null,
  'workspace/codeLens/refresh': () => null,
  'workspace/inlayHint/refresh': () => null,
  'workspace/semanticTokens/refresh': () => null,
};

/** The URI of a path. */
export const uriOf = (path) => pathToFileURL(path).href;

/** A running server. */
export class LanguageServer {
  #child;
  #output = '';
  #buffer = Buffer.alloc(0);
  #nextId = 0;
  #answers = new Map();
  #waiting = new Set();
  #pending = new Set();
  #failure;
  #isEnding = false;

  /** What the server said of itself in `initialize`. */
  capabilities;
  /** When the process was started, in milliseconds of `performance.now()`. */
  started;

  /** @param {string[]} command The server and its arguments. */
  constructor(command, { cwd, env } = {}) {
    const [program, ...args] = command;
    this.started = performance.now();
    this.#child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
    this.#child.stdout.on('data', (chunk) => this.#read(chunk));
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#output = (this.#output + text).slice(-KEPT_OUTPUT);
    });
    this.#child.once('error', (error) => this.#fail(error));
    this.#child.once('exit', (code, signal) => {
      if (!this.#isEnding) this.#fail(new Error(`the server ended with ${code ?? signal}:\n${this.#output}`));
    });
  }

  /** Says `initialize` and `initialized`. */
  async initialize(root, { capabilities = {}, options } = {}) {
    const folder = { uri: uriOf(root), name: 'bench' };
    const { result } = await this.request('initialize', {
      processId: process.pid,
      clientInfo: { name: 'quickback-realtime-bench' },
      rootUri: folder.uri,
      workspaceFolders: [folder],
      capabilities,
      initializationOptions: options,
    });
    this.capabilities = result.capabilities;
    this.notify('initialized', {});
  }

  /** Opens a document. */
  open(uri, text, languageId = 'typescript') {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  /** Changes a document. */
  change(uri, version, contentChanges) {
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }

  /** Sends a notification. */
  notify(method, params) {
    this.#send({ method, params });
  }

  /** Sends a request; resolves to its result and the milliseconds that it took, as seen from here. */
  request(method, params) {
    const id = ++this.#nextId;
    const sent = performance.now();
    return this.#inTime(`an answer to ${method}`, (resolve, reject) => {
      this.#answers.set(id, (message) => {
        const milliseconds = performance.now() - sent;
        if (message.error) reject(new Error(`${method}: ${message.error.message}\n${this.#output}`));
        else resolve({ result: message.result, milliseconds });
      });
      this.#send({ id, method, params });
    });
  }

  /**
   * The next notification of that method that is wanted; resolves to its parameters and the time
   * at which it arrived. To be called before what causes it is sent.
   */
  next(method, isWanted = () => true) {
    return this.#inTime(method, (resolve) => {
      const listener = (message) => {
        if (message.method !== method || !isWanted(message.params)) return;
        this.#waiting.delete(listener);
        resolve({ params: message.params, at: performance.now() });
      };
      this.#waiting.add(listener);
    });
  }

  /** The resident memory of the server and of the processes that it started, in megabytes (10⁶ bytes). */
  async memory() {
    let bytes = 0;
    for (const pid of await descendants(this.#child.pid)) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      bytes += Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    }
    return bytes / 1e6;
  }

  /** Says `shutdown` and `exit`, and waits for the end of the process. */
  async end() {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    await this.request('shutdown');
    this.#isEnding = true;
    this.notify('exit');
    this.#child.stdin.end();
    const last = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(last);
    if (this.#failure) throw this.#failure;
  }

  /** Ends the process as it is, after a failure. */
  kill() {
    this.#isEnding = true;
    this.#child.kill('SIGKILL');
  }

  #send(message) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(chunk) {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const head = this.#buffer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/^content-length:\s*(\d+)$/im.exec(this.#buffer.toString('latin1', 0, head))?.[1]);
      if (!Number.isInteger(length)) return this.#fail(new Error('a message without a length'));
      const end = head + 4 + length;
      if (this.#buffer.length < end) return;
      const body = this.#buffer.toString('utf8', head + 4, end);
      this.#buffer = this.#buffer.subarray(end);
      this.#take(JSON.parse(body));
    }
  }

  #take(message) {
    if (message.method === undefined) {
      const answer = this.#answers.get(message.id);
      this.#answers.delete(message.id);
      if (!answer) return this.#fail(new Error(`an answer that nobody waits for: ${JSON.stringify(message)}`));
      return answer(message);
    }
    if (message.id !== undefined) {
      const answer = ANSWERS[message.method];
      if (!answer) return this.#fail(new Error(`an unexpected request: ${JSON.stringify(message)}`));
      return this.#send({ id: message.id, result: answer(message.params ?? {}) });
    }
    for (const listener of [...this.#waiting]) listener(message);
  }

  #inTime(what, start) {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      const late = setTimeout(() => {
        reject(new Error(`no ${what} within ${PATIENCE / 1000} s\n${this.#output}`));
      }, PATIENCE);
      const settle = (how) => (value) => {
        clearTimeout(late);
        this.#pending.delete(fail);
        how(value);
      };
      const fail = settle(reject);
      this.#pending.add(fail);
      start(settle(resolve), fail);
    });
  }

  #fail(error) {
    this.#failure ??= error;
    for (const fail of [...this.#pending]) fail(error);
  }
}

/** A process and all that come from it. */
async function descendants(pid) {
  const found = [pid];
  for (let at = 0; at < found.length; at++) {
    const children = await readFile(`/proc/${found[at]}/task/${found[at]}/children`, 'utf8');
    found.push(...children.split(' ').filter(Boolean).map(Number));
  }
  return found;
}
