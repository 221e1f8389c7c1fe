// The whole way, as a user goes it: `quickback-realtime generate` in a copy of the newsroom, its
// worker in workerd, the generated helper in a second worker; and each client receives the very
// bytes that `quickback-realtime preview --json` prints for its view of the same records.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { startWorker } from "../../worker/harness.mjs";
import { EVENTS, OFF, OWNER } from "./events.mjs";
import { startApi } from "./launch.mjs";

const run = promisify(execFile);
const { PROJECT, SERVER } = process.env;
const ROLES = ["member", "contributor", "reporter", "photo-editor", "standards", "editor", "admin", "owner", "stringer", ""];
const USERS = ["ann", "bob", "7", "stranger"];

/** The views of an event as the command line prints them: their receivers, and their bytes. */
async function preview({ table, namespace, event, new: now, old, targetRoles, userId, masking }) {
  const folder = mkdtempSync(join(tmpdir(), "preview-"));
  try {
    const option = (name, value) => {
      if (value === undefined) return [];
      const file = join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify(value));
      return [`--${name}`, file];
    };
    const { stdout } = await run(SERVER, [
      "preview",
      `${table ?? namespace}.${event}`,
      "--json",
      "--project",
      PROJECT,
      ...option("new", now),
      ...option("old", old),
      ...option("masking", masking),
      ...(targetRoles ? ["--target-roles", targetRoles.join(",")] : []),
      ...(userId ? ["--user", userId] : []),
    ]);
    const lines = stdout.split("\n").filter((line) => line !== "");
    return lines.map((line) => ({
      receivers: JSON.parse(line).receivers,
      bytes: line.slice(line.indexOf(',"event":') + ',"event":'.length, -1),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Which of an event's records a user owns, in the preview's words. */
function ownership(one, user) {
  const column = OWNER[one.table];
  const id = (record) => (record?.[column] == null ? null : String(record[column]));
  const [now, before] = [id(one.new), id(one.old)];
  if (column === undefined || (user !== now && user !== before)) return false;
  if (now !== null && before !== null && now !== before) return user === now ? "new" : "old";
  return true;
}

/** The bytes that a member gets by the preview's views; `null` if it gets none. */
function bytesFor(one, views, { user, role }) {
  // A call for one user is previewed for that user alone.
  if (one.userId !== undefined && one.userId !== user) return null;
  const owns = ownership(one, user);
  // A role that the project does not know is worth as much as none, unless the call names it.
  const known = ROLES.includes(role) && role !== "stringer" && role !== "" ? role : null;
  const view = views.find(({ receivers }) => receivers.some((receiver) => receiver.role === known && receiver.recordOwner === owns));
  return view?.bytes ?? null;
}

/** The call of the helper that an event stands for. */
function call({ table, namespace, event, new: now, old, targetRoles, userId, masking: maskingConfig }) {
  const given = Object.entries({ targetRoles, userId, maskingConfig }).filter(([, value]) => value !== undefined);
  const options = Object.fromEntries(given);
  const records = [now, old].filter((record) => record !== undefined);
  return namespace === undefined
    ? [event, table, ...records, "org_1", options]
    : [`${namespace}.${event}`, now, "org_1", options];
}

test("every client receives what the preview prints for it, to the byte", async (t) => {
  const worker = await startWorker();
  t.after(() => worker.stop());
  const api = await startApi(t, worker.url);
  const clients = [];
  for (const [at, role] of ROLES.entries()) {
    for (const [other, user] of USERS.entries()) {
      // By turns in the organization's own object and in a lobby, which must not matter.
      const client = await worker.join({ sub: user, role }, (at + other) % 2 === 0 ? {} : { query: "" });
      clients.push({ role, user, client, expected: [] });
    }
  }
  const elsewhere = await worker.join({ sub: "ann", role: "owner", orgId: "org_2" });

  const previews = await Promise.all(EVENTS.map(preview));
  for (const [at, one] of EVENTS.entries()) {
    let delivered = 0;
    for (const client of clients) {
      const bytes = bytesFor(one, previews[at], client);
      if (bytes === null) continue;
      client.expected.push(bytes);
      delivered += 1;
    }
    assert.deepEqual(await api(...call(one)), { ok: true, delivered }, JSON.stringify(one));
  }
  for (const { role, user, client, expected } of clients) {
    assert.deepEqual(await client.drain(), expected, `${user} as ${role}`);
  }
  assert.deepEqual(await elsewhere.drain(), []);
  const frames = clients.flatMap(({ expected }) => expected);
  assert.ok(frames.length > 500 && new Set(frames).size > 80, `${frames.length} frames, ${new Set(frames).size} distinct`);
});

test("what is off is not sent, and a mistake is refused before it is sent", async (t) => {
  const worker = await startWorker();
  t.after(() => worker.stop());
  const api = await startApi(t, worker.url);
  const client = await worker.join({ role: "owner,editor,standards,reporter" });
  for (const one of OFF) {
    assert.deepEqual(await preview(one), [], JSON.stringify(one));
    assert.deepEqual(await api(...call(one)), { ok: true, skipped: "event-off" }, JSON.stringify(one));
  }
  const { ok, error } = await api("insert", "stories", { id: 1 }, "org_1", { userId: null });
  assert.deepEqual([ok, error.code], [false, "bad-argument"]);
  assert.deepEqual(await client.drain(), []);
});

test("a service binding takes the place of the URL", async (t) => {
  const worker = await startWorker();
  t.after(() => worker.stop());
  const api = await startApi(t, worker.url, { isBound: true });
  const client = await worker.join({ role: "reporter" });
  assert.deepEqual(await api("desk.joined", { userId: "ann" }, "org_1"), { ok: true, delivered: 1 });
  assert.equal((await client.drain()).length, 1);
});

test("what was generated says that it is what the definitions say, and the worker runs it", async (t) => {
  const worker = await startWorker();
  t.after(() => worker.stop());
  const { stdout } = await run(SERVER, ["doctor", "--project", PROJECT, "--url", worker.url], {
    env: { ...process.env, ACCESS_TOKEN: "access-token-of-the-tests" },
  });
  assert.match(stdout, /^deployed .*, the same configuration$/m);
  assert.match(stdout, /^generated +up to date$/m);
  await run(SERVER, ["--check", "--no-cache", PROJECT]);
});
