import { isObject } from "./narrowing.ts";
import { globals } from "./transport.ts";
import { RealtimeError } from "./types.ts";

/** A text as JSON. Half a surrogate pair, which JSON cannot carry, becomes U+FFFD. */
export function quote(text: string): string {
  const whole = text.replace(
    /[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g,
    (unit) => (unit.length === 2 ? unit : "\uFFFD"),
  );
  return JSON.stringify(whole);
}

/** What `value` says it is when it is written as JSON. */
export function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date || ArrayBuffer.isView(value)) return value;
  const toJSON: unknown = Reflect.get(value, "toJSON");
  return typeof toJSON === "function"
    ? Reflect.apply(toJSON, value, [])
    : value;
}

/** What stands for `value` in JSON, if that is no object or list; `undefined` where it is absent. */
export function written(value: unknown, where: string): unknown {
  let now = value;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const next = plain(now);
    if (next === now) break;
    now = next;
  }
  const json = encodeSpecial(now, where);
  return json === null ? now : JSON.parse(json);
}

/** A record as JSON: its keys in their order, and only `columns` of them where they are known. */
export function encodeRecord(
  record: object,
  columns: readonly string[] | null,
  what: string,
): string {
  const keep = columns === null ? null : new Set(columns);
  return encodeObject(record, what, 0, { left: MOST_CHARACTERS }, keep);
}

/** More than the runtime accepts in any request. */
const MOST_CHARACTERS = 32 * 1024 * 1024;
/** As deep as the worker reads, with room for what stands around a record. */
const DEEPEST = 60;

/** How many characters may still be written; shared parts of a value count each time. */
interface Budget {
  left: number;
}

function cannot(where: string, why: string): RealtimeError {
  return new RealtimeError(
    "unserializable",
    `${where} cannot be sent: ${why}.`,
  );
}

/** `value` as JSON, or `null` where it is absent: `undefined`. */
function encode(
  value: unknown,
  where: string,
  depth: number,
  budget: Budget,
): string | null {
  const before = budget.left;
  const json = encodeValue(value, where, depth, budget);
  // What it holds was counted already, each part by itself.
  const held = before - budget.left;
  const own = Math.max(0, (json?.length ?? 0) - held);
  // The one more is for the comma, and for what is absent.
  budget.left -= own + 1;
  if (budget.left < 0) throw cannot(where, "the record is too large");
  return json;
}

function encodeValue(
  value: unknown,
  where: string,
  depth: number,
  budget: Budget,
): string | null {
  switch (typeof value) {
    case "undefined":
      return null;
    case "string":
      return quote(value);
    case "boolean":
      return String(value);
    case "bigint":
      return `"${value}"`;
    case "number":
      if (Number.isFinite(value)) return JSON.stringify(value);
      throw cannot(where, `it is ${value}`);
    case "object":
      break;
    default:
      throw cannot(where, `it is a ${typeof value}`);
  }
  if (value === null) return "null";
  if (depth === DEEPEST) {
    throw cannot(where, "it is nested too deeply, or holds itself");
  }
  const special = encodeSpecial(value, where);
  if (special !== null) return special;
  if (Array.isArray(value)) return encodeList(value, where, depth, budget);
  const said = plain(value);
  if (said !== value) return encode(said, where, depth + 1, budget);
  if (!isObject(value)) {
    // A Map, a Set, a Promise and their like would come out empty.
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    throw cannot(where, `it is a ${kind}`);
  }
  return encodeObject(value, where, depth, budget, null);
}

/** A date or bytes as JSON, `null` for what is neither. */
function encodeSpecial(value: unknown, where: string): string | null {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime()))
      throw cannot(where, "it is no valid date");
    return `"${value.toISOString()}"`;
  }
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return base64(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return value instanceof ArrayBuffer ? base64(new Uint8Array(value)) : null;
}

function encodeList(
  list: readonly unknown[],
  where: string,
  depth: number,
  budget: Budget,
): string {
  // Each entry costs a character and a comma at least, also where nobody has set it.
  if (2 * list.length > budget.left) {
    throw cannot(where, "the record is too large");
  }
  const entries: string[] = [];
  // By their numbers: no method of an array visits those that were never set.
  for (let index = 0; index < list.length; index += 1) {
    const place = `${where}[${index}]`;
    const json = encode(list[index] ?? null, place, depth + 1, budget);
    entries.push(json ?? "null");
  }
  return `[${entries.join()}]`;
}

function encodeObject(
  value: object,
  where: string,
  depth: number,
  budget: Budget,
  keep: ReadonlySet<string> | null,
): string {
  const members: string[] = [];
  for (const [key, entry] of Object.entries(value)) {
    if (keep !== null && !keep.has(key)) continue;
    const json = encode(entry, `${where}.${key}`, depth + 1, budget);
    if (json === null) continue;
    const name = quote(key);
    budget.left -= name.length;
    members.push(`${name}:${json}`);
  }
  return `{${members.join()}}`;
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  // In parts: so many arguments at once would overflow the stack.
  for (let at = 0; at < bytes.length; at += 0x2000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  }
  return `"${globals.btoa(binary)}"`;
}
