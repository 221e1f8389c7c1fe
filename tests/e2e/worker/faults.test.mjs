// Objects that are slow, or end in the middle of what they do: what the helper is answered, and
// that its retry under the same key adds what was missing and nothing twice.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { ACCESS_TOKEN, SECRET, custom, nowS, sleep, startWorker, token, unique } from "./harness.mjs";

let worker;
before(async () => {
  worker = await startWorker({ LOBBIES: 1 }, { faults: true });
  // A lobby that has kept something: in one that has not, no statement runs that could fail.
  const client = await worker.join({}, { query: "" });
  await worker.broadcast(custom("e", 0), { key: "first" });
  await client.close();
});
after(() => worker.stop());

const ids = (frames) => frames.map((text) => JSON.parse(text).payload);

test("a holder that does not answer in two seconds leaves the answer partial", { timeout: 30_000 }, async () => {
  const orgId = unique("org");
  const direct = await worker.join({ orgId, sub: "ann" });
  const lobby = await worker.join({ orgId, sub: "bob" }, { query: "" });
  await worker.fault("lobby:0", { path: "/deliver", slowMs: 3_000 });
  const event = custom("e", 1, { organizationId: orgId });
  const start = Date.now();
  const answer = await worker.broadcast(event, { key: "slow" });
  const took = Date.now() - start;
  assert.ok(took >= 1_900 && took < 2_900, `${took} ms`);
  assert.deepEqual([answer.status, answer.delivered, answer.partial], [200, 1, true]);
  assert.deepEqual(ids(await direct.drain()), [1], "the others do not wait for it");
  // The helper tries again, while the first request is still on its way to the lobby.
  const again = await worker.broadcast(event, { key: "slow" });
  assert.deepEqual([again.status, again.delivered, again.partial], [200, 2, undefined]);
  await sleep(1_500);
  assert.deepEqual(ids(await lobby.drain()), [1], "and once, though both came");
  assert.deepEqual(ids(await direct.drain()), []);
  // What is whole is kept, and is the answer from now on.
  assert.equal((await worker.broadcast(event, { key: "slow" })).text, again.text);
});

for (const [when, abort] of [["before it has delivered", "before"], ["after it has delivered", "after"]]) {
  test(`a lobby that ends ${when}`, async () => {
    const orgId = unique("org");
    const direct = await worker.join({ orgId, sub: "ann" });
    const lobby = await worker.join({ orgId, sub: "bob" }, { query: "" });
    await worker.fault("lobby:0", { path: "/deliver", abort });
    const event = custom("e", abort, { organizationId: orgId });
    const first = await worker.broadcast(event, { key: abort });
    assert.deepEqual([first.status, first.delivered, first.partial], [200, 1, true]);
    const second = await worker.broadcast(event, { key: abort });
    assert.deepEqual([second.status, second.partial], [200, undefined], second.text);
    assert.deepEqual(ids(await direct.drain()), [abort]);
    await stays(lobby, orgId, [abort]);
  });

  test(`an organization's own object that ends ${when}`, async () => {
    const orgId = unique("org");
    const direct = await worker.join({ orgId, sub: "ann" });
    const lobby = await worker.join({ orgId, sub: "bob" }, { query: "" });
    await worker.fault(`org:${orgId}`, { path: "/broadcast", abort });
    const event = custom("e", abort, { organizationId: orgId });
    const first = await worker.broadcast(event, { key: abort });
    assert.deepEqual([first.status, first.error], [503, "unavailable"]);
    const second = await worker.broadcast(event, { key: abort });
    assert.deepEqual([second.status, second.partial], [200, undefined], second.text);
    await stays(direct, orgId, [abort]);
    await stays(lobby, orgId, [abort]);
  });
}

/** A client whose socket is still open has what it was owed, once; one whose socket the end of an
 * object closed can come back. */
async function stays(client, orgId, owed) {
  await sleep(100);
  const frames = client.frames.splice(0);
  if (client.closed === null) {
    frames.push(...(await client.drain()));
    assert.deepEqual(ids(frames), owed);
    return;
  }
  assert.ok(ids(frames).length <= owed.length);
  await (await worker.join({ orgId, sub: unique("back") })).close();
}

