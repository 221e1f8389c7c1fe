// Bad input by name: what it is answered, and that nobody else notices.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ACCESS_TOKEN, CONFIG_HASH, custom, insert, sleep, startWorker, token, unique } from "./harness.mjs";

let worker, witness;
before(async () => {
  worker = await startWorker({ MAX_PENDING: 200 });
  witness = await worker.join({ orgId: "org_1", sub: "witness" });
});
after(async () => {
  // Whatever the tests sent, a bystander of the same organization saw none of it, and is still served.
  try {
    assert.deepEqual(await witness.drain(), []);
    await worker.broadcast(custom("still", 1));
    assert.match(await witness.text(), /still/);
  } finally {
    await worker.stop();
  }
});

async function refused(body, options) {
  const { status, error, text } = await worker.broadcast(body, options);
  assert.ok(!text.includes("SECRET-INPUT"), text);
  return [status, error];
}

test("bodies", async () => {
  for (const [body, status, error] of [
    ["", 400, "bad_json"],
    ["SECRET-INPUT", 400, "bad_json"],
    ["[]", 400, "bad_json"],
    ["null", 400, "bad_json"],
    [Buffer.from([0x7b, 0xff, 0x7d]), 400, "bad_json"],
    ['{"organizationId":"org_1","type":"broadcast","event":"SECRET-INPUT"', 400, "bad_json"],
    [`{"organizationId":"org_1","type":"broadcast","event":"e","payload":${"[".repeat(100)}${"]".repeat(100)}}`, 400, "too_deep"],
    ["[".repeat(500_000), 400, "too_deep"],
    [custom("e", "x".repeat(1 << 20)), 413, "too_large"],
    [{ type: "broadcast", event: "e" }, 400, "missing_organization"],
    [custom("e", 1, { organizationId: "" }), 400, "missing_organization"],
    [custom("e", 1, { "SECRET-INPUT": 1 }), 400, "unknown_key"],
    [custom("e", 1, { scopeKey: "s" }), 400, "unknown_key"],
    [custom("e", 1, { type: "SECRET-INPUT" }), 400, "bad_event"],
    [insert("t", null), 400, "bad_event"],
    [insert("t", ["SECRET-INPUT"]), 400, "bad_event"],
    [custom("e", {}, { maskingConfig: { a: { type: "SECRET-INPUT" } } }), 400, "unknown_mask_type"],
    [custom("e", {}, { maskingConfig: { a: { type: "custom" } } }), 400, "unknown_mask_type"],
    [custom("e", {}, { maskingConfig: {} }), 400, "unusable_narrowing"],
    [custom("e", {}, { targetRoles: [] }), 400, "unusable_narrowing"],
    [custom("e", {}, { targetRoles: null }), 400, "unusable_narrowing"],
    [custom("e", {}, { targetRoles: ["boss+"] }), 400, "unknown_role"],
    [custom("e", {}, { targetRoles: ["*"] }), 400, "unknown_role"],
    [custom("e", {}, { targetRoles: Array(101).fill("r") }), 400, "too_many"],
    [custom("e", {}, { userId: null }), 400, "unusable_narrowing"],
    [custom("e", {}, { userId: "" }), 400, "unusable_narrowing"],
    [custom("auth:token-invalidated", {}), 400, "unusable_narrowing"],
    [insert("claims", {}, { policy: { open: true } }), 400, "bad_policy"],
  ]) {
    const what = typeof body === "string" ? body.slice(0, 80) : JSON.stringify(body).slice(0, 80);
    assert.deepEqual(await refused(body), [status, error], what);
  }
});

test("tokens and routes", async () => {
  for (const shown of [null, "", "wrong", `${ACCESS_TOKEN}x`]) {
    assert.deepEqual(await refused(custom("e", 1), { token: shown }), [401, "unauthorized"]);
  }
  const secret = await worker.broadcast(custom("e", 1, { organizationId: "nobody" }), {
    token: null,
    headers: { "x-internal-secret": ACCESS_TOKEN },
  });
  assert.equal(secret.status, 200);
  const path = "/realtime/v1/api/broadcast?organizationId=nobody";
  assert.equal((await worker.broadcast({ type: "broadcast", event: "e" }, { path })).status, 200);
  assert.deepEqual(await refused(custom("e", 1), { path }), [403, "wrong_organization"]);
  for (const unusable of ["", "z".repeat(1_025)]) {
    const address = `/realtime/v1/api/broadcast?organizationId=${unusable}`;
    assert.deepEqual(await refused(custom("e", 1), { path: address }), [400, "missing_organization"]);
  }
  for (const key of ["", "k".repeat(129)]) {
    const [status] = await refused(custom("e", 1), { headers: { "idempotency-key": key } });
    // An empty header may vanish on its way; it must not become a key.
    assert.ok(key === "" || status === 400);
  }
  assert.equal((await worker.get("/broadcast")).status, 405);
  assert.equal((await worker.get("/socket")).status, 404);
  for (const inner of ["/deliver", "/revoke"]) {
    assert.equal((await worker.get(inner, { method: "POST", body: "{}", headers: { authorization: `Bearer ${ACCESS_TOKEN}` } })).status, 404);
  }
  assert.equal((await worker.get("/realtime/v1/websocket")).status, 426);
  assert.deepEqual(await (await worker.get("/healthz")).json(), { ok: true });
  const headers = { authorization: `Bearer ${ACCESS_TOKEN}` };
  const health = await (await worker.get("/healthz", { headers })).json();
  assert.equal(health.configHash, CONFIG_HASH);
  assert.match(health.version, /^\d+\.\d+\.\d+$/);
});

