import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ALERTS, EXPENSES, open, positionOf, replace, revert, running, TIPS, TRIAGE, until } from './workspace.ts';

const SCHEME = 'quickback-realtime-preview';

function previews(): vscode.TextDocument[] {
  return vscode.window.visibleTextEditors.map(({ document }) => document).filter(({ uri }) => uri.scheme === SCHEME);
}

async function preview(file: string, at: string): Promise<{ editor: vscode.TextEditor; shown: vscode.TextDocument }> {
  const editor = await open(file);
  const position = positionOf(editor.document, at);
  editor.selection = new vscode.Selection(position, position);
  await vscode.commands.executeCommand('quickbackRealtime.showPreview');
  const shown = await until('a preview', () => previews()[0]);
  return { editor, shown };
}

describe('the preview', () => {
  before(running);
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeEditorsInOtherGroups');
  });

  it('shows the events of the table under the cursor, beside it', async () => {
    const { editor, shown } = await preview(TIPS, 'realtime: {');
    assert.match(shown.getText(), /"eventType": "INSERT"/);
    assert.match(shown.getText(), /"tipsterEmail": "[^"*]+@/, 'plain for some');
    assert.match(shown.getText(), /"tipsterEmail": "[^"]*\*\*/, 'masked for others');
    const column = vscode.window.visibleTextEditors.find(({ document }) => document === shown)?.viewColumn;
    assert.notEqual(column, editor.viewColumn);
    assert.equal(vscode.window.activeTextEditor?.document, editor.document, 'the source keeps the cursor');
  });

  it('follows the typing', async () => {
    const { editor, shown } = await preview(TIPS, 'realtime: {');
    assert.match(shown.getText(), /"handledBy"/);
    await replace(editor, "      'handledBy',\n", '');
    await until('a preview without the column', () => !shown.getText().includes('"handledBy"'));
    await revert(editor);
    await until('a preview with the column', () => shown.getText().includes('"handledBy"'));
  });

  it('keeps its place while it follows', async () => {
    const { editor, shown } = await preview(TIPS, 'realtime: {');
    const view = (): vscode.TextEditor | undefined => vscode.window.visibleTextEditors.find(({ document }) => document === shown);
    const top = (): number => view()?.visibleRanges[0]?.start.line ?? 0;
    view()?.revealRange(new vscode.Range(shown.lineCount - 1, 0, shown.lineCount - 1, 0), vscode.TextEditorRevealType.AtTop);
    const place = await until('a preview that is scrolled', () => top() > 20 && top());
    await replace(editor, "type: 'name'", "type: 'redact'");
    await until('another preview', () => shown.getText().includes('[REDACTED]'));
    assert.equal(top(), place);
    await revert(editor);
    await until('the first preview', () => !shown.getText().includes('[REDACTED]'));
    assert.equal(top(), place);
  });

  it('keeps its last good text in the middle of an edit, and says so', async () => {
    const { editor, shown } = await preview(TIPS, 'realtime: {');
    const [, ...body] = shown.getText().split('\n');
    await replace(editor, 'export default feature(', 'export default feat');
    const kept = await until('the note', () => /Kept from before/.test(shown.lineAt(0).text) && shown.getText().split('\n'));
    assert.deepEqual(kept.slice(1), body);
    await revert(editor);
    await until('no note', () => !/Kept from before/.test(shown.lineAt(0).text));
  });

  it('cannot be written into', async () => {
    const { shown } = await preview(TIPS, 'realtime: {');
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document === shown);
    const before = shown.getText();
    await editor?.edit((edit) => edit.insert(new vscode.Position(0, 0), 'x')).then(undefined, () => false);
    assert.equal(shown.getText(), before);
  });

  it('shows the events of a namespace', async () => {
    const { shown } = await preview(ALERTS, 'events:');
    assert.match(shown.getText(), /"event": "alerts:acknowledged"/);
  });

  it('is compared where its title was clicked, though another is shown', async () => {
    const { shown } = await preview(TIPS, 'realtime: {');
    await vscode.window.showTextDocument(shown, { viewColumn: vscode.ViewColumn.Two, preview: false });
    const other = await open(EXPENSES);
    const position = positionOf(other.document, 'realtime: {');
    other.selection = new vscode.Selection(position, position);
    await vscode.commands.executeCommand('quickbackRealtime.showPreview');
    await until('the other preview', () => previews().some(({ uri }) => uri.toString() !== shown.uri.toString()));
    const compared = vscode.commands.executeCommand('quickbackRealtime.compareViews', shown.uri);
    const sides = await until('the comparison', async () => {
      // Each question is answered with what it proposes.
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
      return inputs.find((input) => input instanceof vscode.TabInputTextDiff);
    });
    await compared;
    for (const { query } of [sides.original, sides.modified]) {
      assert.match(query, /tipsterEmail/);
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('opens nothing where there is nothing to show', async () => {
    await open(TRIAGE);
    await vscode.commands.executeCommand('quickbackRealtime.showPreview');
    assert.deepEqual(previews(), []);
  });
});
