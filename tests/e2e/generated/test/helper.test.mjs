// What the helper sends, and what it makes of the answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DELIVERED, loadHelper, startWorker } from "./support.mjs";

const ORG = "org_1";

async function start(t, answers = [DELIVERED], options = {}) {
  const worker = await startWorker(t, answers);
  const errors = [];
  const { createRealtime } = await loadHelper();
  const onError = (error) => errors.push(error);
  const realtime = createRealtime(worker.env, { onError, ...options });
  return { ...worker, realtime, errors };
}

test("an insert is posted with its rules beside it", async (t) => {
  const { realtime, requests } = await start(t);
  const record = { id: "e1", name: "Ann", userId: 7, organizationId: ORG };
  const result = await realtime.insert("employees", record, ORG);
  assert.deepEqual(result, { ok: true, delivered: 3 });
  const [{ method, url, headers, body }] = requests;
  assert.deepEqual([method, url], ["POST", "/broadcast"]);
  assert.equal(headers.authorization, "Bearer access-token");
  assert.equal(headers["content-type"], "application/json");
  assert.match(headers["idempotency-key"], /^[0-9a-f-]{36}$/);
  const { policy, configHash, ...rest } = body;
  assert.deepEqual(rest, {
    type: "postgres_changes",
    table: "employees",
    eventType: "INSERT",
    new: { id: "e1", name: "Ann" },
    old: null,
    organizationId: ORG,
    owner: { new: "7" },
  });
  assert.deepEqual(policy.events, {
    insert: true,
    update: true,
    delete: false,
  });
  assert.equal(policy.owner, "userId");
  assert.match(configHash, /^[0-9a-f]{32}$/);
});

test("an update has both records and both owners", async (t) => {
  const { realtime, requests } = await start(t);
  await realtime.update(
    "materials",
    { id: "m1", ownerId: "u2", nope: 1 },
    { id: "m1", ownerId: "u1" },
    { organizationId: ORG, userId: "u2" },
    { targetRoles: ["editor+", "hr", "admin"] },
  );
  const { body } = requests[0];
  assert.deepEqual(body.new, { id: "m1", ownerId: "u2" });
  assert.deepEqual(body.old, { id: "m1", ownerId: "u1" });
  assert.deepEqual(body.owner, { new: "u2", old: "u1" });
  assert.equal(body.userId, "u2");
  assert.deepEqual(body.targetRoles, ["editor", "admin", "owner", "hr"]);
});

test("a table that no definition declares is sent as it is", async (t) => {
  const { realtime, requests } = await start(t);
  await realtime.delete("constructor", { id: 1, userId: "u1", x: [1] }, ORG);
  await realtime.insert("notes", { id: 2, ownerId: null, userId: "u1" }, ORG);
  assert.deepEqual(requests[0].body.old, { id: 1, userId: "u1", x: [1] });
  assert.equal(requests[0].body.new, null);
  assert.deepEqual(requests[0].body.owner, { old: "u1" });
  assert.equal("policy" in requests[0].body, false);
  assert.equal("owner" in requests[1].body, false);
});

test("the owner is in the first of the columns that JSON holds", async (t) => {
  const { realtime, requests } = await start(t);
  const absent = { toJSON: () => undefined };
  const hidden = (record) =>
    Object.defineProperty(record, "ownerId", { value: "u2" });
  for (const [record, owner] of [
    [{ ownerId: undefined, userId: "u1" }, "u1"],
    [{ ownerId: absent, userId: "u1" }, "u1"],
    [hidden({ userId: "u1" }), "u1"],
    [{ ownerId: undefined, userId: { toJSON: () => 7n } }, "7"],
    [{ ownerId: { toJSON: () => "u2" }, userId: "u1" }, "u2"],
    [{ ownerId: -0, userId: "u1" }, "0"],
    [{ ownerId: "\ud800" }, "\ufffd"],
    [{ ownerId: new Uint8Array([1, 2, 255]) }, "AQL/"],
    [{ ownerId: new Date(0) }, "1970-01-01T00:00:00.000Z"],
    [{ ownerId: null, userId: "u1" }, undefined],
    [{ ownerId: "", userId: "u1" }, undefined],
    [{ ownerId: false, userId: "u1" }, undefined],
    [{ ownerId: {}, userId: "u1" }, undefined],
    [{ ownerId: undefined, userId: undefined }, undefined],
  ]) {
    await realtime.insert("notes", record, ORG);
    const { body } = requests.pop();
    assert.equal(body.owner?.new, owner, JSON.stringify(body.new));
    // The worker takes nobody for the owner where the record says another.
    const held = body.new.ownerId !== undefined ? "ownerId" : "userId";
    const said = ["string", "number"].includes(typeof body.new[held]);
    assert.equal(said ? String(body.new[held]) : "", owner ?? "");
  }
});

