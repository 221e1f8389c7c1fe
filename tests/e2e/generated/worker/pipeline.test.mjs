// Helper, worker and preview together: whatever is called from the API worker, each client
// receives the very bytes that the preview shows for it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startWorker } from "../../worker/harness.mjs";
import { startApi } from "./launch.mjs";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const ROLES = ["member", "editor", "admin", "owner", "hr", ""];
const USERS = ["ann", "bob", "stranger"];

const employee = (id, userId, more = {}) => ({
  id,
  userId,
  name: "Zoë Ångström",
  email: "zoe@press.example.org",
  ssn: "123-45-6789",
  salary: 52000,
  mobile: "+49 151 5551234",
  phoneVerified: true,
  badge: "9007199254740993",
  photo: null,
  ...more,
});

const masking = {
  name: { type: "name", show: { roles: ["editor+"], or: "owner" } },
  ssn: { type: "redact", show: { roles: ["everyone"] } },
  id: { type: "redact", show: { or: "owner" } },
};

// What to call, and the same in the words of the preview.
const CASES = [
  {
    table: "claims",
    event: "insert",
    new: { id: "c1", title: "T", confidence: 1 },
  },
  {
    table: "claims",
    event: "update",
    new: { id: "c1", status: "x" },
    old: { id: "c1" },
  },
  { table: "claims", event: "delete", old: { id: "c1" } },
  { table: "employees", event: "insert", new: employee("e1", "ann") },
  {
    table: "employees",
    event: "insert",
    new: employee("e2", "bob", { email: "", ssn: 1 }),
  },
  { table: "employees", event: "insert", new: employee("e3", null) },
  {
    table: "employees",
    event: "update",
    new: employee("e1", "ann", { salary: 1 }),
    old: employee("e1", "ann"),
  },
  {
    table: "employees",
    event: "update",
    new: employee("e1", "ann"),
    old: employee("e1", "bob"),
    masking,
  },
  {
    table: "employees",
    event: "insert",
    new: employee("e4", "ann"),
    userId: "ann",
  },
  {
    table: "employees",
    event: "insert",
    new: employee("e5", "ann"),
    userId: "stranger",
  },
  {
    table: "employees",
    event: "insert",
    new: employee("e6", "bob"),
    targetRoles: ["hr", "owner"],
  },
  {
    table: "employees",
    event: "insert",
    new: employee("e7", "bob"),
    targetRoles: ["editor+"],
    masking,
  },
  {
    table: "imports",
    event: "insert",
    new: { id: 1, secretToken: "hunter2", email: "a@b.co", deep: [{}] },
  },
  {
    table: "materials",
    event: "insert",
    new: { id: "😀", title: 'a\u2028"\\', tags: ["x"], ownerId: 7 },
  },
  {
    table: "materials",
    event: "delete",
    old: { id: "m", ownerId: "ann", nope: 1 },
  },
  { table: 'weird-"table"', event: "insert", new: { id: 1, constructor: "c" } },
  {
    namespace: "extraction",
    event: "started",
    new: { materialId: "m", email: "a@b.co" },
  },
  {
    namespace: "notifications",
    event: "step-done",
    new: { id: 1 },
    userId: "bob",
  },
  {
    namespace: "presence",
    event: "joined",
    new: { email: "a@b.co" },
    targetRoles: ["member"],
  },
  {
    namespace: "presence",
    event: "left",
    new: { email: "ann@press.org", at: 1 },
    masking: { email: { type: "email", show: { roles: ["admin"] } } },
  },
];

/** Of each case, the receivers with the bytes that they get. */
function preview(cases) {
  const { status, stdout, stderr } = spawnSync(
    "cargo",
    [
      "run",
      "--quiet",
      "-p",
      "quickback-realtime-generator",
      "--example",
      "preview",
    ],
    {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
      input: cases.map((one) => `${JSON.stringify(one)}\n`).join(""),
    },
  );
  assert.equal(status, 0, stderr);
  // An empty line ends each.
  const previews = stdout.split("\n\n").slice(0, cases.length);
  return previews.map((lines) =>
    lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => ({
        receivers: JSON.parse(line).receivers,
        bytes: line.slice(line.indexOf(',"event":') + ',"event":'.length, -1),
      })),
  );
}

