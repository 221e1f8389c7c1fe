import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { open, until } from './workspace.ts';

const SETTLE_MS = 3_000;

describe('a workspace without a Quickback project', () => {
  it('costs nothing: the extension is not even loaded', async () => {
    const extension = vscode.extensions.getExtension('quickback-realtime.quickback-realtime');
    assert.ok(extension, 'the package is installed');
    const { document } = await open('answer.ts');
    await until('TypeScript at work', async () => {
      const symbols = await vscode.commands.executeCommand<unknown[]>('vscode.executeDocumentSymbolProvider', document.uri);
      return symbols?.length > 0;
    });
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    assert.equal(extension.isActive, false);
  });
});