test("columns that are not all known pass", async (t) => {
  const { realtime, requests } = await start(t);
  await realtime.insert("imports", { id: 1, extra: true }, ORG);
  assert.deepEqual(requests[0].body.new, { id: 1, extra: true });
  assert.equal(requests[0].body.policy.open, true);
});

test("events have the names of their namespaces", async (t) => {
  const { realtime, requests } = await start(t);
  const masking = {
    maskingConfig: {
      id: { type: "name", show: { roles: ["admin+"], or: "owner" } },
    },
  };
  await realtime.extraction.started({ id: "m1" }, ORG);
  await realtime.notifications["step-done"]({ id: 1 }, ORG, masking);
  await realtime.notifications.__proto__({}, ORG);
  await realtime.broadcast("processing-complete", { n: 1 }, ORG);
  const bodies = requests.map(({ body }) => body);
  assert.deepEqual(
    bodies.map(({ type, event, payload }) => [type, event, payload]),
    [
      ["broadcast", "extraction:started", { id: "m1" }],
      ["broadcast", "notifications:step-done", { id: 1 }],
      ["broadcast", "notifications:__proto__", {}],
      ["broadcast", "processing-complete", { n: 1 }],
    ],
  );
  assert.deepEqual(bodies[1].maskingConfig, {
    id: { type: "name", show: { roles: ["admin", "owner"], or: "owner" } },
  });
  assert.deepEqual(Object.keys(realtime), [
    "insert",
    "update",
    "delete",
    "broadcast",
    "extraction",
    "notifications",
    "presence",
  ]);
});

test("an event that is switched off is not sent", async (t) => {
  const { realtime, requests, errors } = await start(t);
  const off = { ok: true, skipped: "event-off" };
  assert.deepEqual(await realtime.delete("employees", { id: 1 }, ORG), off);
  assert.deepEqual(await realtime.insert("auditLog", { id: 1 }, ORG), off);
  assert.deepEqual([requests, errors], [[], []]);
});

test("without a worker nothing is sent, and that is said once", async (t) => {
  const { createRealtime } = await loadHelper();
  const warn = t.mock.method(console, "warn", () => undefined);
  const skipped = { ok: true, skipped: "not-configured" };
  for (const env of [
    {},
    undefined,
    { REALTIME_URL: "", ACCESS_TOKEN: undefined },
  ]) {
    const realtime = createRealtime(env);
    assert.deepEqual(await realtime.insert("claims", { id: 1 }, ORG), skipped);
  }
  assert.equal(warn.mock.callCount(), 1);
});

test("half a configuration is an error", async () => {
  const { createRealtime } = await loadHelper();
  const errors = [];
  const onError = (error) => errors.push(error.code);
  for (const env of [
    { REALTIME_URL: "http://127.0.0.1:1" },
    { ACCESS_TOKEN: "t" },
  ]) {
    const result = await createRealtime(env, { onError }).broadcast(
      "x",
      {},
      ORG,
    );
    assert.equal(result.error.code, "misconfigured");
  }
  assert.deepEqual(errors, ["misconfigured", "misconfigured"]);
});

test("a service binding takes the place of the URL", async () => {
  const { createRealtime } = await loadHelper();
  const calls = [];
  const REALTIME = {
    fetch(url, request) {
      assert.equal(this, REALTIME);
      calls.push([url, request.headers.Authorization]);
      return Promise.resolve(Response.json({ delivered: 1 }));
    },
  };
  const env = {
    REALTIME,
    ACCESS_TOKEN: "t",
    REALTIME_URL: "http://127.0.0.1:1",
  };
  const result = await createRealtime(env).broadcast("x", {}, ORG);
  assert.deepEqual(result, { ok: true, delivered: 1 });
  assert.deepEqual(calls, [["https://realtime/broadcast", "Bearer t"]]);
});

test("a failure that may pass is tried once more under the same key", async (t) => {
  const hangUp = (request) => request.socket.destroy();
  const answers = [
    [503, { error: "unavailable" }],
    DELIVERED,
    hangUp,
    DELIVERED,
  ];
  const { realtime, requests, errors } = await start(t, answers);
  for (const at of [0, 2]) {
    const result = await realtime.broadcast("x", {}, ORG);
    assert.deepEqual(result, { ok: true, delivered: 3 });
    const [first, second] = requests.slice(at);
    assert.equal(
      first.headers["idempotency-key"],
      second.headers["idempotency-key"],
    );
    assert.equal(first.text, second.text);
  }
  assert.equal(requests.length, 4);
  assert.notEqual(
    requests[0].headers["idempotency-key"],
    requests[2].headers["idempotency-key"],
  );
  assert.deepEqual(errors, []);
});