test("an organization whose id does not fit into the name of its object", async () => {
  const ask = (orgId) =>
    worker.get("/realtime/v1/ws-ticket", {
      method: "POST",
      headers: { authorization: `Bearer ${token({ orgId })}` },
      body: JSON.stringify({ organizationId: orgId }),
    });
  for (const [orgId, fits] of [["x".repeat(1_020), true], ["x".repeat(1_021), false], ["#".repeat(340), true], ["%".repeat(341), false]]) {
    const member = await worker.open();
    member.auth(token({ orgId }), orgId);
    const { type, reason } = await member.next();
    const answer = await worker.broadcast(custom("e", 1, { organizationId: orgId }));
    const address = `?organizationId=${encodeURIComponent(orgId)}`;
    if (fits) {
      assert.equal(type, "auth_success");
      assert.equal(answer.delivered, 1);
      await (await worker.open(address)).close();
      assert.equal((await ask(orgId)).status, 200);
    } else {
      assert.deepEqual([reason, await member.closeCode()], ["wrong_organization", 4403]);
      assert.deepEqual([answer.status, answer.error], [400, "missing_organization"]);
      await assert.rejects(worker.open(address), { status: 400 });
      const ticket = `${Buffer.from(orgId).toString("base64url")}.${Buffer.alloc(32).toString("base64url")}`;
      await assert.rejects(worker.open(`?ws_ticket=${ticket}`), { status: 401 });
      assert.equal((await ask(orgId)).status, 400);
    }
  }
});

test("frames", async () => {
  const closes = async (frame, first) => {
    const client = first ? await worker.open() : await worker.join({ orgId: unique("org") });
    client.send(frame);
    return client.closeCode();
  };
  for (const first of [true, false]) {
    assert.equal(await closes(Buffer.from([1, 2, 3]), first), 4400, "binary");
    assert.equal(await closes("not JSON", first), 4400);
    assert.equal(await closes("[".repeat(10_000), first), 4400, "deep");
    assert.equal(await closes("x".repeat(17_000), first), 4413, "huge");
    assert.equal(await closes(Buffer.alloc(17_000), first), 4413, "huge and binary");
    assert.equal(await closes(`{"type":"auth","token":"${"t".repeat(20_000)}"}`, first), 4413);
  }
  assert.equal(await closes({ type: "subscribe" }, true), 4400, "the first message is auth");

  const client = await worker.join({ orgId: unique("org") });
  client.send({ type: "subscribe" });
  assert.deepEqual(await client.next(), { type: "error", reason: "bad_message" });
  client.send("ping");
  assert.equal(await client.text(), "pong");
  assert.deepEqual(await client.drain(), [], "and the socket stays");
});

test("a client that says too much", async () => {
  const client = await worker.join({ orgId: unique("org") });
  for (let n = 0; n < 40; n += 1) client.send({ type: "noise" });
  assert.equal(await client.closeCode(), 4429);
});

test("a client that turns flow control on and off is counted as any other", async () => {
  const mine = await startWorker({ MAX_EGRESS: 10_000 });
  try {
    const loud = await mine.join({ sub: "loud" }, { flow: false });
    for (let n = 0; n < 40; n += 1) loud.auth(token({ sub: "loud" }), "org_1", n % 2 === 0);
    assert.equal(await loud.closeCode(), 4429);
    assert.ok(loud.frames.length < 20, `${loud.frames.length} answers`);

    const deaf = await mine.join({ sub: "deaf" }, { flow: false });
    let delivered = 0;
    for (let n = 0; n < 5; n += 1) {
      delivered += (await mine.broadcast(custom("e", "x".repeat(4_000), { userId: "deaf" }))).delivered;
      if (deaf.closed === null) deaf.auth(token({ sub: "deaf" }), "org_1", n % 2 === 0);
    }
    assert.equal(delivered, 2);
    assert.equal(await deaf.closeCode(), 4429);
  } finally {
    await mine.stop();
  }
});

