// The preview: a read-only document beside the source that follows the typing.

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { differences, headings } from './differences';
import type { Preview, PreviewEvent, PreviewParams, PreviewTarget } from './protocol';
import { DOCUMENTS, type Server } from './server';

/** The scheme of preview documents; the query holds what they are previews of. */
export const PREVIEW_SCHEME = 'quickback-realtime-preview';
const TYPING_PAUSE_MS = 120;
// The extension's manifest recognizes the language of these documents by how they begin.
const FRESH_LINE = '// What each receiver gets, as you type.';
const KEPT_LINE = '// Kept from before this edit.';

const DIFFERING = vscode.window.createTextEditorDecorationType({
  backgroundColor: new vscode.ThemeColor('diffEditor.insertedTextBackground'),
  borderRadius: '2px',
  overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.modifiedForeground'),
  overviewRulerLane: vscode.OverviewRulerLane.Right,
});
const RECEIVERS = vscode.window.createTextEditorDecorationType({
  color: new vscode.ThemeColor('editor.foreground'),
  fontWeight: 'bold',
});
const KEPT = vscode.window.createTextEditorDecorationType({
  isWholeLine: true,
  backgroundColor: new vscode.ThemeColor('inputValidation.warningBackground'),
});

export class Previews implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly latest = new Map<string, Preview>();
  private readonly disposables: vscode.Disposable[];
  private pause: NodeJS.Timeout | undefined;

  readonly onDidChange = this.changed.event;

  constructor(private readonly server: Server) {
    this.disposables = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, this),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document.uri.scheme === PREVIEW_SCHEME) {
          this.decorate();
        } else if (contentChanges.length > 0 && vscode.languages.match(DOCUMENTS, document) > 0) {
          this.refreshSoon();
        }
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.latest.delete(uri.toString())),
      vscode.window.onDidChangeVisibleTextEditors(() => this.decorate()),
      server.onWillStart((client) => {
        client.onNotification('quickback/previewChanged', () => this.refresh());
      }),
      server.onDidChangeState(({ kind }) => {
        if (kind === 'running') {
          this.refresh();
        }
      }),
    ];
  }

  /** Shows the preview of a target, or of what is under the cursor, beside the source. */
  async show(target?: PreviewTarget): Promise<void> {
    const client = await this.server.asked();
    const params = target === undefined ? atCursor() : fromTarget(target);
    const preview = params === undefined ? null : await ask(client, params);
    if (preview === null) {
      void vscode.window.showInformationMessage(
        'There is nothing to preview here. Put the cursor into a table with a "realtime" block, or into a "defineRealtime".',
      );
      return;
    }
    const uri = previewUri(preview, params?.textDocument.uri ?? preview.source.uri);
    this.latest.set(uri.toString(), preview);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
  }

  /** The events in a preview document, as it was shown last. */
  events(uri: vscode.Uri): PreviewEvent[] | undefined {
    return this.latest.get(uri.toString())?.json;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const client = await this.server.ready();
    const shown = this.latest.get(uri.toString());
    if (client === undefined) {
      return shown === undefined ? 'The Quickback Realtime server is not running.\n' : content(shown);
    }
    const preview = await ask(client, JSON.parse(uri.query) as PreviewParams);
    if (preview !== null) {
      this.latest.set(uri.toString(), preview);
      return content(preview);
    }
    // Between two keystrokes a definition may be no definition at all.
    return shown === undefined ? 'There is nothing to preview here any more.\n' : content({ ...shown, stale: true });
  }

  dispose(): void {
    clearTimeout(this.pause);
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  private refreshSoon(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.refresh(), TYPING_PAUSE_MS);
  }

  private refresh(): void {
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.scheme === PREVIEW_SCHEME) {
        this.changed.fire(document.uri);
      }
    }
  }

  private decorate(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const shown = this.latest.get(editor.document.uri.toString());
      if (editor.document.uri.scheme !== PREVIEW_SCHEME || shown === undefined) {
        continue;
      }
      const lines = editor.document.getText().split('\n');
      editor.setDecorations(
        DIFFERING,
        differences(lines, shown.json).map(({ line, start, end }) => new vscode.Range(line, start, line, end)),
      );
      editor.setDecorations(
        RECEIVERS,
        headings(lines).map((line) => new vscode.Range(line, 3, line, lines[line]?.length ?? 3)),
      );
      editor.setDecorations(KEPT, lines[0] === KEPT_LINE ? [new vscode.Range(0, 0, 0, 0)] : []);
    }
  }
}

function atCursor(): PreviewParams | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.document.uri.scheme !== 'file') {
    return undefined;
  }
  const { line, character } = editor.selection.active;
  return { textDocument: { uri: editor.document.uri.toString() }, position: { line, character } };
}

function fromTarget({ uri, ...rest }: PreviewTarget): PreviewParams {
  return { textDocument: { uri }, ...rest };
}

/** A preview is named by what it shows, not by a position: that survives every edit. */
function previewUri({ name, kind }: Preview, source: string): vscode.Uri {
  const params: PreviewParams = { textDocument: { uri: source }, name, kind };
  return vscode.Uri.from({ scheme: PREVIEW_SCHEME, path: `/Preview: ${name}`, query: JSON.stringify(params) });
}

function ask(client: LanguageClient, params: PreviewParams): Promise<Preview | null> {
  return client.sendRequest<Preview | null>('quickback/preview', params);
}

/** The document: its first line is always the state, so that nothing below it ever moves. */
function content({ text, stale }: Preview): string {
  return `${stale ? KEPT_LINE : FRESH_LINE}\n${text}`;
}
