import { quote } from "./json.ts";
import { HIERARCHY } from "./rendered.ts";
import { RealtimeError } from "./types.ts";

/** What a call cannot mean. Nothing is sent. */
export function bad(message: string): RealtimeError {
  return new RealtimeError("bad-argument", message);
}

/** Whether a value is an object with nothing but properties: no list, no date, no map. */
export function isObject(value: unknown): value is object {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** Says that `value` is no object, and what it is instead: a promise, most likely. */
export function noObject(what: string, value: unknown): RealtimeError {
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  return bad(`${what} must be an object, not of the kind ${kind}.`);
}

/** `value`, which must be a text with at least one character. */
export function filledText(value: unknown, what: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw bad(`${what} must be a text that is not empty.`);
}

/**
 * The members of the body that say who receives it. What is named and has no usable value is
 * refused: `{ userId: undefined }` must never come to mean everybody.
 */
export function narrowing(
  target: unknown,
  options: unknown,
): (readonly [string, string | null])[] {
  const from = aim(target);
  const { userId, targetRoles, maskingConfig } = choices(options);
  if (from.userId !== null && userId !== null && from.userId !== userId) {
    throw bad("The target and the options name different users.");
  }
  const user = from.userId ?? userId;
  return [
    ["organizationId", quote(from.organizationId)],
    ["userId", user === null ? null : quote(user)],
    ["targetRoles", targetRoles],
    ["maskingConfig", maskingConfig],
  ];
}

/** Fails on a key that is none of `known`, inherited and hidden ones included. */
function onlyKeys(value: object, known: readonly string[], what: string): void {
  for (const key of keys(value)) {
    if (typeof key === "symbol" || !known.includes(key)) {
      throw bad(
        `${what} cannot have "${String(key)}". It can have ${known.join(", ")}.`,
      );
    }
  }
}

/** Every key that is `in` an object, but for those that all objects inherit. */
function keys(value: object): Set<string | symbol> {
  const all = new Set<string | symbol>(Reflect.ownKeys(value));
  // An object may hide what is its own by `enumerable`, and a class its accessors in a prototype.
  let from = Object.getPrototypeOf(value) as object | null;
  while (from !== null) {
    for (const key of Reflect.ownKeys(from)) {
      if (isEnumerable(from, key) || !(key in Object.prototype)) all.add(key);
    }
    from = Object.getPrototypeOf(from) as object | null;
  }
  return all;
}

/** Whether an object has a key itself, and every loop over it sees that. */
export function isEnumerable(value: object, key: string | symbol): boolean {
  return Object.getOwnPropertyDescriptor(value, key)?.enumerable === true;
}

function aim(target: unknown): {
  organizationId: string;
  userId: string | null;
} {
  const what = "The target's organization";
  if (!isObject(target)) {
    return { organizationId: filledText(target, what), userId: null };
  }
  onlyKeys(target, ["organizationId", "userId"], "The target");
  return {
    organizationId: filledText(Reflect.get(target, "organizationId"), what),
    userId:
      "userId" in target
        ? filledText(target.userId, "The target's userId")
        : null,
  };
}

function choices(options: unknown): {
  userId: string | null;
  targetRoles: string | null;
  maskingConfig: string | null;
} {
  if (options === undefined) {
    return { userId: null, targetRoles: null, maskingConfig: null };
  }
  if (!isObject(options)) throw bad("The options must be an object.");
  onlyKeys(options, ["userId", "targetRoles", "maskingConfig"], "The options");
  return {
    userId: "userId" in options ? filledText(options.userId, "userId") : null,
    targetRoles: "targetRoles" in options ? targets(options.targetRoles) : null,
    maskingConfig:
      "maskingConfig" in options ? masks(options.maskingConfig) : null,
  };
}

function targets(value: unknown): string {
  if (Array.isArray(value) && value.length === 0) {
    throw bad("targetRoles must not be empty: nobody would receive it.");
  }
  return roles(value, "targetRoles");
}

/** A list of roles as JSON, in place of each `role+` the roles that it stands for. */
function roles(value: unknown, what: string): string {
  if (!Array.isArray(value)) throw bad(`${what} must be a list of roles.`);
  const plain = new Set<string>();
  for (const entry of value) {
    const role = filledText(entry, `Every role in ${what}`);
    if (role === "*") throw bad(`"*" in ${what} is no role.`);
    if (!role.endsWith("+")) {
      plain.add(role);
      continue;
    }
    const lowest = HIERARCHY.indexOf(role.slice(0, -1));
    if (lowest < 0) {
      throw bad(`"${role}" in ${what} names no role of the hierarchy.`);
    }
    for (const higher of HIERARCHY.slice(lowest)) plain.add(higher);
  }
  return `[${[...plain].map(quote).join()}]`;
}

const MASK_TYPES: readonly unknown[] = [
  "email",
  "phone",
  "ssn",
  "creditCard",
  "name",
  "redact",
];

function masks(value: unknown): string {
  const rules: string[] = [];
  if (isObject(value)) {
    const columns = new Set<string>();
    for (const column in value) columns.add(column);
    for (const key of keys(value)) {
      if (typeof key === "symbol" || !columns.has(key)) {
        throw bad(
          `maskingConfig cannot have "${String(key)}": a column is an enumerable text.`,
        );
      }
    }
    for (const column of columns) {
      const rule: unknown = Reflect.get(value, column);
      rules.push(`${quote(column)}:${mask(rule, column)}`);
    }
  }
  if (rules.length === 0) {
    throw bad("maskingConfig must be an object with at least one column.");
  }
  return `{${rules.join()}}`;
}

function mask(rule: unknown, column: string): string {
  const what = `The mask of "${column}"`;
  if (!isObject(rule)) throw bad(`${what} must be an object.`);
  onlyKeys(rule, ["type", "show"], what);
  const type: unknown = Reflect.get(rule, "type");
  if (typeof type !== "string" || !MASK_TYPES.includes(type)) {
    throw bad(
      `${what} must have one of these types: ${MASK_TYPES.join(", ")}.`,
    );
  }
  if (!("show" in rule)) return `{"type":${quote(type)}}`;
  const show = rule.show;
  if (!isObject(show)) throw bad(`"show" of ${what} must be an object.`);
  onlyKeys(show, ["roles", "or"], `"show" of ${what}`);
  const parts: string[] = [];
  if ("roles" in show) {
    parts.push(`"roles":${roles(show.roles, `"show.roles" of ${what}`)}`);
  }
  if ("or" in show) {
    if (show.or !== "owner") throw bad(`"show.or" of ${what} must be "owner".`);
    parts.push(`"or":"owner"`);
  }
  return `{"type":${quote(type)},"show":{${parts.join()}}}`;
}
