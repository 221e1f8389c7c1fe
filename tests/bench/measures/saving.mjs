// From a save to the helper on the disk, in a project of N tables; and what writing the same bytes
// takes, which is the floor.

import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { OURS } from '../frame/bench.mjs';
import { definition } from '../lsp/documents.mjs';
import { Session, servers } from '../lsp/servers.mjs';
import { writeProject } from '../project.mjs';

const HELPER = 'src/lib/realtime.ts';

/** How long generation may take before the measure gives up, in milliseconds. */
const PATIENCE = 60_000;

export default async function saving(bench) {
  for (const size of bench.sizes) {
    await bench.temporary(async (root) => {
      await writeProject(size, root);
      execFileSync(bench.binary, ['generate', root], { stdio: ['ignore', 'ignore', 'inherit'] });
      const session = await Session.start(bench, servers(bench)[OURS], root);
      const document = await definition(root, 0);
      await session.open(document.uri, document.text);
      const saver = new Saver(session, root, document);
      // The first save also tells which files it is that a save writes.
      const before = await stamps(root);
      await saver.save();
      const after = await settled(root);
      const written = [...after.keys()].filter((path) => before.get(path) !== after.get(path));
      const texts = await Promise.all(written.map((path) => readFile(path)));
      const floor = join(root, 'floor');
      await mkdir(floor);
      const samples = await bench.inTurn({
        [OURS]: () => saver.save(),
        'write the same bytes': () => timed(() => writeAll(floor, texts, false)),
        'write them through to the disk': () => timed(() => writeAll(floor, texts, true)),
      });
      await session.end();
      bench.add('server, save → helper on the disk', 'ms', samples, { size, goal: 'within 5× of writing the bytes' });
    });
  }
}

/** Somebody who adds a field, saves, removes it, saves. */
class Saver {
  #has = true;

  constructor(session, root, document) {
    this.session = session;
    this.helper = join(root, HELPER);
    this.document = document;
  }

  /** The milliseconds from a save to another helper. */
  async save() {
    const { uri, path, text } = this.document;
    const line = `      'id',\n`;
    const at = text.indexOf(line);
    if (at < 0) throw new Error(`there is no field id in ${path}`);
    const short = text.replace(line, '');
    const [now, next] = this.#has ? [text, short] : [short, text];
    const edit = this.#has ? { at, remove: line.length, insert: '' } : { at, remove: 0, insert: line };
    this.#has = !this.#has;
    await this.session.change(uri, now, edit);
    await writeFile(path, next);
    const before = stampOf(this.helper);
    return timed(async () => {
      this.session.server.notify('textDocument/didSave', { textDocument: { uri } });
      const end = performance.now() + PATIENCE;
      while (stampOf(this.helper) === before) {
        if (performance.now() > end) throw new Error(`no other ${HELPER} after a save`);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    });
  }
}

/** What a file that was replaced has another of. */
function stampOf(path) {
  if (!existsSync(path)) return undefined;
  const { ino, mtimeMs, size } = statSync(path);
  return `${ino} ${mtimeMs} ${size}`;
}

/** The stamps when nothing is being written any more: the helper is only one of several files. */
async function settled(root) {
  for (;;) {
    const found = await stamps(root);
    if (![...found.keys()].some((path) => path.endsWith('.tmp'))) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The stamps of everything that may be generated. */
async function stamps(root) {
  const found = new Map();
  for (const folder of ['src/lib', 'realtime-worker']) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter((entry) => entry.isFile())) {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      found.set(path, stampOf(path));
    }
  }
  return found;
}

/** Writes files beside their places, as a generator has to that must not leave half of one. */
async function writeAll(folder, texts, through) {
  for (const [at, text] of texts.entries()) {
    const path = join(folder, `${at}`);
    const beside = `${path}.tmp`;
    const file = await open(beside, 'w');
    await file.writeFile(text);
    if (through) await file.sync();
    await file.close();
    await rename(beside, path);
  }
}

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
