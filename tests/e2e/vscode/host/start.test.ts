import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, codeOf, diagnostics, open, replace, revert, STORIES, until } from './workspace.ts';

describe(`the installed package in VS Code ${vscode.version}`, () => {
  it('starts the server that came with it', async () => {
    const extension = await api();
    await until('the server runs', () => extension.state.kind === 'running');
    assert.equal(extension.state.binary?.origin, 'this extension');
  });

  it('finds nothing wrong in a clean project', async () => {
    await open(STORIES);
    assert.deepEqual(diagnostics(STORIES), []);
  });

  it('reports a misspelled column, and takes it back', async () => {
    const editor = await open(STORIES);
    await replace(editor, "'headline',\n      //", "'headlin',\n      //");
    const [found] = await until('a diagnostic', () => diagnostics(STORIES).length > 0 && diagnostics(STORIES));
    assert.equal(found && codeOf(found), 'unknown-field');
    assert.equal(found && editor.document.getText(found.range), 'headlin');
    await revert(editor);
    await until('no diagnostic', () => diagnostics(STORIES).length === 0);
  });

  it('leaves the built-in TypeScript at work beside it', async () => {
    const editor = await open(STORIES);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'const wrong: string = 1;\n'));
    const found = await until('a finding of TypeScript', () => diagnostics(STORIES, 'ts').find(({ code }) => code === 2322));
    assert.match(found.message, /not assignable/);
    await revert(editor);
  });
});