test("the second failure is final", async (t) => {
  const { realtime, requests, errors } = await start(t, [[500, "<html>"]]);
  const { ok, error } = await realtime.broadcast("x", {}, ORG);
  assert.equal(ok, false);
  assert.deepEqual([error.code, error.status], ["unavailable", 500]);
  assert.equal(requests.length, 2);
  assert.equal(errors.length, 1);
});

test("a refusal is not tried again", async (t) => {
  const message = "`userId` must be a string that is not empty.";
  const refusal = [400, { error: "unusable_narrowing", message }];
  const { realtime, requests } = await start(t, [refusal]);
  const { error } = await realtime.broadcast("x", {}, ORG);
  assert.deepEqual([error.code, error.status], ["rejected", 400]);
  assert.ok(error.message.includes(message), error.message);
  assert.equal(requests.length, 1);
});

test("a worker that does not answer is given 2.5 seconds", async (t) => {
  const { realtime, requests } = await start(t, [() => undefined, DELIVERED]);
  const before = performance.now();
  const result = await realtime.broadcast("x", {}, ORG);
  const took = performance.now() - before;
  assert.deepEqual(result, { ok: true, delivered: 3 });
  assert.ok(took > 2400 && took < 4000, `${took} ms`);
  assert.equal(requests.length, 2);
});

test("a worker that starts to answer and stops is given no longer", async (t) => {
  const stall = (_, response) => response.writeHead(200).write('{"deliv');
  const { realtime } = await start(t, [stall]);
  const { error } = await realtime.broadcast("x", {}, ORG);
  assert.equal(error.code, "timeout");
});

test("a redirect is not followed with the secret", async (t) => {
  const away = (_, response) =>
    response.writeHead(307, { location: "http://127.0.0.1:1/" }).end();
  const { realtime, requests } = await start(t, [away]);
  const { error } = await realtime.broadcast("x", {}, ORG);
  assert.deepEqual([error.code, error.status], ["rejected", 307]);
  assert.equal(requests.length, 1);
});

test("an answer from something else is an error", async (t) => {
  const answers = [
    [200, "hello"],
    [200, "null"],
    [200, { delivered: "3" }],
  ];
  const { realtime } = await start(t, answers);
  for (let time = 0; time < 3; time += 1) {
    const { error } = await realtime.broadcast("x", {}, ORG);
    assert.equal(error.code, "bad-answer");
  }
});

test("a partial delivery is said to be one", async (t) => {
  const { realtime } = await start(t, [[200, { delivered: 1, partial: true }]]);
  const result = await realtime.broadcast("x", {}, ORG);
  assert.deepEqual(result, { ok: true, delivered: 1, partial: true });
});

test("another configuration in the worker is reported once", async (t) => {
  const other = [200, { delivered: 1, configHash: "another" }];
  const { realtime, requests, errors } = await start(t, [other]);
  for (let time = 0; time < 3; time += 1) {
    assert.equal((await realtime.broadcast("x", {}, ORG)).ok, true);
  }
  assert.deepEqual(
    errors.map(({ code }) => code),
    ["config-mismatch"],
  );
  const same = [200, { delivered: 1, configHash: requests[0].body.configHash }];
  const again = await start(t, [same]);
  await again.realtime.broadcast("x", {}, ORG);
  assert.deepEqual(again.errors, []);
});

test("throwOnError throws what onError hears", async (t) => {
  const { realtime, errors } = await start(t, [[401, {}]], {
    throwOnError: true,
  });
  await assert.rejects(realtime.broadcast("x", {}, ORG), (error) => {
    assert.equal(error.name, "RealtimeError");
    assert.ok(error instanceof Error);
    assert.deepEqual([error.code, error.status], ["rejected", 401]);
    return errors[0] === error;
  });
});

test("a listener that fails does not fail the action", async (t) => {
  const log = t.mock.method(console, "error", () => undefined);
  const onErrors = [
    () => {
      throw new Error("listener");
    },
    () => Promise.reject(new Error("listener")),
  ];
  for (const onError of onErrors) {
    const { realtime } = await start(t, [[401, {}]], { onError });
    assert.equal((await realtime.broadcast("x", {}, ORG)).ok, false);
  }
  await new Promise(setImmediate);
  assert.equal(log.mock.callCount(), 2);
});

test("a failure that nobody listens for is in the log, without the secret", async (t) => {
  const log = t.mock.method(console, "error", () => undefined);
  const { realtime } = await start(t, [[401, {}]], { onError: undefined });
  await realtime.broadcast("x", { password: "hunter2" }, ORG);
  const [text] = log.mock.calls[0].arguments;
  assert.match(text, /rejected/);
  assert.doesNotMatch(text, /access-token|hunter2/);
});
