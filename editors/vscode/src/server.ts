// The server's life: started with the workspace, started again after a crash or a change of
// what it runs on, and every failure told once, in a sentence with a way out.

import * as vscode from 'vscode';
import {
  CloseAction,
  DidChangeConfigurationNotification,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  type ClientCapabilities,
  type CloseHandlerResult,
  type ErrorHandler,
  type FeatureState,
  type LanguageClientOptions,
  type StaticFeature,
} from 'vscode-languageclient/node';
import { findBinary, needsShell, ServerProblem, type Binary } from './binary';
import { LENS_COMMANDS } from './protocol';
import { traceChannel } from './trace';

const SECTION = 'quickbackRealtime';
const CRASHES_TOLERATED = 4;
const CRASH_WINDOW_MS = 3 * 60_000;

/** What the server is doing, for the status. */
export type ServerState =
  | { kind: 'starting' }
  | { kind: 'running'; binary: Binary }
  | { kind: 'failed'; message: string };

/** The documents that the server is told about. */
export const DOCUMENTS = [
  { scheme: 'file', language: 'typescript' },
  { scheme: 'file', language: 'typescriptreact' },
  { scheme: 'file', language: 'javascript' },
  { scheme: 'file', language: 'javascriptreact' },
  { scheme: 'file', pattern: '**/quickback-realtime.json' },
];

export class Server implements vscode.Disposable {
  private readonly stateChanged = new vscode.EventEmitter<ServerState>();
  private readonly started = new vscode.EventEmitter<LanguageClient>();
  private readonly disposables: vscode.Disposable[] = [this.stateChanged, this.started];
  private current: LanguageClient | undefined;
  private latest: ServerState = { kind: 'starting' };
  /** Starts and stops run one after the other, in the order in which they were asked for. */
  private turn: Promise<void> = Promise.resolve();

  /** Fires with each change of state. */
  readonly onDidChangeState = this.stateChanged.event;
  /** Fires with each new client, before it starts, so that notifications can be listened to. */
  readonly onWillStart = this.started.event;

