import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { clean, diagnosed, diagnostics, open, replace, revert, running, STORIES, until } from './workspace.ts';

describe(`the installed package in VS Code ${vscode.version}`, () => {
  it('starts the server that came with it', async () => {
    const extension = await running();
    assert.equal(extension.state.binary?.origin, 'this extension');
  });

  it('reports a misspelled column, and takes it back', async () => {
    const editor = await open(STORIES);
    await replace(editor, "'headline',\n      //", "'headlin',\n      //");
    const found = await diagnosed(STORIES, 'unknown-field');
    assert.equal(editor.document.getText(found.range), 'headlin');
    await revert(editor);
    await clean(STORIES);
  });

  it('leaves the built-in TypeScript at work beside it', async () => {
    const editor = await open(STORIES);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'const wrong: string = 1;\n'));
    const found = await until('a finding of TypeScript', () => diagnostics(STORIES, 'ts').find(({ code }) => code === 2322));
    assert.match(found.message, /not assignable/);
    await revert(editor);
  });

  it('contributes every command, and each is there', async () => {
    const manifest = vscode.extensions.getExtension('quickback-realtime.quickback-realtime')?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !known.has(command));
    assert.deepEqual(missing, []);
  });
});