test("an event whose key cannot be written is delivered, and not again by the retry", async () => {
  for (const query of [undefined, ""]) {
    const orgId = unique("org");
    const client = await worker.join({ orgId }, { query });
    await worker.fault(query === undefined ? `org:${orgId}` : "lobby:0", { sql: "INSERT INTO answers" });
    const event = custom("e", 1, { organizationId: orgId });
    const first = await worker.broadcast(event, { key: "unkept" });
    assert.deepEqual([first.status, first.delivered], [200, 1]);
    assert.match(worker.log, /a fault in SQL/);
    worker.log = "";
    assert.equal((await worker.broadcast(event, { key: "unkept" })).text, first.text);
    const other = await worker.broadcast(custom("e", 2, { organizationId: orgId }), { key: "unkept" });
    assert.equal(other.status, 409);
    assert.deepEqual(ids(await client.drain()), [1]);
  }
});

test("keys that could not be written are forgotten in time, and keep no later event away", { timeout: 120_000 }, async () => {
  const mine = await startWorker({ IDEMPOTENCY_S: 50 }, { faults: true });
  try {
    const client = await mine.join();
    const send = (n, key) => mine.broadcast(custom("e", n), { key });
    const count = 1_000;
    await mine.fault("org:org_1", { sql: "INSERT INTO answers", times: count });
    for (let n = 0; n < count; n += 100) {
      const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => send(n + at, `k${n + at}`)));
      for (const { status, delivered } of answers) assert.deepEqual([status, delivered], [200, 1]);
    }
    const full = await send("full", "full");
    assert.equal(full.status, 503, "so many are remembered, and no more");
    await mine.jump(60);
    assert.deepEqual([(await send("new", "new")).delivered, (await send("again", "k0")).delivered], [1, 1]);
    assert.deepEqual(ids(await client.drain()).slice(count), ["new", "again"]);
  } finally {
    await mine.stop();
  }
});

test("a revocation that cannot be written is refused, and holds after the retry", async () => {
  const orgId = unique("org");
  const old = { orgId, sub: "ann" };
  const mine = await worker.join(old);
  await worker.fault(`org:${orgId}`, { sql: "INSERT INTO revoked" });
  const event = custom("auth:token-invalidated", {}, { organizationId: orgId, userId: "ann" });
  const first = await worker.broadcast(event, { key: "unrevoked" });
  assert.deepEqual([first.status, first.error], [503, "unavailable"]);
  assert.match(worker.log, /a fault in SQL/);
  worker.log = "";
  assert.equal((await worker.broadcast(event, { key: "unrevoked" })).delivered, 1);
  assert.match(await mine.text(), /auth:token-invalidated/);
  assert.equal(await mine.closeCode(), 4409);
  assert.deepEqual(mine.frames, [], "and once");
  const again = await worker.open();
  again.auth(token(old), orgId);
  assert.deepEqual(await again.next(), { type: "auth_error", reason: "expired" });
});

for (const [how, plan] of [
  ["fails", { sql: "DELETE FROM answers WHERE at < " }],
  ["ends", { path: "/deliver", abort: "before" }],
  ["does not answer", { path: "/deliver", slowMs: 3_000 }],
]) {
  test(`who is revoked while the lobby ${how} receives nothing more`, { timeout: 60_000 }, async () => {
    const orgId = unique("org");
    const event = custom("auth:token-invalidated", {}, { organizationId: orgId, userId: "ann" });
    const ann = await worker.join({ orgId, sub: "ann" }, { query: "" });
    const bob = await worker.join({ orgId, sub: "bob" }, { query: "" });
    await worker.fault("lobby:0", plan);
    const answer = await worker.broadcast(event, { key: "revoked" });
    assert.deepEqual([answer.status, answer.delivered, answer.partial], [200, 0, true]);
    worker.log = "";
    const next = await worker.broadcast(custom("e", 1, { organizationId: orgId }), { key: "next" });
    if (how === "ends") {
      // With the object, the runtime may have ended its sockets.
      assert.ok(next.delivered <= 1, next.text);
    } else {
      assert.deepEqual([next.status, next.delivered, next.partial], [200, 1, undefined], next.text);
      assert.deepEqual(ids(await bob.drain()), [1]);
      assert.equal(await ann.closeCode(), 4409);
    }
    assert.ok(!ann.frames.some((text) => text.includes('"e"')), ann.frames.join());
    // Who has a newer token since is let in, and stays.
    await sleep(1_100);
    const again = await worker.join({ orgId, sub: "ann", iat: nowS() }, { query: "" });
    await worker.broadcast(custom("e", 2, { organizationId: orgId }));
    assert.deepEqual(ids(await again.drain()), [2]);
  });
}

test("a lobby that missed a revocation hears of it though nothing else is sent", { timeout: 60_000 }, async () => {
  const orgId = unique("org");
  const ann = await worker.join({ orgId, sub: "ann" }, { query: "" });
  await worker.fault("lobby:0", { sql: "DELETE FROM answers WHERE at < " });
  const event = custom("auth:token-invalidated", {}, { organizationId: orgId, userId: "ann" });
  assert.equal((await worker.broadcast(event, { key: "alone" })).partial, true);
  worker.log = "";
  assert.equal(await ann.closeCode(20_000), 4409);
  assert.deepEqual(ann.frames, []);
});