/** Which of a case's records a user owns, in the preview's words. */
function ownership(one, user) {
  const owner = { employees: "userId", materials: "ownerId" }[one.table];
  const id = (record) =>
    record?.[owner] == null ? null : String(record[owner]);
  const [now, before] = [id(one.new), id(one.old)];
  if (owner === undefined || (user !== now && user !== before)) return false;
  if (now !== null && before !== null && now !== before)
    return user === now ? "new" : "old";
  return true;
}

/** The calls of the helper that a case stands for. */
function call({
  table,
  namespace,
  event,
  new: now,
  old,
  targetRoles,
  userId,
  masking: maskingConfig,
}) {
  const options = Object.fromEntries(
    Object.entries({ targetRoles, userId, maskingConfig }).filter(
      ([, value]) => value,
    ),
  );
  const records = [now, old].filter((record) => record !== undefined);
  return namespace === undefined
    ? [event, table, ...records, "org_1", options]
    : [`${namespace}.${event}`, now, "org_1", options];
}

test("every client receives what the preview shows for it, to the byte", async (t) => {
  const worker = await startWorker();
  t.after(() => worker.stop());
  const api = await startApi(t, worker.url);
  const clients = [];
  for (const role of ROLES) {
    for (const user of USERS) {
      const client = await worker.join({ sub: user, role });
      clients.push({ role, user, client, expected: [] });
    }
  }
  const lobby = await worker.join(
    { sub: "ann", role: "member" },
    { query: "" },
  );
  clients.push({ role: "member", user: "ann", client: lobby, expected: [] });
  const elsewhere = await worker.join({
    sub: "ann",
    role: "admin",
    orgId: "org_2",
  });

  const previews = preview(CASES);
  for (const [at, one] of CASES.entries()) {
    let delivered = 0;
    for (const { role, user, expected } of clients) {
      const who = {
        role: role === "" ? null : role,
        recordOwner: ownership(one, user),
      };
      // A call for one user is previewed for that user alone.
      if (one.userId !== undefined && one.userId !== user) continue;
      const view = previews[at].find(({ receivers }) =>
        receivers.some(
          (known) =>
            known.role === who.role && known.recordOwner === who.recordOwner,
        ),
      );
      if (view === undefined) continue;
      expected.push(view.bytes);
      delivered += 1;
    }
    const result = await api(...call(one));
    assert.deepEqual(result, { ok: true, delivered }, JSON.stringify(one));
  }
  for (const { role, user, client, expected } of clients) {
    assert.deepEqual(await client.drain(), expected, `${user} as ${role}`);
  }
  assert.deepEqual(await elsewhere.drain(), []);
  const frames = clients.flatMap(({ expected }) => expected);
  assert.ok(
    frames.length > 200 && new Set(frames).size > 50,
    `${frames.length} ${new Set(frames).size}`,
  );
});

test("what is off is not sent, and a mistake is refused before it is sent", async (t) => {
  const worker = await startWorker();
  t.after(() => worker.stop());
  const api = await startApi(t, worker.url);
  const client = await worker.join({ role: "admin" });
  const off = { ok: true, skipped: "event-off" };
  assert.deepEqual(await api("delete", "employees", { id: 1 }, "org_1"), off);
  assert.deepEqual(await api("insert", "auditLog", { id: 1 }, "org_1"), off);
  const { ok, error } = await api("insert", "claims", { id: 1 }, "org_1", {
    userId: null,
  });
  assert.deepEqual([ok, error.code], [false, "bad-argument"]);
  assert.deepEqual(await client.drain(), []);
});
