import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, until } from './workspace.ts';

describe('a workspace that is not trusted', () => {
  it('is one', () => assert.equal(vscode.workspace.isTrusted, false));

  it('runs the server of the extension', async () => {
    const extension = await api();
    await until('the server runs', () => extension.state.kind === 'running');
    assert.equal(extension.state.binary?.origin, 'this extension');
  });
});
