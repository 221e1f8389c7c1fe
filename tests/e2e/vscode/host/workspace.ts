// The project under test, as the tests speak of it.

import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import * as vscode from 'vscode';

const EXTENSION = 'quickback-realtime.quickback-realtime';
const PATIENCE_MS = 60_000;

/** What the extension hands to tests, and to other extensions. */
export interface Api {
  readonly state: { kind: 'starting' | 'running' | 'failed'; message?: string; binary?: { path: string; version: string; origin: string } };
  readonly status: { project: string; generation: string };
}

export const TIPS = 'quickback/features/tips/tips.ts';
export const STORIES = 'quickback/features/stories/stories.ts';
export const TRIAGE = 'quickback/features/tips/handlers/triage.ts';
/** A table whose records have an owner. */
export const EXPENSES = 'quickback/features/finance/expenses.ts';
/** A table without realtime. */
export const ASSETS = 'quickback/features/audience/media-assets.ts';
export const ALERTS = 'quickback/services/realtime/alerts.ts';

export function uri(file: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, ...file.split(path.posix.sep));
}

/** Opens a file of the project in the editor. */
export async function open(file: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(uri(file));
  return vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
}

/** The extension's own view of things, once it is active. */
export async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>(EXTENSION);
  assert.ok(extension, 'the package is installed');
  await until('the extension is active', () => extension.isActive);
  return extension.exports;
}

/** The extension with its server running. */
export async function running(): Promise<Api> {
  const extension = await api();
  await until('the server runs', () => extension.state.kind === 'running');
  return extension;
}

/** The value of `read` as soon as it is one; fails with `what` when it never is. */
export async function until<T>(what: string, read: () => T | PromiseLike<T>): Promise<Exclude<T, false | null | undefined>> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (value) {
      return value as Exclude<T, false | null | undefined>;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain for this: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** Our diagnostics of a file, or those of another source. */
export function diagnostics(file: string, source = 'quickback-realtime'): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri(file)).filter((diagnostic) => diagnostic.source === source);
}

/** The diagnostic with a code, as soon as there is one. */
export function diagnosed(file: string, code: string): Promise<vscode.Diagnostic> {
  return until(`the finding ${code} in ${file}`, () => diagnostics(file).find((found) => codeOf(found) === code));
}

/** Waits until nothing of ours is found in a file. */
export async function clean(file: string): Promise<void> {
  await until(`nothing found in ${file}`, () => diagnostics(file).length === 0);
}

/** The code of a diagnostic as text, whether or not it has a link. */
export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** The position right before `text`, or `offset` characters later. */
export function positionOf(document: vscode.TextDocument, text: string, offset = 0): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, `"${text}" is in ${document.uri.path}`);
  return document.positionAt(at + offset);
}

/** The range of the first `text`. */
export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  return new vscode.Range(positionOf(document, text), positionOf(document, text, text.length));
}

/** Replaces the first `from` in the document of an editor. */
export async function replace(editor: vscode.TextEditor, from: string, to: string): Promise<void> {
  assert.ok(await editor.edit((edit) => edit.replace(rangeOf(editor.document, from), to)));
}

/** Puts the document back to what is on the disk. */
export async function revert(editor: vscode.TextEditor): Promise<void> {
  await vscode.window.showTextDocument(editor.document, { viewColumn: vscode.ViewColumn.One });
  await vscode.commands.executeCommand('workbench.action.files.revert');
}
