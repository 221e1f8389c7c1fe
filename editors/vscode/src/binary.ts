// Which server to run: found, asked for its version, and every failure a sentence with a way out.

import { execFile } from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';

const NAME = 'quickback-realtime';
const WORKSPACE_FOLDER = '${workspaceFolder}';
const VERSION_TIMEOUT_MS = 10_000;

/** A server that can be run. */
export interface Binary {
  path: string;
  /** As it says itself, for example `0.1.0`. */
  version: string;
  /** Why this one, as the end of the sentence "The server is ... , from ...". */
  origin: string;
}

/** A server that cannot be run. The message is for people, and says what to do. */
export class ServerProblem extends Error {}

interface Candidate {
  path: string;
  origin: string;
  /** What to do when this one cannot be run, as a sentence. */
  remedy: string;
}

/**
 * The server that this window should run, in this order: the setting, the workspace's
 * `node_modules/.bin`, the one in this extension, the one in `PATH`. In a workspace that is not
 * trusted only the setting and the extension count: `PATH` may lead into the workspace as well,
 * where it was set by a script or a tool of the workspace. A setting of the user that leads into it
 * is passed over there, and that is said.
 *
 * @throws {ServerProblem} when there is none, or when the chosen one cannot be run: a broken
 * choice is never replaced by another server in silence.
 */
export async function findBinary(extension: vscode.Extension<unknown>): Promise<Binary> {
  const set = setting();
  const isPassedOver = set !== undefined && !vscode.workspace.isTrusted && (await leadsIntoWorkspace(set));
  const candidate =
    (isPassedOver ? undefined : fromSetting(set)) ??
    (await fromWorkspace()) ??
    (await fromExtension(extension, isPassedOver)) ??
    (await fromPath());
  if (candidate === undefined && !vscode.workspace.isTrusted) {
    throw new ServerProblem(
      'No Quickback Realtime server was found outside of this workspace, which is not trusted. Trust it, or install the build of this extension for your platform.',
    );
  }
  if (candidate === undefined) {
    throw new ServerProblem(
      `No Quickback Realtime server was found. Install the build of this extension for your platform, add "${NAME}" to the project's development dependencies, or name a server in the setting "quickbackRealtime.server.path".`,
    );
  }
  return { path: candidate.path, origin: candidate.origin, version: await versionOf(candidate) };
}

/** Whether a file of this name must be started through the shell, as `.cmd` files must on Windows. */
export function needsShell(file: string): boolean {
  return process.platform === 'win32' && /\.(cmd|bat)$/i.test(file);
}

/** The setting, its `~` expanded. */
function setting(): string | undefined {
  const value = vscode.workspace.getConfiguration('quickbackRealtime').get('server.path', '').trim();
  return value === '' ? undefined : value.replace(/^~(?=$|[\\/])/, os.homedir());
}

/** Whether it is the workspace that decides what a setting names, by what lies there. */
async function leadsIntoWorkspace(set: string): Promise<boolean> {
  if (set.includes(WORKSPACE_FOLDER) || !path.isAbsolute(set)) {
    return true;
  }
  const file = path.resolve(set);
  // A link may lead into the workspace, and one of the workspace out of it.
  const places = [file, await real(path.dirname(file)), await real(file)];
  const given = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const folders = [...given, ...(await Promise.all(given.map(real)))];
  return folders.some((folder) => places.some((place) => holds(folder, place)));
}

/** A path with its links resolved, or as it is where there is nothing. */
async function real(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}

function holds(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
}

function fromSetting(set: string | undefined): Candidate | undefined {
  if (set === undefined) {
    return undefined;
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  return {
    path: path.resolve(folder, set.replaceAll(WORKSPACE_FOLDER, folder)),
    origin: 'the setting "quickbackRealtime.server.path"',
    remedy:
      'Correct the setting "quickbackRealtime.server.path", or clear it to use the server that comes with the extension.',
  };
}

async function fromWorkspace(): Promise<Candidate | undefined> {
  if (!vscode.workspace.isTrusted) {
    return undefined;
  }
  const names = process.platform === 'win32' ? [`${NAME}.exe`, `${NAME}.cmd`] : [NAME];
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    for (const name of names) {
      const file = path.join(folder.uri.fsPath, 'node_modules', '.bin', name);
      if (await exists(file)) {
        return {
          path: file,
          origin: `the node_modules of "${folder.name}"`,
          remedy: `Install the packages of "${folder.name}" again, or name another server in the setting "quickbackRealtime.server.path".`,
        };
      }
    }
  }
  return undefined;
}

async function fromExtension(
  extension: vscode.Extension<unknown>,
  isInPlaceOfSetting: boolean,
): Promise<Candidate | undefined> {
  const file = path.join(extension.extensionPath, 'server', executable());
  if (!(await exists(file))) {
    return undefined;
  }
  return {
    path: file,
    origin: isInPlaceOfSetting
      ? 'this extension, since the setting "quickbackRealtime.server.path" leads into a workspace that is not trusted'
      : 'this extension',
    remedy:
      'Install the extension again, in the build for your platform, or name another server in the setting "quickbackRealtime.server.path".',
  };
}

async function fromPath(): Promise<Candidate | undefined> {
  if (!vscode.workspace.isTrusted) {
    return undefined;
  }
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    // A relative entry would let the folder that happens to be current decide what is run.
    if (!path.isAbsolute(folder)) {
      continue;
    }
    const file = path.join(folder, executable());
    if (await exists(file)) {
      return {
        path: file,
        origin: 'your PATH',
        remedy: 'Install it again, or name another server in the setting "quickbackRealtime.server.path".',
      };
    }
  }
  return undefined;
}

function executable(): string {
  return process.platform === 'win32' ? `${NAME}.exe` : NAME;
}

async function exists(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false,
  );
}

async function versionOf(candidate: Candidate): Promise<string> {
  const { path: file, origin, remedy } = candidate;
  const problem = (what: string): ServerProblem =>
    new ServerProblem(`The Quickback Realtime server ${file} (from ${origin}) ${what}. ${remedy}`);
  if (!(await exists(file))) {
    throw problem('does not exist');
  }
  let answer: string;
  try {
    answer = await ask(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EACCES') {
      throw problem('may not be executed');
    }
    throw problem(`cannot be run: ${firstLine(error instanceof Error ? error.message : String(error))}`);
  }
  const version = /^quickback-realtime (\S+)/.exec(answer)?.[1];
  if (version === undefined) {
    throw problem(`is another program: asked for its version, it said "${firstLine(answer)}"`);
  }
  return version;
}

function ask(file: string): Promise<string> {
  const shell = needsShell(file);
  return new Promise((resolve, reject) => {
    execFile(
      shell ? `"${file}"` : file,
      ['--version'],
      { timeout: VERSION_TIMEOUT_MS, shell, windowsHide: true },
      (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
    );
  });
}

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/, 1)[0] ?? '';
}
