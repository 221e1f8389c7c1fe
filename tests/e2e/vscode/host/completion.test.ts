import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ASSETS, open, positionOf, replace, revert, running, TIPS, TRIAGE } from './workspace.ts';

const RESOLVED = 40;

async function complete(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.CompletionItem[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    position,
    undefined,
    RESOLVED,
  );
  return list.items;
}

function labelOf({ label }: vscode.CompletionItem): string {
  return typeof label === 'string' ? label : label.label;
}

/**
 * The one item with a label: TypeScript and our server together must not offer two, and words of
 * the file are only offered where nobody knows better.
 */
function only(items: vscode.CompletionItem[], label: string): vscode.CompletionItem {
  const found = items.filter((item) => labelOf(item) === label);
  assert.ok(!found.some(({ kind }) => kind === vscode.CompletionItemKind.Text), `"${label}" is more than a word`);
  assert.equal(found.length, 1, `"${label}" once among ${items.map(labelOf).join(', ')}`);
  return found[0] as vscode.CompletionItem;
}

function documentationOf({ documentation }: vscode.CompletionItem): string {
  return typeof documentation === 'string' ? documentation : (documentation?.value ?? '');
}

/** Replaces `from`, completes where `|` is in `to`, and puts the file back. */
async function completeIn(file: string, from: string, to: string): Promise<{ editor: vscode.TextEditor; items: vscode.CompletionItem[] }> {
  const editor = await open(file);
  await replace(editor, from, to.replace('|', ''));
  const before = to.slice(0, to.indexOf('|'));
  const items = await complete(editor.document, positionOf(editor.document, to.replace('|', ''), before.length));
  return { editor, items };
}

describe('completion', () => {
  let editor: vscode.TextEditor | undefined;
  let items: vscode.CompletionItem[];
  before(running);
  afterEach(async () => {
    if (editor !== undefined) {
      await revert(editor);
    }
  });

  it('offers the columns that are not there yet, inside the quotes', async () => {
    ({ editor, items } = await completeIn(TIPS, "'receivedAt',\n    ]", "'receivedAt',\n      '|',\n    ]"));
    const item = only(items, 'attachmentUrl');
    assert.match(item.detail ?? '', /url/);
    assert.ok(!items.some((other) => labelOf(other) === 'summary'), 'a column that is there already is not offered');
  });

  it('replaces what is there, and nothing else', async () => {
    ({ editor, items } = await completeIn(TIPS, "'receivedAt',\n    ]", "'receivedAt',\n      'att|Wrong',\n    ]"));
    const { range, insertText } = only(items, 'attachmentUrl');
    const replaced = range instanceof vscode.Range ? range : range?.replacing;
    assert.equal(replaced && editor.document.getText(replaced), 'attWrong');
    assert.equal(insertText ?? 'attachmentUrl', 'attachmentUrl');
  });

  it('offers roles with and without the plus', async () => {
    ({ editor, items } = await completeIn(TIPS, "requiredRoles: ['reporter'", "requiredRoles: ['|', 'reporter'"));
    only(items, 'contributor');
    only(items, 'contributor+');
  });

  it('offers the keys of a realtime block with what they mean, and only those that are missing', async () => {
    ({ editor, items } = await completeIn(TIPS, '    onDelete: false,\n', '    onDelete: false,\n    on|\n'));
    assert.match(documentationOf(only(items, 'onUpdate')), /\w/);
    assert.ok(!items.some((item) => labelOf(item) === 'onDelete' && item.kind === vscode.CompletionItemKind.Property));
  });

  it('shows what each type of mask does', async () => {
    ({ editor, items } = await completeIn(TIPS, "tipsterName: { type: 'name'", "tipsterName: { type: '|'"));
    const item = only(items, 'email');
    assert.match(`${item.detail ?? ''} ${documentationOf(item)}`, /\*\*\*/);
  });

  it('offers table names at call sites', async () => {
    ({ editor, items } = await completeIn(TRIAGE, "realtime.update('tips'", "realtime.update('|'"));
    only(items, 'tips');
    only(items, 'stories');
  });

  it('offers namespaces and events at call sites', async () => {
    ({ editor, items } = await completeIn(TRIAGE, 'realtime.alerts.new(', 'realtime.alerts.|('));
    only(items, 'acknowledged');
  });

  it('has snippets for the blocks of a table and for a namespace', async () => {
    ({ editor, items } = await completeIn(ASSETS, '  crud: {', '  quickback-|\n  crud: {'));
    for (const prefix of ['quickback-realtime', 'quickback-masking']) {
      assert.equal(only(items, prefix).kind, vscode.CompletionItemKind.Snippet);
    }
  });

  it('writes a whole block', async () => {
    ({ editor, items } = await completeIn(ASSETS, '  crud: {', '  real|\n  crud: {'));
    const block = items.filter((item) => item.insertText instanceof vscode.SnippetString && /^realtime/.test(labelOf(item)));
    assert.ok(block.length > 0, `among ${items.map(labelOf).join(', ')}`);
  });
});