test("clients that connect and never authenticate", async () => {
  const orgId = unique("org");
  const silent = [];
  for (let n = 0; n < 4; n += 1) {
    silent.push(...(await Promise.all(Array.from({ length: 50 }, () => worker.open(`?organizationId=${orgId}`)))));
  }
  await assert.rejects(worker.open(`?organizationId=${orgId}`), { status: 503 });
  const answer = await worker.broadcast(custom("e", 1, { organizationId: orgId }));
  assert.equal(answer.delivered, 0);
  assert.ok(silent.every((client) => client.frames.length === 0));
  silent[0].auth(token({ orgId }), orgId);
  assert.equal((await silent[0].next()).type, "auth_success", "the others do not keep one out that is in");
  await Promise.all(silent.map((client) => client.close()));
  await sleep(300);
  await (await worker.join({ orgId })).close();
});

test("a user with too many sockets", async () => {
  const orgId = unique("org");
  const mine = await Promise.all(Array.from({ length: 50 }, () => worker.join({ orgId, sub: "many" })));
  const client = await worker.open(`?organizationId=${orgId}`);
  client.auth(token({ orgId, sub: "many" }), orgId);
  assert.deepEqual(await client.next(), { type: "auth_error", reason: "too_many" });
  assert.equal(await client.closeCode(), 4429);
  await worker.join({ orgId, sub: "another" });
  await mine[0].close();
  await sleep(200);
  await worker.join({ orgId, sub: "many" });
});

test("more sockets than a holder may have", async () => {
  const mine = await startWorker({ MAX_SOCKETS: 3, MAX_BODY: 500, MAX_DEPTH: 5 });
  try {
    const clients = [];
    for (let n = 0; n < 3; n += 1) clients.push(await mine.join({ sub: `u${n}` }));
    const client = await mine.open("?organizationId=org_1");
    client.auth(token({ sub: "u3" }));
    assert.deepEqual(await client.next(), { type: "auth_error", reason: "too_many" });
    assert.equal(await client.closeCode(), 4429);
    await mine.join({ orgId: "org_2" });
    await clients[0].close();
    await sleep(200);
    await mine.join({ sub: "u3" });
    assert.equal((await mine.broadcast(custom("e", "x".repeat(500)))).status, 413);
    assert.equal((await mine.broadcast(custom("e", [[[[[]]]]]))).error, "too_deep");
  } finally {
    await mine.stop();
  }
});

test("a user whose id is longer than any that can be named", async () => {
  const mine = await startWorker({ MAX_ID: 16 });
  try {
    const sub = "u".repeat(16);
    const client = await mine.join({ sub });
    assert.equal((await mine.broadcast(custom("e", 1, { userId: sub }))).delivered, 1);
    await assert.rejects(mine.join({ sub: `${sub}u` }), /invalid/);
    await client.close();
  } finally {
    await mine.stop();
  }
});

test("more sockets at once than a lobby may have", async () => {
  const mine = await startWorker({ LOBBIES: 1, MAX_SOCKETS: 3 });
  try {
    const open = Array.from({ length: 8 }, () => mine.open(""));
    const clients = await Promise.all(open);
    clients.forEach((client, n) => client.auth(token({ sub: `u${n}` }), "org_1"));
    const answers = await Promise.all(clients.map((client) => client.next()));
    assert.equal(answers.filter(({ type }) => type === "auth_success").length, 3);
  } finally {
    await mine.stop();
  }
});

test("a variable that is no number, or would close every client, stops the worker, and says so in its log", async () => {
  await assert.rejects(startWorker({ MAX_BODY: "plenty" }), /MAX_BODY is not a whole number/);
  await assert.rejects(startWorker({ MAX_UNACKNOWLEDGED: 50 }), /MAX_UNACKNOWLEDGED is less than 128/);
});

test("a client that stops reading is closed, and the others are served", async () => {
  const orgId = unique("org");
  const slow = await worker.join({ orgId, sub: "slow" }, { flow: true });
  const good = await worker.join({ orgId, sub: "good" }, { flow: true });
  let handled = 0;
  good.ws.on("message", () => {
    handled += 1;
    if (handled % 64 === 0) good.send({ type: "ack", count: 64 });
  });
  slow.ws.pause();
  for (let n = 0; n < 300; n += 1) await worker.broadcast(custom("e", n, { organizationId: orgId }));
  slow.ws.resume();
  assert.equal(await slow.closeCode(), 4429);
  assert.equal(slow.frames.length, 256);
  const events = (await good.drain()).map((text) => JSON.parse(text).payload);
  assert.deepEqual(events, Array.from({ length: 300 }, (_, n) => n));
});