  constructor(
    private readonly extension: vscode.Extension<unknown>,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.disposables.push(
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.restart()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(`${SECTION}.server.path`)) {
          void this.restart();
        } else if (change.affectsConfiguration(SECTION)) {
          void this.sendOptions();
        }
      }),
    );
  }

  get state(): ServerState {
    return this.latest;
  }

  /** The client, while the server runs. */
  get client(): LanguageClient | undefined {
    return this.current?.state === State.Running ? this.current : undefined;
  }

  /** The client as soon as the server runs, or undefined when it cannot be started. */
  async ready(): Promise<LanguageClient | undefined> {
    await this.turn;
    return this.client;
  }

  /**
   * The client, for a command of the user.
   *
   * @throws {Error} when the server is not running: whoever asked is told.
   */
  async asked(): Promise<LanguageClient> {
    const client = await this.ready();
    if (client === undefined) {
      throw new Error('The server is not running, so there is no answer. The log says why.');
    }
    return client;
  }

  /** Starts the server, or starts it anew. Never rejects: failures are told to the user. */
  restart(): Promise<void> {
    this.turn = this.turn.then(async () => {
      await this.stop();
      await this.start();
    });
    return this.turn;
  }

  dispose(): void {
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  /** Stops the server, when the window closes. */
  shutdown(): Promise<void> {
    this.turn = this.turn.then(() => this.stop());
    return this.turn;
  }

  private async start(): Promise<void> {
    this.setState({ kind: 'starting' });
    try {
      const binary = await findBinary(this.extension);
      this.log.info(`The server is ${binary.path}, version ${binary.version}, from ${binary.origin}.`);
      this.warnOfOtherVersion(binary);
      const client = this.makeClient(binary);
      this.current = client;
      this.started.fire(client);
      await client.start();
    } catch (error) {
      const message =
        error instanceof ServerProblem
          ? error.message
          : `The Quickback Realtime server could not be started: ${error instanceof Error ? error.message : String(error)}. The log says more.`;
      this.fail(message);
    }
  }

  private async stop(): Promise<void> {
    const client = this.current;
    this.current = undefined;
    if (client === undefined) {
      return;
    }
    try {
      await client.dispose();
    } catch (error) {
      // A server that had crashed, or never started, cannot be asked to shut down.
      this.log.debug(`The server did not shut down in order: ${String(error)}`);
    }
  }

  private makeClient(binary: Binary): LanguageClient {
    const shell = needsShell(binary.path);
    const options: LanguageClientOptions = {
      documentSelector: DOCUMENTS,
      outputChannel: this.log,
      traceOutputChannel: traceChannel(this.log, SECTION),
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: serverOptions,
      errorHandler: this.errorHandler(),
      markdown: { supportHtml: false },
    };
    const client = new LanguageClient(
      SECTION,
      'Quickback Realtime',
      { command: shell ? `"${binary.path}"` : binary.path, args: ['lsp'], options: { shell } },
      options,
    );
    client.registerFeature(new Extensions());
    client.onDidChangeState(({ newState }) => {
      if (client !== this.current) {
        return;
      }
      if (newState === State.Running) {
        this.setState({ kind: 'running', binary });
      } else if (newState === State.Starting) {
        this.setState({ kind: 'starting' });
      }
    });
    return client;
  }

  /** Tells a running server of other settings. Trust goes with them, so that none can undo it. */
  private async sendOptions(): Promise<void> {
    await this.client?.sendNotification(DidChangeConfigurationNotification.type, {
      settings: { [SECTION]: serverOptions() },
    });
  }

  private errorHandler(): ErrorHandler {
    const crashes: number[] = [];
    return {
      // A pipe that breaks is followed by a close, which is where it is dealt with.
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: (): CloseHandlerResult => {
        const now = Date.now();
        crashes.push(now);
        const recent = crashes.filter((time) => now - time < CRASH_WINDOW_MS).length;
        if (recent > CRASHES_TOLERATED) {
          const message = `The Quickback Realtime server stopped ${recent} times in three minutes, so it was not started again. The log says why; please report it.`;
          this.fail(message);
          return { action: CloseAction.DoNotRestart, message, handled: true };
        }
        const message =
          'The Quickback Realtime server stopped unexpectedly and was started again. Nothing that you typed is lost.';
        if (recent === 1) {
          void this.offerLog(vscode.window.showWarningMessage(message, 'Show Log'));
        }
        return { action: CloseAction.Restart, message, handled: true };
      },
    };
  }

  private warnOfOtherVersion(binary: Binary): void {
    const expected = String(this.extension.packageJSON.version);
    if (compatible(binary.version, expected)) {
      return;
    }
    const message = `The Quickback Realtime server from ${binary.origin} is version ${binary.version}, while this extension is ${expected}. Some of what the extension shows may be missing or wrong until both are of the same version.`;
    this.log.warn(message);
    void this.offerLog(vscode.window.showWarningMessage(message, 'Open Settings', 'Show Log'));
  }

  private fail(message: string): void {
    this.log.error(message);
    this.setState({ kind: 'failed', message });
    void this.offerLog(vscode.window.showErrorMessage(message, 'Open Settings', 'Show Log'));
  }

  private async offerLog(answer: Thenable<string | undefined>): Promise<void> {
    switch (await answer) {
      case 'Show Log':
        this.log.show();
        break;
      case 'Open Settings':
        await vscode.commands.executeCommand('workbench.action.openSettings', `${SECTION}.server.path`);
        break;
    }
  }

  private setState(state: ServerState): void {
    this.latest = state;
    void vscode.commands.executeCommand('setContext', `${SECTION}.active`, state.kind === 'running');
    this.stateChanged.fire(state);
  }
}

/** What the server is to know of this window. */
function serverOptions(): { generateOnSave: boolean; severities: Record<string, string>; trusted: boolean } {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return {
    generateOnSave: configuration.get('generateOnSave', true),
    severities: configuration.get('severities', {}),
    trusted: vscode.workspace.isTrusted,
  };
}

/** Before 1.0 the second number counts as the first does after it. */
function compatible(version: string, expected: string): boolean {
  const significant = (text: string): string => {
    const [major = '', minor = ''] = text.split('.');
    return major === '0' ? `0.${minor}` : major;
  };
  return significant(version) === significant(expected);
}

/** Tells the server what this client understands beyond the protocol. */
class Extensions implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = {
      ...(capabilities.experimental as object | undefined),
      quickbackStatus: true,
      quickbackPreview: true,
      commands: Object.values(LENS_COMMANDS),
    };
  }

  initialize(): void {}

  getState(): FeatureState {
    return { kind: 'static' };
  }

  clear(): void {}
}
