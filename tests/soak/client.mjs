// The editor's side of one language server over stdio.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How long an answer may take before it counts as none, in milliseconds. */
const PATIENCE = 120_000;

/** A running server, spoken to as an editor does. */
export class Client {
  constructor(program, cwd) {
    this.child = spawn(program, ['lsp', '--stdio'], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    this.pid = this.child.pid;
    this.pending = new Map();
    this.nextId = 1;
    this.log = '';
    this.slowest = 0;
    /** What to do with notifications and requests of the server, by method. */
    this.handlers = new Map();
    this.buffer = Buffer.alloc(0);
    this.child.stdout.on('data', (chunk) => this.#receive(chunk));
    this.child.stderr.on('data', (chunk) => {
      this.log += chunk;
    });
    this.child.on('exit', (code, signal) => {
      this.ended = { code, signal };
      for (const { reject, method } of this.pending.values()) {
        reject(new Error(`the server ended (${code ?? signal}) before it answered ${method}\n${this.log}`));
      }
      this.pending.clear();
    });
    this.child.stdin.on('error', () => {});
  }

  /** Says `initialize` and `initialized`. */
  async initialize(root, capabilities) {
    const folders = [{ uri: root.href, name: 'soak' }];
    const result = await this.request('initialize', {
      processId: process.pid, rootUri: null, capabilities, workspaceFolders: folders,
    });
    this.notify('initialized', {});
    return result;
  }

  notify(method, params) {
    this.#send({ jsonrpc: '2.0', method, params });
  }

  /** Sends a request; the answer's error rejects. */
  request(method, params) {
    const id = this.nextId;
    this.nextId += 1;
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${method} in ${PATIENCE} ms`)), PATIENCE);
      this.pending.set(id, { resolve, reject, method, timer });
    });
    this.#send({ jsonrpc: '2.0', id, method, params });
    answer.id = id;
    return answer;
  }

  /** Takes a request back; its answer is then an error. */
  cancel(answer) {
    this.notify('$/cancelRequest', { id: answer.id });
  }

  /** Ends the server as an editor does, and answers its exit code. */
  async end() {
    const exit = new Promise((resolve) => {
      this.child.on('exit', (code) => resolve(code));
    });
    await this.request('shutdown', null);
    this.notify('exit', null);
    return exit;
  }

  /** The resident memory in KiB, processor time in ms, and the number of open files. */
  usage() {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
    // After the name, which may hold spaces: utime and stime are the 12th and 13th, in ticks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      memory: Number(/VmRSS:\s+(\d+)/.exec(status)[1]),
      cpu: (Number(fields[11]) + Number(fields[12])) * 10,
      threads: Number(fields[17]),
    };
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify(message));
    this.child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.child.stdin.write(body);
  }

  #receive(chunk) {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    for (;;) {
      const end = this.buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.buffer.toString('latin1', 0, end))[1]);
      if (this.buffer.length < end + 4 + length) return;
      const message = JSON.parse(this.buffer.toString('utf8', end + 4, end + 4 + length));
      this.buffer = this.buffer.subarray(end + 4 + length);
      this.#dispatch(message);
    }
  }

  #dispatch(message) {
    if (message.method === undefined) {
      const waiting = this.pending.get(message.id);
      if (!waiting) throw new Error(`an answer to no question: ${JSON.stringify(message)}`);
      this.pending.delete(message.id);
      clearTimeout(waiting.timer);
      if (message.error) {
        const error = new Error(`${waiting.method}: ${message.error.message}`);
        waiting.reject(Object.assign(error, { code: message.error.code }));
      } else {
        waiting.resolve(message.result);
      }
      return;
    }
    const result = this.handlers.get(message.method)?.(message.params) ?? null;
    if (message.id !== undefined) this.#send({ jsonrpc: '2.0', id: message.id, result });
  }
}
