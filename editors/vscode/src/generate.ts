// The command *Generate*.

import * as vscode from 'vscode';
import { ExecuteCommandRequest } from 'vscode-languageclient/node';
import { SERVER_COMMANDS, type GenerateResult } from './protocol';
import type { Server } from './server';

const NOTE_MS = 5_000;
/** What the server's diagnostics say that they are from. */
const SOURCE = 'quickback-realtime';

/** Writes the generated files of the active editor's project. */
export async function generateFiles(server: Server, force = false): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showInformationMessage('Nothing is generated in a workspace that you do not trust.');
    return;
  }
  const client = await server.asked();
  const uri = vscode.window.activeTextEditor?.document.uri;
  const result = (await client.sendRequest(ExecuteCommandRequest.type, {
    command: SERVER_COMMANDS.generate,
    arguments: [{ ...(uri?.scheme === 'file' ? { uri: uri.toString() } : {}), force }],
  })) as GenerateResult;
  const [problem, ...others] = result.problems;
  if (problem !== undefined) {
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    void offerProblems(`Not generated: ${problem}${more}`);
    return;
  }
  const written = result.written.length;
  // Somebody who asked gets an answer, but not one that has to be closed.
  vscode.window.setStatusBarMessage(
    written === 0
      ? 'Quickback Realtime: everything was up to date'
      : `Quickback Realtime: wrote ${written} ${written === 1 ? 'file' : 'files'}`,
    NOTE_MS,
  );
}

/** The list of problems is only of use where it holds something: of closed files it holds nothing. */
async function offerProblems(message: string): Promise<void> {
  const listed = vscode.languages.getDiagnostics().flatMap(([, found]) => found);
  const isListed = listed.some(({ source, severity }) => source === SOURCE && severity === vscode.DiagnosticSeverity.Error);
  if ((await vscode.window.showErrorMessage(message, ...(isListed ? ['Show Problems'] : []))) !== undefined) {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
}