test("a lobby that missed a revocation ends a session whose token seems newer", { timeout: 60_000 }, async () => {
  const mine = await startWorker({ LOBBIES: 1 }, { faults: true });
  try {
    const ann = await mine.join({ sub: "ann" }, { query: "" });
    // A lobby that has kept nothing yet has nothing to delete.
    await mine.broadcast(custom("e", 0), { key: "kept" });
    await ann.next();
    // The clock is ahead for a while.
    await mine.jump(20);
    ann.auth(token({ sub: "ann", iat: nowS() + 20 }));
    assert.equal((await ann.next()).type, "auth_success");
    await mine.jump(5);
    await mine.fault("lobby:0", { sql: "DELETE FROM answers WHERE at < " });
    const revoke = custom("auth:token-invalidated", {}, { userId: "ann" });
    assert.equal((await mine.broadcast(revoke, { key: "revoked" })).partial, true);
    assert.equal((await mine.broadcast(custom("e", 1), { key: "next" })).delivered, 0);
    assert.equal(await ann.closeCode(), 4409);
  } finally {
    await mine.stop();
  }
});

test("while a lobby cannot be told of a revocation, it is sent nothing", { timeout: 60_000 }, async () => {
  const orgId = unique("org");
  const ann = await worker.join({ orgId, sub: "ann" }, { query: "" });
  const revoke = custom("auth:token-invalidated", {}, { organizationId: orgId, userId: "ann" });
  await worker.fault("lobby:0", { sql: "DELETE FROM answers WHERE at < " });
  assert.equal((await worker.broadcast(revoke, { key: "untold" })).partial, true);
  await worker.fault("lobby:0", { path: "/revoke", slowMs: 2_500, times: 1 });
  const event = custom("e", 1, { organizationId: orgId });
  assert.deepEqual((({ delivered, partial }) => [delivered, partial])(await worker.broadcast(event, { key: "after" })), [0, true]);
  worker.log = "";
  assert.equal(await ann.closeCode(20_000), 4409);
  assert.deepEqual(ann.frames, []);
});

test("the retry of a revocation that a lobby missed is delivered there, and closes", async () => {
  const orgId = unique("org");
  const ann = await worker.join({ orgId, sub: "ann" }, { query: "" });
  await worker.fault("lobby:0", { sql: "DELETE FROM answers WHERE at < " });
  const event = custom("auth:token-invalidated", {}, { organizationId: orgId, userId: "ann" });
  assert.equal((await worker.broadcast(event, { key: "retried" })).partial, true);
  worker.log = "";
  const again = await worker.broadcast(event, { key: "retried" });
  assert.deepEqual([again.delivered, again.partial], [1, undefined]);
  assert.match(await ann.text(), /auth:token-invalidated/);
  assert.equal(await ann.closeCode(), 4409);
});

for (const [what, fault] of [
  ["took late", { path: "/deliver", lateMs: 2_500 }],
  ["could not take", { sql: "DELETE FROM answers WHERE at < " }],
]) {
  test(`the retry of a revocation that a lobby ${what} leaves who has come anew`, async () => {
    const orgId = unique("org");
    const ann = await worker.join({ orgId, sub: "ann", iat: nowS() - 60 }, { query: "" });
    await worker.fault("lobby:0", fault);
    const event = custom("auth:token-invalidated", {}, { organizationId: orgId, userId: "ann" });
    assert.equal((await worker.broadcast(event, { key: "retried" })).partial, true);
    worker.log = "";
    await sleep(1_100);
    const anew = await worker.join({ orgId, sub: "ann", iat: nowS() }, { query: "" });
    assert.equal((await worker.broadcast(event, { key: "retried" })).partial, undefined);
    assert.equal(await ann.closeCode(), 4409);
    await anew.drain();
    assert.equal((await worker.broadcast(custom("e", 1, { organizationId: orgId }))).delivered, 1);
    assert.match(await anew.text(), /"payload":1/);
  });
}

test("an organization that cannot be told lets nobody in from a lobby, and the next try does", async () => {
  const orgId = unique("org");
  await worker.fault(`org:${orgId}`, { path: "/register", abort: "before" });
  const client = await worker.open();
  client.auth(token({ orgId }), orgId);
  assert.deepEqual(await client.next(), { type: "auth_error", reason: "unavailable" });
  assert.equal(await client.closeCode(), 1013);
  const again = await worker.join({ orgId }, { query: "" });
  assert.equal((await worker.broadcast(custom("e", 1, { organizationId: orgId }))).delivered, 1);
  assert.deepEqual(ids(await again.drain()), [1]);
});

