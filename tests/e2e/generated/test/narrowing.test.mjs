// A narrowing that is named and cannot be used must never come to mean everybody.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DELIVERED, loadHelper, startWorker } from "./support.mjs";

/** `object` with a property that no loop over it sees. */
function hidden(key, value, object = {}) {
  return Object.defineProperty(object, key, { value });
}

/** As a class makes one whose rules are accessors: they are on its prototype, and hidden. */
class Masks {
  note = { type: "redact" };
  get ssn() {
    return { type: "redact" };
  }
}

const TARGETS = [
  undefined,
  null,
  "",
  42,
  [],
  ["org_1"],
  {},
  { organizationId: undefined },
  { organizationId: "" },
  { organizationId: 1 },
  { userId: "u1" },
  { organizationId: "org_1", userId: undefined },
  { organizationId: "org_1", userId: null },
  { organizationId: "org_1", userId: "" },
  { organizationId: "org_1", userId: 1 },
  { organizationId: "org_1", scopeKey: "x" },
  { organizationId: "org_1", scopeKey: undefined },
  { organizationId: "org_1", other: 1 },
  { organizationId: "org_1", [Symbol("userId")]: "u1" },
  hidden("scopeKey", "x", { organizationId: "org_1" }),
  Object.create({ organizationId: "org_1", scopeKey: undefined }),
  new Date(),
];

const rule = (rule) => ({ maskingConfig: { ssn: rule } });
const OPTIONS = [
  null,
  "u1",
  [],
  { userId: undefined },
  { userId: null },
  { userId: "" },
  { userId: 1 },
  Object.create({ userId: undefined }),
  { targetRoles: undefined },
  { targetRoles: null },
  { targetRoles: [] },
  { targetRoles: "admin" },
  { targetRoles: [""] },
  { targetRoles: [undefined] },
  { targetRoles: ["admin", 1] },
  { targetRoles: ["*"] },
  { targetRoles: ["hr+"] },
  { targetRoles: ["+"] },
  { targetRoles: [, "admin"] },
  { maskingConfig: undefined },
  { maskingConfig: null },
  { maskingConfig: {} },
  { maskingConfig: [] },
  { maskingConfig: [{ type: "ssn" }] },
  { maskingConfig: hidden("ssn", { type: "redact" }) },
  { maskingConfig: hidden("ssn", 1, { note: { type: "redact" } }) },
  { maskingConfig: hidden("ssn", 1, Object.create({ ssn: 1 })) },
  { maskingConfig: Object.create(hidden("ssn", { type: "redact" })) },
  { maskingConfig: new Masks() },
  { maskingConfig: { [Symbol("ssn")]: { type: "redact" } } },
  { maskingConfig: Object.create({ ssn: undefined }) },
  rule(undefined),
  rule(null),
  rule("ssn"),
  rule({}),
  rule({ type: undefined }),
  rule({ type: "SSN" }),
  rule({ type: "custom" }),
  rule({ type: "toString" }),
  rule({ type: "ssn", show: undefined }),
  rule({ type: "ssn", show: ["admin"] }),
  rule({ type: "ssn", show: { roles: undefined } }),
  rule({ type: "ssn", show: { roles: "admin" } }),
  rule({ type: "ssn", show: { roles: ["nobody+"] } }),
  rule({ type: "ssn", show: { or: undefined } }),
  rule({ type: "ssn", show: { or: "admin" } }),
  rule({ type: "ssn", show: { role: ["admin"] } }),
  rule({ type: "ssn", mask: () => "" }),
  rule({ type: "ssn", [Symbol("show")]: {} }),
  rule(hidden("mask", () => "", { type: "ssn" })),
  rule(Object.create({ type: "ssn", show: undefined })),
  rule({ type: "ssn", show: Object.create({ roles: "admin" }) }),
  rule({ type: "ssn", show: hidden("role", ["admin"]) }),
  { scopeKey: "x" },
  { scopeKey: undefined },
  { userID: "u1" },
];

const start = async (t) => {
  const { env, requests } = await startWorker(t, [DELIVERED]);
  const { createRealtime } = await loadHelper();
  const realtime = createRealtime(env, { onError: () => undefined });
  return { realtime, requests };
};

const refused = (result, what) => {
  assert.equal(result.ok, false, what);
  assert.equal(result.error.code, "bad-argument", what);
};

test("targets that cannot be used are refused before any request", async (t) => {
  const { realtime, requests } = await start(t);
  for (const target of TARGETS) {
    const what = JSON.stringify(target) ?? "undefined";
    refused(await realtime.insert("employees", { id: 1 }, target), what);
    refused(await realtime.update("employees", {}, {}, target), what);
    refused(await realtime.delete("claims", { id: 1 }, target), what);
    refused(await realtime.broadcast("x", {}, target), what);
    refused(await realtime.presence.left({}, target), what);
  }
  assert.deepEqual(requests, []);
});

test("options that cannot be used are refused before any request", async (t) => {
  const { realtime, requests } = await start(t);
  for (const options of OPTIONS) {
    const what = JSON.stringify(options);
    refused(await realtime.insert("employees", {}, "org_1", options), what);
    refused(await realtime.broadcast("x", {}, "org_1", options), what);
    // Even where nothing would be sent, so that the mistake is seen.
    refused(await realtime.delete("employees", {}, "org_1", options), what);
  }
  assert.deepEqual(requests, []);
});

test("what is inherited narrows, too", async (t) => {
  const { realtime, requests } = await start(t);
  const roles = ["admin"];
  const show = Object.create({ roles, or: "owner" });
  const masks = {
    salary: Object.create({ type: "redact", show }),
    constructor: { type: "name" },
  };
  const maskingConfig = Object.assign(Object.create(masks), {
    note: hidden("show", hidden("roles", roles), { type: "redact" }),
  });
  const options = Object.create({ maskingConfig, targetRoles: roles });
  const result = await realtime.insert("log", {}, "org_1", options);
  assert.equal(result.ok, true);
  const [{ body }] = requests;
  assert.deepEqual(body.targetRoles, roles);
  assert.deepEqual(body.maskingConfig, {
    note: { type: "redact", show: { roles } },
    salary: { type: "redact", show: { roles, or: "owner" } },
    constructor: { type: "name" },
  });
});

test("two different users are refused, the same one twice is not", async (t) => {
  const { realtime, requests } = await start(t);
  const target = { organizationId: "org_1", userId: "u1" };
  refused(await realtime.broadcast("x", {}, target, { userId: "u2" }));
  assert.deepEqual(requests, []);
  const same = await realtime.broadcast("x", {}, target, { userId: "u1" });
  assert.equal(same.ok, true);
  assert.equal(requests[0].body.userId, "u1");
});

test("what is sent and by which name must be usable, too", async (t) => {
  const { realtime, requests } = await start(t);
  for (const record of [
    undefined,
    null,
    "x",
    1,
    [],
    new Uint8Array(1),
    new Date(),
    Promise.resolve({ id: "1" }),
    () => ({ id: "1" }),
  ]) {
    refused(await realtime.insert("employees", record, "org_1"));
    refused(await realtime.update("notes", {}, record, "org_1"));
    refused(await realtime.extraction.started(record, "org_1"));
  }
  const later = Promise.resolve({ id: "1" });
  const { error } = await realtime.broadcast("x", later, "org_1");
  assert.match(error.message, /^The payload must be an object, .*Promise/);
  for (const name of [undefined, null, "", 1, {}]) {
    refused(await realtime.insert(name, {}, "org_1"));
    refused(await realtime.broadcast(name, {}, "org_1"));
  }
  assert.deepEqual(requests, []);
});
