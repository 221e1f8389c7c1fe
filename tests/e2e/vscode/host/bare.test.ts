import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { api, until, uri } from './workspace.ts';

describe('a workspace that is not trusted, and an extension without a server', () => {
  it('runs nothing of the workspace, not even by PATH', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const extension = await api();
    // As where VS Code is started by a script of the workspace, or its shell enters the folder.
    process.env['PATH'] = `${uri('node_modules/.bin').fsPath}:${process.env['PATH']}`;
    await vscode.commands.executeCommand('quickbackRealtime.restart');
    await until('a failure', () => extension.state.kind === 'failed');
    assert.match(extension.state.message ?? '', /^No Quickback Realtime server was found outside of this workspace, which is not trusted\. Trust it, or /);
    assert.equal(existsSync(uri('trapped').fsPath), false);
  });
});
