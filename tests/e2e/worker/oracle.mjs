// What the semantics say of one broadcast, written a second time: plainly, slowly, for tests.
//
// A case is { tables: { name: policy }, body, receivers: [{ userId, roles }] }, its records being
// arrays of [key, JSON text], so that order and bytes are the test's own.

export const HIERARCHY = ["member", "editor", "admin", "owner"];

const AUTOMATIC = {
  email: "email", phone: "phone", mobile: "phone", fax: "phone", ssn: "ssn", socialsecurity: "ssn", nationalid: "ssn",
  creditcard: "creditCard", cc: "creditCard", cardnumber: "creditCard", cvv: "creditCard",
};
for (const word of "password secret token apikey privatekey accesstoken refreshtoken clientsecret signingsecret bearer iban stripe webhook".split(" ")) {
  AUTOMATIC[word] = "redact";
}

function automatic(column) {
  const spaced = column
    .replace(/[_0-9]+/g, " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  const words = spaced.toLowerCase().split(" ").filter((word) => word !== "");
  for (let start = 0; start < words.length; start += 1) {
    const joined = words.slice(start).join("");
    if (Object.hasOwn(AUTOMATIC, joined)) return { type: AUTOMATIC[joined], showRoles: ["admin"], showOwner: true, automatic: true };
  }
  return null;
}

const stars = (n) => "*".repeat(Math.max(1, n));

/** The masked JSON text of a JSON text. */
export function mask(type, json) {
  const hidden = '"[REDACTED]"';
  const value = JSON.parse(json);
  if (value === null) return "null";
  if (type === "redact" || type === "custom") return hidden;
  if (value === "") return '""';
  const digits = () => {
    const all = String(typeof value === "number" ? json : value).replace(/[^0-9]/g, "");
    return all.length <= 4 ? "****" : "*".repeat(all.length - 4) + all.slice(-4);
  };
  if (type === "phone" || type === "ssn" || type === "creditCard") {
    if (typeof value !== "string" && typeof value !== "number") return hidden;
    const text = digits();
    return JSON.stringify(type === "creditCard" ? text.match(/.{1,4}/g).join(" ") : text);
  }
  if (typeof value !== "string") return hidden;
  const first = (text) => [...text][0] + stars([...text].length - 1);
  if (type === "name") {
    if (value.trim() === "") return hidden;
    return JSON.stringify(value.replace(/\S+/gu, first));
  }
  const parts = value.split("@");
  if (parts.length !== 2 || parts[0] === "") return hidden;
  const dot = parts[1].lastIndexOf(".");
  if (dot < 1 || dot === parts[1].length - 1) return hidden;
  return JSON.stringify(`${first(parts[0])}@${first(parts[1].slice(0, dot))}${parts[1].slice(dot)}`);
}

const idOf = (json) => {
  if (json === undefined) return undefined;
  const value = JSON.parse(json);
  if (typeof value === "number") return json;
  return typeof value === "string" && value !== "" ? value : undefined;
};

const text = (value) => typeof value === "string" && value !== "";
const texts = (list) => Array.isArray(list) && list.every(text);
const TYPES = ["email", "phone", "ssn", "creditCard", "name", "redact"];

/** The call's roles, expanded; throws the code of the refusal. */
function expand(roles) {
  return roles.flatMap((role) => {
    if (role === "*") throw "unknown_role";
    if (!role.endsWith("+")) return [role];
    const at = HIERARCHY.indexOf(role.slice(0, -1));
    if (at < 0) throw "unknown_role";
    return HIERARCHY.slice(at);
  });
}

function check(body) {
  if ("userId" in body && !text(body.userId)) throw "unusable_narrowing";
  if ("targetRoles" in body && (!texts(body.targetRoles) || body.targetRoles.length === 0)) throw "unusable_narrowing";
  if (!("maskingConfig" in body)) return;
  const config = body.maskingConfig;
  if (config === null || typeof config !== "object" || Array.isArray(config) || Object.keys(config).length === 0) throw "unusable_narrowing";
  for (const rule of Object.values(config)) {
    if (rule === null || typeof rule !== "object" || !("type" in rule)) throw "unusable_narrowing";
    if (!TYPES.includes(rule.type)) throw "unknown_mask_type";
    if (!("show" in rule)) continue;
    const { show } = rule;
    if (show === null || typeof show !== "object") throw "unusable_narrowing";
    if ("roles" in show && !texts(show.roles)) throw "unusable_narrowing";
    if ("or" in show && show.or !== "owner") throw "unusable_narrowing";
  }
}

/** Of a repeated key only the last value exists, in the place of the first. */
const unique = (entries) => [...new Map(entries)];

/** `{ error }` or `{ seen: [text | null], hidden: [[JSON text that must not be recognized]] }`. */
export function expected({ tables, body, receivers }) {
  try {
    check(body);
    const roles = body.targetRoles && expand(body.targetRoles);
    const call = {};
    for (const [column, rule] of Object.entries(body.maskingConfig ?? {})) {
      const showRoles = expand(rule.show?.roles ?? []);
      call[column] = { type: rule.type, showRoles, showEveryone: showRoles.includes("everyone"), showOwner: rule.show?.or === "owner" };
    }
    if (body.type === "broadcast" && body.payload !== undefined && !Array.isArray(body.payload) && body.payload !== "null" && Object.keys(call).length > 0) {
      throw "unusable_narrowing";
    }
    const answers = receivers.map((receiver) => one(tables, body, roles, call, receiver));
    return { seen: answers.map((answer) => answer?.text ?? null), hidden: answers.map((answer) => answer?.hidden ?? []) };
  } catch (error) {
    if (typeof error !== "string") throw error;
    return { error };
  }
}

function one(tables, body, targetRoles, call, receiver) {
  const holds = (list) => list.some((role) => receiver.roles.includes(role));
  if (body.userId !== undefined && receiver.userId !== body.userId) return null;
  if (targetRoles && !holds(targetRoles)) return null;
  const hidden = [];

  const write = (entries, sends, ruleSets, owns) => {
    const cells = unique(entries).filter(([key]) => sends(key));
    const written = cells.map(([key, json]) => {
      const rules = ruleSets(key);
      const shown = rules.every((rule) => rule.showEveryone || (rule.showOwner && owns) || holds(rule.showRoles));
      if (shown) return `${JSON.stringify(key)}:${json}`;
      const types = new Set(rules.filter((rule) => rule.counts !== false).map((rule) => (rule.type === "custom" ? "redact" : rule.type)));
      const masked = mask(types.size === 1 ? [...types][0] : "redact", json);
      if (masked !== json) hidden.push([json, masked]);
      return `${JSON.stringify(key)}:${masked}`;
    });
    return `{${written.join(",")}}`;
  };

  if (body.type === "broadcast") {
    const rules = (key) => (Object.hasOwn(call, key) ? [call[key]] : []);
    const payload = Array.isArray(body.payload) ? write(body.payload, () => true, rules, false) : (body.payload ?? "null");
    return { text: `{"type":"broadcast","event":${JSON.stringify(body.event)},"payload":${payload}}`, hidden };
  }

  const policies = [tables[body.table], body.policy].filter((policy) => policy !== undefined);
  const event = body.eventType.toLowerCase();
  if (policies.some((policy) => !policy.events[event])) return null;
  if (policies.some((policy) => policy.requiredRoles !== null && !holds(policy.requiredRoles))) return null;

  const sends = (key) => policies.every((policy) => policy.open || policy.columns.includes(key));
  const ruleSets = (key) => {
    const own = policies.length === 0 ? [automatic(key)] : policies.map((policy) => {
      const rule = policy.masks.find((mask) => mask.column === key);
      return rule ?? (policy.columns.includes(key) ? null : automatic(key));
    });
    if (!Object.hasOwn(call, key)) return own.filter((rule) => rule !== null);
    // Beside an explicit rule a call only narrows, and its type means nothing there.
    return own.flatMap((rule) =>
      rule === null || rule.automatic ? [call[key]] : [rule, { ...call[key], counts: false }],
    );
  };
  const ownerOf = (side) => {
    const record = body[side];
    const beside = body.owner?.[side];
    const has = (key) => record.some(([known]) => known === key);
    let columns = policies.map((policy) => policy.owner);
    if (policies.length === 0) columns = [has("ownerId") ? "ownerId" : has("userId") ? "userId" : undefined];
    const [column] = columns;
    if (columns.some((other) => other !== column)) return undefined;
    if (policies.length > 0 && column === null) return undefined;
    if (!text(beside)) return undefined;
    if (column !== undefined && has(column)) {
      const value = unique(record).find(([key]) => key === column)[1];
      if (idOf(value) !== beside) return undefined;
    } else if (policies.length > 0 && body.policy === undefined) {
      // A helper that does not know the table reads its owner as of an ad hoc one.
      const elsewhere = has("ownerId") ? "ownerId" : "userId";
      if (has(elsewhere) && idOf(unique(record).find(([key]) => key === elsewhere)[1]) === beside) return undefined;
    }
    return beside;
  };
  const side = (name) => {
    if (body[name] === undefined) return "null";
    const owner = ownerOf(name);
    return write(body[name], sends, ruleSets, owner !== undefined && owner === receiver.userId);
  };
  return {
    text: `{"type":"postgres_changes","table":${JSON.stringify(body.table)},"eventType":"${body.eventType}","schema":"public","new":${side("new")},"old":${side("old")}}`,
    hidden,
  };
}

/** A body as it goes over the wire, records written as they are. */
export function bodyText(body, organizationId) {
  const object = (entries) => `{${entries.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(",")}}`;
  const parts = [`"organizationId":${JSON.stringify(organizationId)}`];
  for (const [key, value] of Object.entries(body)) {
    const raw = key === "new" || key === "old" || key === "payload";
    if (value === undefined) continue;
    parts.push(`"${key}":${raw ? (Array.isArray(value) ? object(value) : value) : JSON.stringify(value)}`);
  }
  return `{${parts.join(",")}}`;
}

/**
 * Whatever of a hidden value is in a frame that its mask does not show: five characters of a
 * marker, or eight digits of a number (fewer occur elsewhere by chance).
 */
export function leaks(frame, hidden) {
  for (const [json, masked] of hidden) {
    for (const run of json.match(/[A-Za-z]{18}|[0-9]{8,}/g) ?? []) {
      const length = /[0-9]/.test(run) ? 8 : 5;
      for (let at = 0; at + length <= run.length; at += 1) {
        const piece = run.slice(at, at + length);
        if (frame.includes(piece) && !masked.includes(piece)) return piece;
      }
    }
  }
  return null;
}
