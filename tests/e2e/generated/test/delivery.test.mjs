// What the helper posts, given to the code that the worker runs: nothing that the helper lets
// through is refused, and each receiver gets what the call says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { DELIVERED, loadHelper, startWorker } from "./support.mjs";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** Makes the calls, and returns what the receivers of each get. */
async function deliver(t, calls) {
  const { env, requests } = await startWorker(t, [DELIVERED]);
  const { createRealtime } = await loadHelper();
  const realtime = createRealtime(env);
  for (const call of calls) {
    assert.deepEqual(await call(realtime), { ok: true, delivered: 3 });
  }
  const { status, stdout, stderr } = spawnSync(
    "cargo",
    [
      "run",
      "--quiet",
      "-p",
      "quickback-realtime-generator",
      "--example",
      "deliver",
    ],
    {
      cwd: root,
      maxBuffer: 2 ** 26,
      encoding: "utf8",
      input: requests.map(({ text }) => `${text}\n`).join(""),
    },
  );
  assert.equal(status, 0, stderr);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const change = (table, eventType, now, old) => ({
  type: "postgres_changes",
  table,
  eventType,
  schema: "public",
  new: now,
  old,
});
const everybody = (
  event,
  names = ["admin", "editor", "member", "owner", "user_1"],
) => Object.fromEntries(names.map((name) => [name, event]));

test("the documentation's calls become the documentation's events", async (t) => {
  const org = "org_1";
  const material = { id: "mat_123", title: "Breaking News", status: "pending" };
  const [insert, update, remove, event, adHoc, toUser, toRoles] = await deliver(
    t,
    [
      (realtime) => realtime.insert("materials", material, org),
      (realtime) =>
        realtime.update(
          "materials",
          { id: "mat_123", status: "completed" },
          { id: "mat_123", status: "pending" },
          org,
        ),
      (realtime) => realtime.delete("materials", { id: "mat_123" }, org),
      (realtime) => realtime.extraction.started({ materialId: "mat_123" }, org),
      (realtime) =>
        realtime.insert("notes", { id: 1, email: "ann@press.org" }, org),
      (realtime) =>
        realtime.broadcast(
          "task",
          {},
          { organizationId: org, userId: "user_1" },
        ),
      (realtime) =>
        realtime.insert("admin-actions", {}, org, { targetRoles: ["admin+"] }),
    ],
  );
  assert.deepEqual(
    insert,
    everybody(change("materials", "INSERT", material, null)),
  );
  assert.deepEqual(
    update,
    everybody(
      change(
        "materials",
        "UPDATE",
        { id: "mat_123", status: "completed" },
        { id: "mat_123", status: "pending" },
      ),
    ),
  );
  assert.deepEqual(
    remove,
    everybody(change("materials", "DELETE", null, { id: "mat_123" })),
  );
  assert.deepEqual(
    event,
    everybody({
      type: "broadcast",
      event: "extraction:started",
      payload: { materialId: "mat_123" },
    }),
  );
  const masked = change(
    "notes",
    "INSERT",
    { id: 1, email: "a**@p****.org" },
    null,
  );
  const plain = change(
    "notes",
    "INSERT",
    { id: 1, email: "ann@press.org" },
    null,
  );
  assert.deepEqual(adHoc, { ...everybody(masked), admin: plain });
  const task = { type: "broadcast", event: "task", payload: {} };
  assert.deepEqual(toUser, everybody(task, ["user_1"]));
  const action = change("admin-actions", "INSERT", {}, null);
  assert.deepEqual(toRoles, everybody(action, ["admin", "owner"]));
});

test("masks, owners and required roles hold", async (t) => {
  const employee = {
    id: "e1",
    userId: "user_1",
    name: "Ann",
    ssn: "123-45-6789",
    salary: 1,
    mobile: "5551234567",
    organizationId: "org_1",
  };
  const [own, narrowed, claims] = await deliver(t, [
    (realtime) => realtime.insert("employees", employee, "org_1"),
    (realtime) =>
      realtime.update("employees", employee, { id: "e1" }, "org_1", {
        maskingConfig: {
          name: { type: "name", show: { or: "owner" } },
          ssn: { type: "redact", show: { roles: ["everyone"] } },
          mobile: { type: "redact", show: { roles: ["editor"] } },
        },
      }),
    (realtime) =>
      realtime.delete("claims", { id: "c1", confidence: 1 }, "org_1"),
  ]);
  const member = {
    id: "e1",
    name: "Ann",
    ssn: "*****6789",
    salary: "[REDACTED]",
    mobile: "******4567",
  };
  assert.deepEqual(own.member.new, member);
  assert.deepEqual(own.admin.new, { ...member, mobile: "5551234567" });
  assert.deepEqual(own.user_1.new, {
    ...member,
    ssn: "123-45-6789",
    mobile: "5551234567",
  });
  assert.deepEqual(narrowed.editor.new, {
    ...member,
    name: "A**",
    mobile: "5551234567",
  });
  assert.equal(narrowed.user_1.new.name, "Ann");
  assert.equal(narrowed.user_1.new.mobile, "[REDACTED]");
  assert.deepEqual(narrowed.member.old, { id: "e1" });
  const removed = change("claims", "DELETE", null, { id: "c1" });
  assert.deepEqual(claims, everybody(removed, ["admin", "member", "user_1"]));
});

test("whatever JavaScript holds, the worker can read", async (t) => {
  const odd = JSON.parse(
    '{"__proto__":{"a":[]},"constructor":1,"😀":"é\\u2028"}',
  );
  const deep = Array.from({ length: 55 }).reduce((inside) => ({ inside }), 1);
  const payloads = [
    odd,
    {
      text: "a\ud800b",
      big: 2n ** 70n,
      date: new Date(0),
      bytes: new Uint8Array(9),
    },
    { numbers: [1e21, -0, 5e-324, 0.1, Number.MAX_SAFE_INTEGER] },
    deep,
    { text: "x".repeat(900_000) },
    {},
  ];
  const frames = await deliver(
    t,
    payloads.map(
      (payload) => (realtime) => realtime.broadcast("x", payload, "org"),
    ),
  );
  const received = frames.map(({ member }) => member.payload);
  assert.deepEqual(Object.keys(received[0]), [
    "__proto__",
    "constructor",
    "😀",
  ]);
  assert.equal(received[1].text, "a\ufffdb");
  assert.equal(received[1].big, String(2n ** 70n));
  assert.deepEqual(received[2].numbers, [1e21, 0, 5e-324, 0.1, 2 ** 53 - 1]);
  assert.deepEqual(received.slice(3), payloads.slice(3));
});

test("odd names of tables, columns and roles survive", async (t) => {
  const record = { id: 1, constructor: "c", "größe 😀": 2, nope: 3 };
  const [nobody, refused] = await deliver(t, [
    (realtime) => realtime.insert('weird-"table"', record, "org_1"),
    (realtime) =>
      realtime.insert("__proto__", record, "org_1", {
        targetRoles: ["member"],
      }),
  ]);
  // Its required role is none of the hierarchy.
  assert.deepEqual(nobody, {});
  assert.deepEqual(refused.member.new, record);
});
