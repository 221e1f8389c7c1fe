// *Compare What Two Receivers Get*: two views of one event, in VS Code's own diff.

import * as vscode from 'vscode';
import { PREVIEW_SCHEME, type Previews } from './preview';
import type { PreviewEvent, PreviewView, Receiver } from './protocol';

const SCHEME = 'quickback-realtime-view';

/** Asks for an event and two receivers, and shows what differs between what they get. */
export async function compareViews(previews: Previews, clicked?: vscode.Uri): Promise<void> {
  // Of several previews the one whose title was clicked, else the one that has the cursor.
  const shown = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors].map((editor) => editor?.document.uri);
  const uri = [clicked, ...shown].find((candidate) => candidate?.scheme === PREVIEW_SCHEME);
  const events = uri === undefined ? undefined : previews.events(uri);
  if (events === undefined) {
    void vscode.window.showInformationMessage('Open a preview first: put the cursor into a table and choose "Preview Events".');
    return;
  }
  const differing = events.filter(({ views }) => views.length > 1);
  if (differing.length === 0) {
    void vscode.window.showInformationMessage('Everybody who receives these events gets the same.');
    return;
  }
  const event = await pickEvent(differing);
  const left = event && (await pickView(event, event.views, 'On the left: what this receiver gets'));
  const right =
    event && left && (await pickView(event, event.views.filter((view) => view !== left), 'On the right: what this one gets'));
  if (event === undefined || left === undefined || right === undefined) {
    return;
  }
  await vscode.commands.executeCommand(
    'vscode.diff',
    viewUri(event, left),
    viewUri(event, right),
    `${event.event}: ${receivers(left)} ↔ ${receivers(right)}`,
    // Not in the place of the preview, which is to be there afterwards.
    { preview: false },
  );
}

/** Serves both sides of the comparison. */
export function registerViews(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: ({ query }) => `${JSON.stringify(JSON.parse(query), null, 2)}\n`,
  });
}

async function pickEvent(events: PreviewEvent[]): Promise<PreviewEvent | undefined> {
  if (events.length === 1) {
    return events[0];
  }
  const picked = await vscode.window.showQuickPick(
    events.map((event) => ({ label: event.event, description: `${event.views.length} different views`, event })),
    { title: 'Compare what two receivers get', placeHolder: 'Which event?' },
  );
  return picked?.event;
}

async function pickView({ event }: PreviewEvent, views: PreviewView[], placeHolder: string): Promise<PreviewView | undefined> {
  if (views.length === 1) {
    return views[0];
  }
  const picked = await vscode.window.showQuickPick(
    views.map((view) => ({ label: receivers(view), view })),
    { title: `Compare what two receivers of ${event} get`, placeHolder },
  );
  return picked?.view;
}

function viewUri({ event }: PreviewEvent, view: PreviewView): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${event} for ${receivers(view).replaceAll('/', '|')}.json`, query: view.json });
}

function receivers({ receivers }: PreviewView): string {
  return receivers.map(describe).join(', ');
}

function describe({ role, recordOwner }: Receiver): string {
  return `${role ?? 'no role'}${recordOwner ? ' (owner)' : ''}`;
}
