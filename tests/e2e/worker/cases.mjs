// Random broadcasts: schemas, roles, owners, masks, targets and skewed policies, good and bad.
// The same seed makes the same cases.

const USERS = ["ann", "bob", "cy"];
const ROLES = ["member", "editor", "admin", "owner", "hr", "Admin", "everyone"];
const COLUMNS = ["id", "title", "email", "workPhone", "ssn2", "apiToken", "salary", "note", "ownerId", "userId", "constructor", "__proto__", "größe", "toKEN"];
const TYPES = ["email", "phone", "ssn", "creditCard", "name", "redact"];

export function random(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  const pick = (list) => list[below(list.length)];
  const chance = (p) => next() < p;
  const some = (list, p = 0.4) => list.filter(() => chance(p));
  return { below, pick, chance, some };
}

export function policy(r) {
  const columns = r.some(COLUMNS, 0.7);
  return {
    events: { insert: r.chance(0.9), update: r.chance(0.9), delete: r.chance(0.9) },
    requiredRoles: r.chance(0.5) ? null : r.some(ROLES, 0.6),
    columns,
    open: r.chance(0.25),
    owner: r.pick([null, "ownerId", "userId"]),
    masks: r.some(COLUMNS, 0.35).map((column) => ({
      column,
      type: r.pick([...TYPES, "custom"]),
      showRoles: r.some(ROLES, 0.3),
      showEveryone: r.chance(0.05),
      showOwner: r.chance(0.4),
      automatic: r.chance(0.3),
    })),
  };
}

/** Eighteen characters that occur nowhere else. */
function marker(r) {
  return Array.from({ length: 18 }, () => r.pick([..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"])).join("");
}

function value(r) {
  const digits = (n) => String(1 + r.below(9)) + Array.from({ length: n }, () => r.below(10)).join("");
  return r.pick([
    () => JSON.stringify(marker(r)),
    () => JSON.stringify(`${marker(r)}@${marker(r)}.${marker(r)}.com`),
    () => JSON.stringify(`${marker(r)} ${marker(r)}  É😀${marker(r)}`),
    () => JSON.stringify(`+${digits(2)} (${digits(2)}) ${digits(6)}`),
    () => digits(15),
    () => digits(19),
    () => `-${digits(3)}.${digits(4)}`,
    () => JSON.stringify({ deep: [marker(r), { email: marker(r) }] }),
    () => JSON.stringify([marker(r)]),
    () => `"\\u00e9${marker(r)}"`,
    () => "null",
    () => '""',
    () => "true",
  ])();
}

function record(r, owner) {
  const entries = r.some(COLUMNS, 0.75).map((column) => {
    if (column !== "ownerId" && column !== "userId") return [column, value(r)];
    if (r.chance(0.1)) return [column, value(r)];
    return [column, JSON.stringify(r.chance(0.85) ? owner : r.pick(USERS))];
  });
  if (r.chance(0.1) && entries.length > 0) entries.push([r.pick(entries)[0], value(r)]);
  return entries;
}

const role = (r) => (r.chance(0.2) ? `${r.pick(["member", "editor", "admin"])}+` : r.pick(ROLES));

function narrowing(r) {
  const call = {};
  if (r.chance(0.3)) call.targetRoles = r.chance(0.05) ? r.pick([null, [], "admin", [""], ["boss+"], ["*"]]) : [role(r), role(r)];
  if (r.chance(0.2)) call.userId = r.chance(0.1) ? r.pick([null, "", 7]) : r.pick(USERS);
  if (r.chance(0.4)) {
    call.maskingConfig = Object.fromEntries(
      r.some(COLUMNS.filter((column) => column !== "__proto__"), 0.3).map((column) => {
        const rule = { type: r.chance(0.02) ? "rot13" : r.pick(TYPES) };
        if (r.chance(0.7)) {
          rule.show = {};
          if (r.chance(0.7)) rule.show.roles = r.chance(0.02) ? "admin" : [role(r)];
          if (r.chance(0.4)) rule.show.or = "owner";
        }
        return [column, rule];
      }),
    );
  }
  return call;
}

/** A broadcast to one of `names`, or to a table that nobody declares. */
export function broadcast(r, names) {
  if (r.chance(0.15)) {
    const payload = r.chance(0.8) ? record(r, "ann") : r.pick(["5", '"text"', "null", undefined]);
    return { type: "broadcast", event: r.pick(["step-done", "extraction:started"]), payload, ...narrowing(r) };
  }
  const eventType = r.pick(["INSERT", "UPDATE", "DELETE"]);
  const body = { type: "postgres_changes", table: r.pick([...names, "ad-hoc"]), eventType };
  const owner = { new: r.pick(USERS), old: r.pick(USERS) };
  if (eventType !== "DELETE") body.new = record(r, owner.new);
  if (eventType !== "INSERT") body.old = record(r, owner.old);
  if (r.chance(0.8)) {
    body.owner = owner;
    if (r.chance(0.1)) body.owner.new = "";
    if (r.chance(0.1)) delete body.owner.old;
  }
  if (r.chance(0.35)) body.policy = policy(r);
  return { ...body, ...narrowing(r) };
}

export function receivers(r) {
  const all = [...USERS, "dee"].flatMap((userId) => [
    { userId, roles: r.some(ROLES, 0.3) },
    { userId, roles: [r.pick(ROLES)] },
  ]);
  return [...all, { userId: null, roles: [r.pick(ROLES)] }, { userId: "eve", roles: [] }];
}
