import * as assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { diagnosed, open, replace, revert, running, TIPS, until, uri } from './workspace.ts';

const SETTLE_MS = 1_500;

describe('a workspace that is not trusted', () => {
  it('is one', () => assert.equal(vscode.workspace.isTrusted, false));

  it('runs the server of the extension, whatever the workspace would like', async () => {
    const extension = await running();
    const set = vscode.workspace.getConfiguration('quickbackRealtime').get('server.path');
    assert.equal(set, '${workspaceFolder}/node_modules/.bin/quickback-realtime', 'the setting of the user');
    assert.match(extension.state.binary?.origin ?? '', /^this extension, since /);
    assert.equal(existsSync(uri('trapped').fsPath), false);
  });

  it('runs the server of a setting only where the workspace has no say in it', async () => {
    const extension = await running();
    const bundled = extension.state.binary?.path ?? '';
    const trap = uri('node_modules/.bin/quickback-realtime').fsPath;
    const scratch = mkdtempSync(path.join(tmpdir(), 'quickback-realtime-'));
    const link = path.join(scratch, 'linked');
    symlinkSync(path.dirname(trap), link);
    const leadingOut = uri('leading-out').fsPath;
    symlinkSync(bundled, leadingOut);
    const settings = vscode.workspace.getConfiguration('quickbackRealtime');
    const before = settings.inspect('server.path')?.globalValue;
    const runs = async (set: string, origin: RegExp): Promise<void> => {
      await settings.update('server.path', set, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('quickbackRealtime.restart');
      await until(`a server from ${origin} for ${set}`, () => origin.test(extension.state.binary?.origin ?? ''));
      assert.equal(extension.state.binary?.path, bundled);
      assert.equal(existsSync(uri('trapped').fsPath), false);
    };
    try {
      await runs(bundled, /^the setting/);
      for (const set of [trap, path.join(link, 'quickback-realtime'), 'node_modules/.bin/quickback-realtime', leadingOut]) {
        await runs(set, /^this extension, since /);
        await runs(bundled, /^the setting/);
      }
    } finally {
      await settings.update('server.path', before, vscode.ConfigurationTarget.Global);
      rmSync(scratch, { recursive: true });
      rmSync(leadingOut);
    }
  });

  it('is checked all the same', async () => {
    const editor = await open(TIPS);
    await replace(editor, "'triage',\n      'handledBy'", "'triag',\n      'handledBy'");
    await diagnosed(TIPS, 'unknown-field');
    await revert(editor);
  });

  it('generates nothing, by command or on save', async () => {
    const extension = await running();
    const editor = await open(TIPS);
    await vscode.commands.executeCommand('quickbackRealtime.generateFiles');
    await replace(editor, "'triage',\n", "'triage', // as the desk calls it\n");
    await editor.document.save();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    assert.equal(existsSync(uri('src/lib/realtime.ts').fsPath), false);
    assert.match(extension.status.generation, /This workspace is not trusted/);
  });
});