test("a registration that was kept although its answer was lost misses nothing", async () => {
  const orgId = unique("org");
  await worker.fault(`org:${orgId}`, { path: "/register", abort: "after" });
  const client = await worker.open();
  client.auth(token({ orgId }), orgId);
  assert.equal((await client.next()).reason, "unavailable");
  // The lobby is registered and holds nobody: it says so once.
  assert.deepEqual((await worker.broadcast(custom("e", 1, { organizationId: orgId }))).partial, undefined);
  const again = await worker.join({ orgId }, { query: "" });
  assert.equal((await worker.broadcast(custom("e", 2, { organizationId: orgId }))).delivered, 1);
  assert.deepEqual(ids(await again.drain()), [2]);
});

test("nothing secret is in the log, whatever fails", { timeout: 60_000 }, async () => {
  const key = "qb_live_sesame_key";
  const strange = "qb_live_strange_sesame";
  const payload = "sesame in the payload";
  const mine = await startWorker(
    {
      LOBBIES: 1,
      AUTH_URL: "http://127.0.0.1:1/nobody",
      API_KEYS: JSON.stringify([{ hash: createHash("sha256").update(key).digest("hex"), organizationId: "org_1", roles: [] }]),
    },
    { faults: true },
  );
  try {
    const good = token({ sub: "ann" });
    const forged = token({ sub: "ann" }, { secret: "forged" });
    const shown = async (proof, query) => {
      const client = await mine.open(query);
      client.auth(proof);
      return (await client.next()).reason ?? "ok";
    };
    const send = (body, key) => mine.broadcast(body, { key, path: "/broadcast" });

    // Who is let in and who is not, and where that fails in between.
    assert.equal(await shown(good, "?organizationId=org_1"), "ok");
    assert.equal(await shown(key), "ok");
    assert.equal(await shown(forged), "invalid");
    assert.equal(await shown(strange), "unavailable");
    for (const path of ["/register", "/register"]) {
      await mine.fault("org:org_1", { path, abort: "before" });
      assert.equal(await shown(good), "unavailable");
    }
    const odd = await mine.open();
    odd.send(`{"type":"auth","token":"${good}"`);
    assert.equal(await odd.closeCode(), 4400);

    // Tickets: one that cannot be kept, one that is used twice.
    const ask = () =>
      mine.get("/realtime/v1/ws-ticket", {
        method: "POST",
        headers: { authorization: `Bearer ${good}` },
        body: JSON.stringify({ organizationId: "org_1" }),
      });
    await mine.fault("org:org_1", { sql: "INSERT INTO tickets" });
    assert.equal((await ask()).status, 503);
    const { wsTicket } = await (await ask()).json();
    await (await mine.open(`?ws_ticket=${wsTicket}`)).close();
    await assert.rejects(mine.open(`?ws_ticket=${wsTicket}`), { status: 401 });

    // Events: refused, not written down, and not passed on.
    const event = custom("e", payload);
    assert.equal((await send(`${JSON.stringify(event)}}`)).status, 400);
    assert.equal((await mine.broadcast(event, { token: forged })).status, 401);
    await mine.fault("org:org_1", { sql: "INSERT INTO answers" });
    assert.equal((await send(event, "unkept")).status, 200);
    await mine.join({ sub: "bob" }, { query: "" });
    for (const abort of ["before", "after"]) {
      await mine.fault("lobby:0", { path: "/deliver", abort });
      assert.equal((await send(event, `lobby ${abort}`)).status, 200);
      await mine.fault("org:org_1", { path: "/broadcast", abort });
      assert.equal((await send(event, `home ${abort}`)).status, 503);
    }
    await mine.fault("org:org_1", { sql: "INSERT INTO revoked" });
    assert.equal((await send(custom("auth:token-invalidated", payload, { userId: "ann" }), "unrevoked")).status, 503);

    assert.ok(mine.log.split("\n").length > 5, `the faults are in the log: ${mine.log}`);
    const signatures = [good, forged].map((text) => text.split(".")[2]);
    for (const secret of [ACCESS_TOKEN, SECRET, good, forged, ...signatures, key, strange, wsTicket, wsTicket.split(".")[1], payload, "sesame"]) {
      assert.ok(!mine.log.includes(secret), `${secret} is in the log`);
    }
  } finally {
    await mine.stop();
  }
});
