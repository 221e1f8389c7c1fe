// What the extension and the server know, as a document to paste into an issue.

import * as vscode from 'vscode';
import { ExecuteCommandRequest, type LanguageClient } from 'vscode-languageclient/node';
import { SERVER_COMMANDS } from './protocol';
import type { Server } from './server';
import type { Status } from './status';

const SCHEME = 'quickback-realtime-report';
const URI = vscode.Uri.from({ scheme: SCHEME, path: '/Quickback Realtime.md' });

export class Report implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly extension: vscode.Extension<unknown>,
    private readonly server: Server,
    private readonly status: Status,
  ) {}

  /** Opens the report, made anew. */
  async show(): Promise<void> {
    this.changed.fire(URI);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(URI), { preview: true });
  }

  async provideTextDocumentContent(): Promise<string> {
    const { state } = this.server;
    const lines = [
      '# Quickback Realtime in VS Code',
      '',
      `- Extension ${String(this.extension.packageJSON.version)}, VS Code ${vscode.version}, ${process.platform} ${process.arch}`,
      `- Workspace: ${vscode.workspace.isTrusted ? 'trusted' : 'not trusted'}, ${vscode.workspace.workspaceFolders?.length ?? 0} folder(s)`,
      `- Server: ${serverLine(state)}`,
      `- Status: ${this.status.shown.project.trim().replaceAll('\n', ' · ')}`,
      `- Generation: ${this.status.shown.generation.trim().replaceAll('\n', ' · ')}`,
      '',
    ];
    const client = await this.server.ready();
    if (client !== undefined) {
      lines.push((await askServer(client)).trim(), '');
    }
    return lines.join('\n');
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}

/** The server's own report; a server that cannot give one is a fact for the report too. */
async function askServer(client: LanguageClient): Promise<string> {
  try {
    return String(
      await client.sendRequest(ExecuteCommandRequest.type, { command: SERVER_COMMANDS.doctor, arguments: [] }),
    );
  } catch (error) {
    return `The server did not answer: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function serverLine(state: Server['state']): string {
  switch (state.kind) {
    case 'starting':
      return 'starting';
    case 'running':
      return `${state.binary.version} at ${state.binary.path}, from ${state.binary.origin}`;
    case 'failed':
      return state.message;
  }
}
