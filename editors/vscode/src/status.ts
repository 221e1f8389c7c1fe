// The language status: which project and server, how many errors, what became of the last
// generation. Success is shown here and nowhere else.

import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ProjectStatus } from './protocol';
import { DOCUMENTS, type ServerState } from './server';

export class Status implements vscode.Disposable {
  private readonly project = vscode.languages.createLanguageStatusItem('quickbackRealtime.project', DOCUMENTS);
  private readonly generation = vscode.languages.createLanguageStatusItem('quickbackRealtime.generation', DOCUMENTS);
  private readonly projects = new Map<string, ProjectStatus>();
  private readonly disposables: vscode.Disposable[] = [this.project, this.generation];
  private server: ServerState = { kind: 'starting' };

  constructor() {
    this.project.name = 'Quickback Realtime';
    this.generation.name = 'Quickback Realtime: generated files';
    this.disposables.push(vscode.window.onDidChangeActiveTextEditor(() => this.render()));
    this.render();
  }

  /** What is shown for the project of the active editor, to be read by tests and the report. */
  get shown(): { project: string; generation: string } {
    const text = (item: vscode.LanguageStatusItem): string => `${item.text}\n${item.detail ?? ''}`;
    return { project: text(this.project), generation: text(this.generation) };
  }

  setServer(state: ServerState): void {
    this.server = state;
    if (state.kind !== 'running') {
      this.projects.clear();
    }
    this.render();
  }

  setProject(status: ProjectStatus): void {
    const before = this.projects.get(status.project ?? '');
    this.projects.set(status.project ?? '', status);
    // Each status repeats what became of the last generation.
    const isNew = JSON.stringify(before?.lastGeneration) !== JSON.stringify(status.lastGeneration);
    if (isNew && status.lastGeneration?.created.some((file) => file.endsWith('.ts'))) {
      void reloadTypeScript();
    }
    this.render();
  }

  dispose(): void {
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  private render(): void {
    this.project.busy = this.server.kind === 'starting';
    switch (this.server.kind) {
      case 'starting':
        show(this.project, 'Quickback Realtime', 'The server is starting');
        show(this.generation, 'Nothing generated yet');
        return;
      case 'failed':
        // The sentence itself is too long for a line of the status.
        show(this.project, 'Quickback Realtime is not running', 'the log says why', 'error');
        this.project.command = { title: 'Show Log', command: 'quickbackRealtime.showLog' };
        show(this.generation, 'Nothing is generated', 'the server is not running', 'error');
        this.generation.command = { title: 'Restart', command: 'quickbackRealtime.restart' };
        return;
    }
    const { version } = this.server.binary;
    this.project.command = { title: 'Report', command: 'quickbackRealtime.showReport' };
    this.generation.command = { title: 'Generate', command: 'quickbackRealtime.generateFiles' };
    const status = this.ofActiveEditor();
    if (status === undefined) {
      show(this.project, 'Quickback Realtime', `${version} · no project here`);
      this.renderGeneration(undefined);
      return;
    }
    const name = status.project === null ? 'Quickback Realtime' : path.basename(status.project);
    show(
      this.project,
      `${name}: ${findings(status)}`,
      `Quickback Realtime ${version}`,
      status.errors > 0 ? 'error' : status.warnings > 0 ? 'warning' : undefined,
    );
    this.renderGeneration(status);
  }

  private renderGeneration(status: ProjectStatus | undefined): void {
    if (!vscode.workspace.isTrusted) {
      show(this.generation, 'Nothing is generated', 'This workspace is not trusted', 'warning');
      return;
    }
    const generation = status?.lastGeneration;
    switch (generation?.outcome) {
      case undefined:
        // What was generated before the server started, it does not know.
        show(this.generation, status?.adopted === true ? 'Nothing generated since the start' : 'Nothing generated yet');
        break;
      case 'written':
      case 'unchanged':
        show(this.generation, withoutStop(generation.message));
        break;
      case 'blocked':
        // The sentence names the file: of one that is closed, nothing is in the list of problems.
        show(this.generation, 'Not generated', generation.message, 'error');
        break;
      case 'failed':
        show(this.generation, 'Generating failed', generation.message, 'error');
        break;
    }
  }

  /** The project that holds the file of the active editor; the only one, where there is one. */
  private ofActiveEditor(): ProjectStatus | undefined {
    const file = vscode.window.activeTextEditor?.document.uri;
    const holding = [...this.projects.values()]
      .filter(({ project }) => project !== null && file !== undefined && contains(project, file))
      .sort((a, b) => (b.project?.length ?? 0) - (a.project?.length ?? 0));
    return holding[0] ?? (this.projects.size === 1 ? [...this.projects.values()][0] : undefined);
  }
}

/** Whether a project, given by the path of its root, holds a file. */
function contains(project: string, file: vscode.Uri): boolean {
  const relative = path.relative(project, file.fsPath);
  return !relative.startsWith('..') && !path.isAbsolute(relative);
}

/**
 * A file that appears for the first time was an import that did not resolve until now. The
 * TypeScript server is asked to look again; without the built-in extension there is nothing to ask.
 */
async function reloadTypeScript(): Promise<void> {
  const commands = await vscode.commands.getCommands(true);
  if (commands.includes('typescript.reloadProjects')) {
    await vscode.commands.executeCommand('typescript.reloadProjects');
  }
}

function show(item: vscode.LanguageStatusItem, text: string, detail = '', severity?: 'warning' | 'error'): void {
  item.text = text;
  item.detail = detail;
  item.severity = {
    error: vscode.LanguageStatusSeverity.Error,
    warning: vscode.LanguageStatusSeverity.Warning,
    information: vscode.LanguageStatusSeverity.Information,
  }[severity ?? 'information'];
}

/** A sentence as a label. */
function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

function findings({ errors, warnings }: ProjectStatus): string {
  if (errors === 0 && warnings === 0) {
    return 'no problems';
  }
  return [errors > 0 ? count(errors, 'error') : '', warnings > 0 ? count(warnings, 'warning') : '']
    .filter((part) => part !== '')
    .join(', ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
