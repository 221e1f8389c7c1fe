import * as assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { api, diagnosed, open, replace, revert, STORIES, until, uri, type Api } from './workspace.ts';

const scratch = path.join(tmpdir(), `quickback-realtime-servers-${process.pid}`);

/** A program under a name of its own, as the setting would name it. */
function program(name: string, text: string, mode = 0o755): string {
  mkdirSync(scratch, { recursive: true });
  const file = path.join(scratch, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

async function setPath(value: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('quickbackRealtime').update('server.path', value, vscode.ConfigurationTarget.Global);
}

/** The processes that run a file, started by this extension host. */
function processes(file: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return Number(parent) === process.pid && (readlinkSync(`/proc/${pid}/exe`) === file || command.includes(file));
      } catch {
        // It has ended in the meantime, or is not ours to look at.
        return false;
      }
    })
    .map(Number);
}

describe('the choice of a server', () => {
  let extension: Api;
  before(async () => {
    extension = await api();
  });
  after(async () => {
    await setPath(undefined);
    rmSync(scratch, { recursive: true, force: true });
    rmSync(uri('node_modules').fsPath, { recursive: true, force: true });
    await vscode.commands.executeCommand('quickbackRealtime.restart');
    await until('the server runs', () => extension.state.kind === 'running');
  });

  async function failure(pattern: RegExp): Promise<void> {
    await until(`a failure like ${pattern}`, () => extension.state.kind === 'failed' && pattern.test(extension.state.message ?? ''));
    assert.match(extension.status.project, /^Quickback Realtime is not running\n/);
  }

  it('says of a path that does not exist that it does not, and what to do', async () => {
    await setPath(path.join(scratch, 'nowhere'));
    await failure(/nowhere \(from the setting "quickbackRealtime\.server\.path"\) does not exist\. Correct the setting/);
  });

  it('says of a file that may not be executed that it may not', async () => {
    await setPath(program('forbidden', '', 0o644));
    await failure(/forbidden .* may not be executed\. /);
  });

  it('does not start another program', async () => {
    await setPath(program('other', '#!/bin/sh\necho Something else 1.0\n'));
    await failure(/is another program: asked for its version, it said "Something else 1\.0"/);
  });

  it('says what a server that cannot run said', async () => {
    await setPath(program('broken', '#!/bin/sh\nexit 3\n'));
    await failure(/broken .* cannot be run: /);
  });

  it('takes the one of node_modules before the one of the extension', async () => {
    await setPath(undefined);
    await until('the bundled server', () => extension.state.kind === 'running');
    const bundled = extension.state.binary?.path ?? '';
    const folder = uri('node_modules/.bin').fsPath;
    mkdirSync(folder, { recursive: true });
    symlinkSync(bundled, path.join(folder, 'quickback-realtime'));
    await vscode.commands.executeCommand('quickbackRealtime.restart');
    assert.equal(extension.state.binary?.path, path.join(folder, 'quickback-realtime'));
    assert.match(extension.state.binary?.origin ?? '', /^the node_modules of /);
  });

  it('takes the one of the setting before both, with ${workspaceFolder} filled in', async () => {
    await setPath('${workspaceFolder}/node_modules/.bin/quickback-realtime');
    await until('the server of the setting', () => extension.state.binary?.origin.startsWith('the setting'));
    assert.equal(extension.state.kind, 'running');
  });

  it('starts a server of another version all the same', async () => {
    await setPath(undefined);
    await until('the server of the workspace', () => extension.state.binary?.origin.startsWith('the node_modules'));
    const real = extension.state.binary?.path ?? '';
    await setPath(program('newer', `#!/bin/sh\n[ "$1" = --version ] && echo quickback-realtime 99.0.0 || exec ${real} "$@"\n`));
    await until('the newer server', () => extension.state.binary?.version === '99.0.0');
    assert.match(extension.status.project, /99\.0\.0/);
  });
});

describe('a server that is killed', () => {
  it('comes back, and knows what was typed before and after', async () => {
    const extension = await api();
    const editor = await open(STORIES);
    const file = extension.state.binary?.path ?? '';
    const [pid] = processes(file);
    assert.ok(pid, `a process runs ${file}`);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// before\n'));
    process.kill(pid, 'SIGKILL');
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), '// after\n'));
    await until('another process', () => processes(file).some((other) => other !== pid));
    await until('the server runs', () => extension.state.kind === 'running');
    assert.ok(editor.document.getText().startsWith('// before\n// after\n'));
    await replace(editor, "'headline',\n      //", "'headlin',\n      //");
    const found = await diagnosed(STORIES, 'unknown-field');
    assert.equal(editor.document.getText(found.range), 'headlin');
    await revert(editor);
  });
});
