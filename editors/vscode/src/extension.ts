// The extension's entry: what it registers, and nothing more.

import * as vscode from 'vscode';
import { compareViews, registerViews } from './compare';
import { generateFiles } from './generate';
import { Previews } from './preview';
import { LENS_COMMANDS, type PreviewTarget, type ProjectStatus, type ReferencesArguments } from './protocol';
import { Report } from './report';
import { Server, type ServerState } from './server';
import { Status } from './status';

let server: Server | undefined;

/** What other extensions, and tests, may ask this one. */
export interface Api {
  readonly state: ServerState;
  /** The two items of the language status, each as its text and its detail on two lines. */
  readonly status: { project: string; generation: string };
}

export function activate(context: vscode.ExtensionContext): Api {
  const log = vscode.window.createOutputChannel('Quickback Realtime', { log: true });
  const running = new Server(context.extension, log);
  const status = new Status();
  const previews = new Previews(running);
  const report = new Report(context.extension, running, status);
  server = running;

  const command = (id: string, action: (...args: never[]) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (...args: never[]) => {
      try {
        await action(...args);
      } catch (error) {
        // The command is over, whether or not somebody answers.
        void tell(log, error);
      }
    });
  context.subscriptions.push(
    log,
    running,
    status,
    previews,
    report,
    registerViews(),
    running.onDidChangeState((state) => status.setServer(state)),
    running.onWillStart((client) => {
      client.onNotification('quickback/status', (project: ProjectStatus) => status.setProject(project));
    }),
    command(LENS_COMMANDS.showPreview, (target?: PreviewTarget | vscode.Uri) =>
      // From the editor title VS Code hands on the file, and the cursor says what is meant.
      previews.show(target instanceof vscode.Uri ? undefined : target),
    ),
    command(LENS_COMMANDS.showReferences, (...args: ReferencesArguments) => showReferences(running, args)),
    command('quickbackRealtime.compareViews', (clicked?: vscode.Uri) => compareViews(previews, clicked)),
    command('quickbackRealtime.generateFiles', () => generateFiles(running)),
    command('quickbackRealtime.restart', () => running.restart()),
    command('quickbackRealtime.showLog', () => log.show()),
    command('quickbackRealtime.showReport', () => report.show()),
  );
  // A server that takes its time must not hold up the activation of others.
  void running.restart();
  return {
    get state() {
      return running.state;
    },
    get status() {
      return status.shown;
    },
  };
}

export async function deactivate(): Promise<void> {
  await server?.shutdown();
}

/** Says that a command did not work, in place of VS Code's own words for an error that nobody caught. */
async function tell(log: vscode.LogOutputChannel, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  log.error(error instanceof Error ? error : message);
  if ((await vscode.window.showErrorMessage(`Quickback Realtime: ${message}`, 'Show Log')) !== undefined) {
    log.show();
  }
}

async function showReferences(running: Server, [uri, position, locations]: ReferencesArguments): Promise<void> {
  const converter = running.client?.protocol2CodeConverter;
  if (converter !== undefined) {
    await vscode.commands.executeCommand(
      'editor.action.showReferences',
      vscode.Uri.parse(uri),
      converter.asPosition(position),
      locations.map((location) => converter.asLocation(location)),
    );
  }
}
