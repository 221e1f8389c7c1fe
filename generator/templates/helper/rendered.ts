// Stands in for what is rendered from a project's definitions, so that the modules beside it can
// be checked by themselves. It is not part of any output.
import type { SendEvent } from "./types.ts";

export type Role = "member" | "admin" | "owner";
export type RoleRef = Role | "member+" | "admin+" | "owner+";

export interface Tables {
  claims: {
    id?: string | null | undefined;
    email?: string | null | undefined;
  };
}

export interface Namespaces {
  readonly presence: {
    readonly joined: SendEvent;
  };
}

export const CONFIG_HASH: string = "";
export const HIERARCHY: readonly string[] = [];
export const TABLES: ReadonlyMap<string, string> = new Map<string, string>([]);
export const EVENTS: readonly (readonly [string, readonly string[]])[] = [];
