import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { diagnosed, open, replace, revert, running, TIPS, uri } from './workspace.ts';

const SETTLE_MS = 1_500;

describe('a workspace that is not trusted', () => {
  it('is one', () => assert.equal(vscode.workspace.isTrusted, false));

  it('runs the server of the extension, whatever the workspace would like', async () => {
    const extension = await running();
    assert.equal(extension.state.binary?.origin, 'this extension');
    assert.equal(existsSync(uri('trapped').fsPath), false);
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
