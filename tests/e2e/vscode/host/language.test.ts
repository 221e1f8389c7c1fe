import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ALERTS, clean, diagnosed, EXPENSES, open, positionOf, rangeOf, replace, revert, running, TIPS, TRIAGE, uri } from './workspace.ts';

const FIX_ALL = 'source.fixAll.quickbackRealtime';

// VS Code cancels a question when its own state moves on meanwhile; a user would ask again.
async function ask<T>(command: string, ...args: unknown[]): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await vscode.commands.executeCommand<T>(`vscode.${command}`, ...args);
    } catch (error) {
      if (attempt === 3 || !String(error).includes('Canceled')) throw error;
    }
  }
}

function textOf(hovers: vscode.Hover[]): string {
  return hovers.flatMap(({ contents }) => contents.map((part) => (typeof part === 'string' ? part : part.value))).join('\n');
}

describe('a finding', () => {
  let editor: vscode.TextEditor;
  before(running);
  beforeEach(async () => {
    editor = await open(TIPS);
    await replace(editor, "'triage',\n      'handledBy'", "'triag',\n      'handledBy'");
  });
  afterEach(async () => {
    await revert(editor);
    await clean(TIPS);
  });

  it('says what is wrong in the names of the project, and leads to its rule', async () => {
    const found = await diagnosed(TIPS, 'unknown-field');
    assert.match(found.message, /"triag" is not a column of "tips".*"triage"/);
    assert.equal(editor.document.getText(found.range), 'triag');
    assert.ok(typeof found.code === 'object', 'its code is a link');
    assert.match(found.code.target.toString(), /unknown-field/);
  });

  it('has a fix whose title says what it does', async () => {
    const found = await diagnosed(TIPS, 'unknown-field');
    const actions = await ask<vscode.CodeAction[]>('executeCodeActionProvider', editor.document.uri, found.range, 'quickfix', 10);
    const fix = actions.find(({ title }) => title === 'Change to "triage"');
    assert.ok(fix?.edit, `among ${actions.map(({ title }) => title).join('; ')}`);
    assert.equal(actions.indexOf(fix), 0, 'it comes first');
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await clean(TIPS);
  });

  it('can be silenced where it stands', async () => {
    const found = await diagnosed(TIPS, 'unknown-field');
    const actions = await ask<vscode.CodeAction[]>('executeCodeActionProvider', editor.document.uri, found.range, 'quickfix', 10);
    const silence = actions.find(({ title }) => /ignore|suppress|silence/i.test(title));
    assert.ok(silence?.edit, `among ${actions.map(({ title }) => title).join('; ')}`);
    assert.ok(await vscode.workspace.applyEdit(silence.edit));
    assert.match(editor.document.getText(), /quickback-realtime-ignore unknown-field/);
  });
});

describe('fix all', () => {
  it('mends on save what can be mended safely', async () => {
    const editor = await open(TIPS);
    const { document } = editor;
    const before = document.getText();
    const settings = vscode.workspace.getConfiguration('editor', document.uri);
    await settings.update('codeActionsOnSave', { [FIX_ALL]: 'explicit' }, vscode.ConfigurationTarget.Global);
    try {
      await replace(editor, "      'triage',\n", "      'triage',\n      'triage',\n      'triage',\n");
      // The second can be taken away only when the first is gone, and then all of the line.
      await replace(editor, '  realtime: {', '  // quickback-realtime-ignore no-events, empty-list\n  realtime: {');
      await diagnosed(TIPS, 'duplicate-field');
      await diagnosed(TIPS, 'unused-suppression');
      await document.save();
      assert.equal(document.getText(), before);
    } finally {
      await settings.update('codeActionsOnSave', undefined, vscode.ConfigurationTarget.Global);
      await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, document.lineCount, 0), before));
      await document.save();
    }
  });
});

