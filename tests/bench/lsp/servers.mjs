// The servers that are compared: how each is started, and how it tells what it found.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { OURS } from '../frame/bench.mjs';
import { LanguageServer } from './client.mjs';
import { applied, contentChange } from './edits.mjs';

/** The pipes alone, with nobody who works at their end. */
export const FLOOR = 'cat: the pipes alone';

/** `TextDocumentSyncKind.Incremental` of the protocol. */
const INCREMENTAL = 2;

/** What every client of today can do, as far as these servers ask. */
const CAPABILITIES = {
  general: { positionEncodings: ['utf-16'] },
  textDocument: {
    synchronization: { didSave: true },
    publishDiagnostics: { relatedInformation: true, versionSupport: true },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
    hover: { contentFormat: ['markdown', 'plaintext'] },
  },
  workspace: { configuration: true, workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
};

/** TypeScript 7 is asked for what it found. */
const PULLS = {
  ...CAPABILITIES,
  textDocument: { ...CAPABILITIES.textDocument, diagnostic: { relatedDocumentSupport: false } },
};

/** The servers by name. Those whose server tells what it found are told nothing else. */
export function servers(bench) {
  return {
    [OURS]: { command: [bench.binary, 'lsp'] },
    'tsc --lsp': { command: [bench.tool('tsc'), '--lsp', '--stdio'], pulls: true },
    'oxlint --lsp': { command: [bench.tool('oxlint'), '--lsp'] },
    // What no server can be faster than: it sends back what it gets.
    [FLOOR]: { command: ['cat'], echoes: true },
    'biome lsp-proxy': { command: [bench.tool('biome'), 'lsp-proxy'], end: [bench.tool('biome'), 'stop'] },
  };
}

/** A server with documents open in it. */
export class Session {
  #versions = new Map();

  /**
   * @param {{ command: string[], pulls?: boolean, echoes?: boolean, end?: string[] }} described One
   *   of {@link servers}.
   */
  constructor(bench, described, root, folder) {
    this.bench = bench;
    this.described = described;
    this.root = root;
    this.folder = folder;
    // Biome leaves a daemon running, found by a socket in one of these: each session has its own.
    this.env = { TMPDIR: folder, XDG_CACHE_HOME: folder, XDG_RUNTIME_DIR: folder };
    this.server = new LanguageServer(described.command, { cwd: root, env: this.env });
  }

  /** A session with a server that has been initialized. */
  static async start(bench, described, root, options) {
    const folder = await mkdtemp(join(tmpdir(), 'quickback-realtime-bench-'));
    const session = new Session(bench, described, root, folder);
    const capabilities = described.pulls ? PULLS : CAPABILITIES;
    if (!described.echoes) await session.server.initialize(root, { capabilities, options });
    return session;
  }

  /** Opens a document; resolves to what was found in it and when that was known. */
  async open(uri, text) {
    this.#versions.set(uri, 1);
    const found = this.#found(uri, 1);
    this.server.open(uri, text);
    return this.#asked(uri, found);
  }

  /**
   * Changes a document by an edit of its text; resolves to what was found in it, and the
   * milliseconds from the change to the moment at which that was known here.
   */
  async change(uri, text, edit) {
    const version = this.#versions.get(uri) + 1;
    this.#versions.set(uri, version);
    const contentChanges = [this.#isIncremental ? contentChange(text, edit) : { text: applied(text, edit) }];
    const found = this.#found(uri, version);
    const sent = performance.now();
    this.server.change(uri, version, contentChanges);
    const { diagnostics, at } = await this.#asked(uri, found);
    return { diagnostics, milliseconds: at - sent };
  }

  /** Closes a document. */
  close(uri) {
    this.#versions.delete(uri);
    this.server.notify('textDocument/didClose', { textDocument: { uri } });
  }

  /** Ends the server, and what it left running. */
  async end() {
    if (this.described.echoes) this.server.kill();
    else await this.server.end();
    const { bench, described, root: cwd, env } = this;
    if (described.end) await bench.command(described.end, { cwd, env });
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Whether the server wants to be told what changed, and not the whole text. */
  get #isIncremental() {
    if (this.described.echoes) return true;
    const sync = this.server.capabilities.textDocumentSync;
    return (sync?.change ?? sync) === INCREMENTAL;
  }

  /** The findings that are pushed for a version of a document. */
  #found(uri, version) {
    if (this.described.pulls) return undefined;
    if (this.described.echoes) return this.server.next(version === 1 ? 'textDocument/didOpen' : 'textDocument/didChange');
    const isIt = (params) => params.uri === uri && (params.version ?? version) >= version;
    return this.server.next('textDocument/publishDiagnostics', isIt);
  }

  async #asked(uri, found) {
    if (found) {
      const { params, at } = await found;
      return { diagnostics: params.diagnostics, at };
    }
    const { result } = await this.server.request('textDocument/diagnostic', { textDocument: { uri } });
    return { diagnostics: result.items, at: performance.now() };
  }
}
