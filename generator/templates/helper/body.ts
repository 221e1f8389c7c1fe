import { encodeRecord, plain, quote, written } from "./json.ts";
import {
  filledText,
  isEnumerable,
  isObject,
  narrowing,
  noObject,
} from "./narrowing.ts";
import { CONFIG_HASH, TABLES } from "./rendered.ts";

/** One change of a record. */
type EventType = "INSERT" | "UPDATE" | "DELETE";

/** Of a declared table's policy, what is applied before sending. */
interface Policy {
  readonly events: {
    readonly insert: boolean;
    readonly update: boolean;
    readonly delete: boolean;
  };
  /** The columns that are sent. */
  readonly columns: readonly string[];
  /** Whether others are sent, too: not all are known. */
  readonly open: boolean;
  /** The column that holds the owner's id. */
  readonly owner: string | null;
}

/** The policies that were needed so far, by their JSON. */
const policies = new Map<string, Policy>();

function readPolicy(json: string): Policy {
  const known = policies.get(json);
  if (known !== undefined) return known;
  const policy = JSON.parse(json) as Policy;
  policies.set(json, policy);
  return policy;
}

/** The body of a record's broadcast, or `null` where the definitions switch it off. */
export function recordBody(
  eventType: EventType,
  table: unknown,
  now: unknown,
  before: unknown,
  target: unknown,
  options: unknown,
): string | null {
  const name = filledText(table, "The table's name");
  const narrowed = narrowing(target, options);
  const json = TABLES.get(name);
  const policy = json === undefined ? null : readPolicy(json);
  if (policy !== null && !isOn(policy, eventType)) return null;
  const none = { json: "null", owner: null };
  const newSide =
    eventType === "DELETE" ? none : side(now, "The new record", policy);
  const oldSide =
    eventType === "INSERT" ? none : side(before, "The old record", policy);
  const owner = members([
    ["new", newSide.owner],
    ["old", oldSide.owner],
  ]);
  return members([
    ["type", `"postgres_changes"`],
    ["table", quote(name)],
    ["eventType", quote(eventType)],
    ["new", newSide.json],
    ["old", oldSide.json],
    ...narrowed,
    ["owner", owner === "{}" ? null : owner],
    ["policy", json ?? null],
    ["configHash", quote(CONFIG_HASH)],
  ]);
}

function isOn({ events }: Policy, eventType: EventType): boolean {
  switch (eventType) {
    case "INSERT":
      return events.insert;
    case "UPDATE":
      return events.update;
    case "DELETE":
      return events.delete;
  }
}

/** The body of a custom event's broadcast. */
export function eventBody(
  event: unknown,
  payload: unknown,
  target: unknown,
  options: unknown,
): string {
  const name = filledText(event, "The event's name");
  const narrowed = narrowing(target, options);
  const record = plain(payload);
  if (!isObject(record)) throw noObject("The payload", record);
  return members([
    ["type", `"broadcast"`],
    ["event", quote(name)],
    ["payload", encodeRecord(record, null, "The payload")],
    ...narrowed,
    ["configHash", quote(CONFIG_HASH)],
  ]);
}

/** A JSON object of these members; those without a value are left out. */
function members(pairs: readonly (readonly [string, string | null])[]): string {
  const present = pairs.filter(([, json]) => json !== null);
  return `{${present.map(([key, json]) => `"${key}":${json}`).join()}}`;
}

/** One of the two records of a change, cut to its columns, and its owner's id, both as JSON. */
interface Side {
  readonly json: string;
  readonly owner: string | null;
}

function side(value: unknown, what: string, policy: Policy | null): Side {
  const record = plain(value);
  if (!isObject(record)) throw noObject(what, record);
  // Read from the full record: the owner's column need not be among those that are sent.
  const held = policy === null ? ["ownerId", "userId"] : [policy.owner];
  const owner = ownerId(record, held, what);
  const columns = policy === null || policy.open ? null : policy.columns;
  return {
    json: encodeRecord(record, columns, what),
    owner: owner === null ? null : quote(owner),
  };
}

/** The owner's id, from the first of the columns that the record's JSON has. */
function ownerId(
  record: object,
  columns: readonly (string | null)[],
  what: string,
): string | null {
  for (const column of columns) {
    if (column === null || !isEnumerable(record, column)) continue;
    const id = written(Reflect.get(record, column), `${what}.${column}`);
    if (id === undefined) continue;
    const known = ["string", "number", "bigint"].includes(typeof id);
    const text = known ? String(id) : "";
    return text === "" ? null : text;
  }
  return null;
}
