// What the server says beyond the Language Server Protocol: its own requests, notifications
// and commands. The names are the server's.

import type { Location, Position, Range } from 'vscode-languageclient/node';

/** Commands that the server answers through `workspace/executeCommand`. */
export const SERVER_COMMANDS = {
  generate: 'quickbackRealtime.generate',
  doctor: 'quickbackRealtime.doctor',
} as const;

/** Commands that this extension registers, and that the server may put behind a code lens. */
export const LENS_COMMANDS = {
  showPreview: 'quickbackRealtime.showPreview',
  showReferences: 'quickbackRealtime.showReferences',
} as const;

/** What a preview can be of. */
export type PreviewKind = 'table' | 'namespace';

/** The arguments of the code lens *Preview events*. */
export interface PreviewTarget {
  uri: string;
  name?: string;
  kind?: PreviewKind;
  position?: Position;
}

/** The parameters of the request `quickback/preview`. */
export interface PreviewParams {
  textDocument: { uri: string };
  name?: string;
  kind?: PreviewKind;
  position?: Position;
}

/** A role alone, or a member without roles, as the record's owner or not. */
export interface Receiver {
  role: string | null;
  recordOwner: boolean;
}

/** What the receivers of one view get, in exactly the bytes of the wire. */
export interface PreviewView {
  receivers: Receiver[];
  json: string;
}

/** One event, and each different way in which it is seen. */
export interface PreviewEvent {
  event: string;
  views: PreviewView[];
}

/** The answer to `quickback/preview`. */
export interface Preview {
  title: string;
  name: string;
  kind: PreviewKind;
  /** The document to show. */
  text: string;
  json: PreviewEvent[];
  /** The definition is in the middle of an edit, and this is its last good preview. */
  stale: boolean;
  source: { uri: string; range: Range };
}

/** What became of the last generation. */
export interface Generation {
  outcome: 'written' | 'unchanged' | 'blocked' | 'failed';
  message: string;
  /** The files that were written, the helper first. */
  files: string[];
  /** Those of them that were not there before. */
  created: string[];
}

/** The notification `quickback/status`, one for each project. */
export interface ProjectStatus {
  /** The path of its root. */
  project: string | null;
  version: string;
  tables: number;
  namespaces: number;
  errors: number;
  warnings: number;
  adopted: boolean;
  lastGeneration: Generation | null;
}

/** The notification `quickback/previewChanged`. */
export interface PreviewChanged {
  uris: string[];
}

/** The answer to the command that generates. */
export interface GenerateResult {
  written: string[];
  unchanged: number;
  problems: string[];
}

/** The arguments of the code lens that counts call sites. */
export type ReferencesArguments = [uri: string, position: Position, locations: Location[]];
