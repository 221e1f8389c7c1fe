import * as assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { api, diagnosed, open, replace, revert, TIPS, until, uri, type Api } from './workspace.ts';

/** The folder in which the run has installed the npm package of the server. */
const INSTALLED = process.env['QUICKBACK_REALTIME_NPM'] ?? '';

describe(`the package without a server in VS Code ${vscode.version}`, () => {
  let extension: Api;
  before(async () => {
    extension = await api();
  });

  async function finds(origin: string): Promise<void> {
    await until(`the server of ${origin}`, () => extension.state.kind === 'running' && extension.state.binary?.origin === origin);
    const editor = await open(TIPS);
    await replace(editor, "'triage',\n      'handledBy'", "'triag',\n      'handledBy'");
    await diagnosed(TIPS, 'unknown-field');
    await revert(editor);
  }

  it('says that there is no server, and three ways to one', async () => {
    await until('a failure', () => extension.state.kind === 'failed');
    assert.equal(
      extension.state.message,
      'No Quickback Realtime server was found. Install the build of this extension for your platform, add "quickback-realtime" to the project\'s development dependencies, or name a server in the setting "quickbackRealtime.server.path".',
    );
    assert.match(extension.status.project, /^Quickback Realtime is not running\n/);
    assert.match(extension.status.generation, /^Nothing is generated\n/);
  });

  it('runs the npm package of the server, once the project has it', async () => {
    cpSync(path.join(INSTALLED, 'node_modules'), uri('node_modules').fsPath, { recursive: true, verbatimSymlinks: true });
    await vscode.commands.executeCommand('quickbackRealtime.restart');
    await finds(`the node_modules of "${vscode.workspace.workspaceFolders?.[0]?.name}"`);
  });

  it('runs the one that the setting names', async () => {
    rmSync(uri('node_modules').fsPath, { recursive: true });
    const settings = vscode.workspace.getConfiguration('quickbackRealtime');
    const server = path.join(INSTALLED, 'node_modules/.bin/quickback-realtime');
    await settings.update('server.path', server, vscode.ConfigurationTarget.Global);
    try {
      await finds('the setting "quickbackRealtime.server.path"');
    } finally {
      await settings.update('server.path', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