describe('the language server', () => {
  let document: vscode.TextDocument;
  before(async () => {
    await running();
    document = (await open(TIPS)).document;
    await clean(TIPS);
  });

  it('explains on hover, with the event', async () => {
    const hovers = await hoverAt(document, positionOf(document, "'tipsterEmail',", 3));
    assert.match(hovers, /tipsterEmail/);
    assert.match(hovers, /email/);
  });

  it('goes from a call to its table', async () => {
    const call = await vscode.workspace.openTextDocument(uri(TRIAGE));
    const found = await ask<(vscode.Location | vscode.LocationLink)[]>('executeDefinitionProvider', call.uri, positionOf(call, "'tips'", 2));
    const files = found.map((place) => ('uri' in place ? place.uri : place.targetUri).path);
    assert.ok(files.some((file) => file.endsWith(TIPS)), files.join(', '));
  });

  it('finds the calls of an event from its definition', async () => {
    const alerts = await vscode.workspace.openTextDocument(uri(ALERTS));
    const found = await ask<vscode.Location[]>('executeReferenceProvider', alerts.uri, positionOf(alerts, "'new'", 2));
    assert.ok(found.some((place) => place.uri.path.endsWith(TRIAGE)), found.map((place) => place.uri.path).join(', '));
  });

  it('marks the other places of a column', async () => {
    const found = await ask<vscode.DocumentHighlight[]>('executeDocumentHighlights', document.uri, positionOf(document, "'tipsterEmail',", 3));
    const texts = new Set(found.map(({ range }) => document.getText(range)));
    assert.ok(found.length >= 3, `${found.length} places`);
    assert.deepEqual([...texts], ['tipsterEmail']);
  });

  it('renames an event in its definition and at its calls', async () => {
    const alerts = await vscode.workspace.openTextDocument(uri(ALERTS));
    const edit = await ask<vscode.WorkspaceEdit>('executeDocumentRenameProvider', alerts.uri, positionOf(alerts, "'new'", 2), 'fresh');
    const files = edit.entries().map(([file]) => vscode.workspace.asRelativePath(file));
    assert.deepEqual(files.sort(), [
      'quickback/features/stories/handlers/publish.ts',
      TRIAGE,
      'quickback/features/wire/handlers/ingest.ts',
      ALERTS,
    ]);
  });

  it('lists what a file defines, with who receives it and how it is masked', async () => {
    const symbols = await ask<vscode.DocumentSymbol[]>('executeDocumentSymbolProvider', document.uri);
    // TypeScript's own outline of the same file has names alone.
    const table = symbols.find(({ name, detail }) => name === 'tips' && detail !== '');
    assert.equal(table?.detail, 'reporter, standards, editor, admin, owner');
    const masking = table.children.find(({ name }) => name === 'masking');
    assert.deepEqual(
      masking?.children.map(({ name, detail }) => `${name}: ${detail}`),
      ['tipsterName: name', 'tipsterEmail: email', 'callbackNumber: phone'],
    );
  });

  it('finds an event, which is no name to TypeScript, from anywhere', async () => {
    const symbols = await ask<vscode.SymbolInformation[]>('executeWorkspaceSymbolProvider', 'acknowl');
    const event = symbols.find(({ name }) => name === 'acknowledged');
    assert.equal(event?.containerName, 'alerts', symbols.map(({ name }) => name).join(', '));
  });

  it('shows what a role with a plus stands for', async () => {
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await ask<vscode.InlayHint[]>('executeInlayHintProvider', document.uri, whole);
    const labels = hints.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
    assert.ok(labels.some((label) => /admin/.test(label) && /owner/.test(label)), labels.join(' | '));
  });

  it('says above a table who receives what', async () => {
    const lenses = await ask<vscode.CodeLens[]>('executeCodeLensProvider', document.uri, 20);
    const titles = lenses.map(({ command }) => command?.title ?? '');
    assert.deepEqual(titles, [
      'Preview events',
      '1 call',
      'reporter, standards, editor, admin, owner · masked for all but standards: tipsterName · masked for all but standards, editor: tipsterEmail, callbackNumber',
    ]);
    const expenses = await vscode.workspace.openTextDocument(uri(EXPENSES));
    const others = await ask<vscode.CodeLens[]>('executeCodeLensProvider', expenses.uri, 20);
    assert.match(others.map(({ command }) => command?.title).join(' | '), / · owner sees all$/);
  });

  it('counts the calls of a table, and shows them', async () => {
    const lenses = await ask<vscode.CodeLens[]>('executeCodeLensProvider', document.uri, 20);
    const calls = lenses.find(({ command }) => /\d+ call/.test(command?.title ?? ''));
    assert.equal(calls?.command?.command, 'quickbackRealtime.showReferences');
    const [, , places] = calls.command.arguments as [string, unknown, { uri: string }[]];
    assert.deepEqual(places.map((place) => vscode.workspace.asRelativePath(vscode.Uri.parse(place.uri))), [TRIAGE]);
    await vscode.commands.executeCommand(calls.command.command, ...(calls.command.arguments ?? []));
    await vscode.commands.executeCommand('closeReferenceSearch');
  });

  async function hoverAt(of: vscode.TextDocument, position: vscode.Position): Promise<string> {
    return textOf(await ask<vscode.Hover[]>('executeHoverProvider', of.uri, position));
  }
});

describe('the configuration', () => {
  const CONFIG = 'quickback-realtime.json';
  afterEach(async () => {
    // VS Code holds a document open for minutes after its tab is closed, and what is open counts,
    // whether or not it is still on the disk. So what is left of it must be right.
    await vscode.workspace.fs.writeFile(uri(CONFIG), Buffer.from('{}\n'));
    await clean(CONFIG);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.delete(uri(CONFIG));
  });

  it('is checked as JSON with comments, by its schema', async () => {
    await vscode.workspace.fs.writeFile(uri(CONFIG), Buffer.from('{\n  // ours\n  "rules": { "wide-payload": "off" }\n}\n'));
    const editor = await open(CONFIG);
    assert.equal(editor.document.languageId, 'jsonc');
    const items = await ask<vscode.CompletionList>('executeCompletionItemProvider', editor.document.uri, positionOf(editor.document, '"rules"', 0));
    const labels = items.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.equal(labels.filter((label) => label === 'generateOnSave').length, 1, labels.join(', '));
  });

  it('says of a mistake in it that it is one', async () => {
    await vscode.workspace.fs.writeFile(uri(CONFIG), Buffer.from('{\n  "rulse": {}\n}\n'));
    const editor = await open(CONFIG);
    const found = await diagnosed(CONFIG, 'unknown-key');
    assert.equal(editor.document.getText(found.range).replaceAll('"', ''), 'rulse');
    const place = rangeOf(editor.document, 'rulse');
    // The schema must not say the same once more.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const all = vscode.languages.getDiagnostics(editor.document.uri).filter(({ range }) => range.intersection(place));
    assert.deepEqual(all.map(({ message }) => message), [found.message]);
  });
});
