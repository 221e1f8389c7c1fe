// A clock that jumps: the worker's time of day is set ahead and back while clients are connected.
import assert from "node:assert/strict";
import { test } from "node:test";
import { custom, nowS, sleep, startWorker, token, unique } from "./harness.mjs";

const HOUR = 3_600;

for (const [where, query] of [["an organization's own holder", undefined], ["a lobby", ""]]) {
  test(`a clock that is set ahead ends what has ended by it, in ${where}`, { timeout: 60_000 }, async () => {
    const worker = await startWorker({}, { faults: true });
    try {
      const short = await worker.join({ sub: "short", exp: nowS() + HOUR / 2 }, { query });
      const long = await worker.join({ sub: "long", exp: nowS() + 3 * HOUR }, { query });
      assert.equal((await worker.broadcast(custom("e", 1), { key: "k" })).delivered, 2);
      await worker.jump(HOUR);
      assert.equal((await worker.broadcast(custom("e", 2), { key: "l" })).delivered, 1);
      assert.equal(await short.closeCode(), 4409);
      assert.equal(short.frames.length, 1, "nothing after it expired");
      const late = await worker.open(query ?? "?organizationId=org_1");
      late.auth(token({ sub: "late", exp: nowS() + HOUR / 2 }));
      assert.deepEqual(await late.next(), { type: "auth_error", reason: "expired" });
      assert.equal((await long.drain()).length, 2);
    } finally {
      await worker.stop();
    }
  });

  test(`a clock that is set back costs no connected client anything, in ${where}`, { timeout: 60_000 }, async () => {
    const worker = await startWorker({ LOBBIES: 1, MAX_EGRESS: 4_000 }, { faults: true });
    try {
      await worker.jump(HOUR);
      const orgId = unique("org");
      const claims = (sub) => ({ orgId, sub, iat: nowS(), exp: nowS() + 5 * HOUR });
      const client = await worker.join(claims("ann"), { query });
      const event = (n) => custom("e", { n, text: "x".repeat(1_500) }, { organizationId: orgId });
      for (let n = 0; n < 15; n += 1) client.send({ type: "noise" });
      for (const n of [0, 1]) assert.equal((await worker.broadcast(event(n), { key: `k${n}` })).delivered, 1);
      await worker.jump(0);
      // What was counted an hour ahead must not count until the clock is there again.
      for (let n = 0; n < 15; n += 1) client.send({ type: "noise" });
      for (const n of [2, 3]) assert.equal((await worker.broadcast(event(n), { key: `k${n}` })).delivered, 1);
      assert.equal((await worker.broadcast(event(3), { key: "k3" })).delivered, 1, "the stored answer");
      const events = (await client.drain()).map((text) => JSON.parse(text)).filter(({ type }) => type === "broadcast");
      assert.deepEqual(events.map(({ payload }) => payload.n), [0, 1, 2, 3]);

      // The last one of a lobby leaves, by a clock that was set back, and the next one comes.
      await client.close();
      await sleep(200);
      assert.equal((await worker.broadcast(custom("e", 4, { organizationId: orgId }))).delivered, 0);
      const next = await worker.join(claims("bob"), { query });
      assert.equal((await worker.broadcast(custom("e", 5, { organizationId: orgId }))).delivered, 1);
      assert.match(await next.text(), /"payload":5/);
    } finally {
      await worker.stop();
    }
  });
}

test("a revocation holds although the clock is set back", { timeout: 60_000 }, async () => {
  const worker = await startWorker({}, { faults: true });
  try {
    await worker.jump(HOUR);
    await worker.broadcast(custom("auth:token-invalidated", {}, { userId: "ann" }));
    await worker.jump(0);
    const client = await worker.open("?organizationId=org_1");
    client.auth(token({ sub: "ann" }));
    assert.deepEqual(await client.next(), { type: "auth_error", reason: "expired" });
  } finally {
    await worker.stop();
  }
});

test("a token without iat does not outlive its revocation", { timeout: 60_000 }, async () => {
  const DAY = 24 * HOUR;
  const worker = await startWorker({}, { faults: true });
  try {
    const start = nowS();
    const old = { sub: "ann", iat: undefined, exp: start + 30 * DAY };
    const tried = async (claims) => {
      const client = await worker.open("?organizationId=org_1");
      client.auth(token(claims));
      return (await client.next()).reason ?? "ok";
    };
    const revoke = (userId) => worker.broadcast(custom("auth:token-invalidated", {}, { userId }));
    assert.equal(await tried(old), "invalid", "of an age that nobody knows, and good for too long");
    assert.equal((await revoke("ann")).status, 200);
    await worker.jump(8 * DAY);
    assert.equal((await revoke("bob")).status, 200);
    await worker.jump(24 * DAY);
    assert.equal(await tried(old), "expired");
    assert.equal(await tried({ ...old, sub: "cat" }), "ok", "of nobody who was revoked");
    assert.equal(await tried({ sub: "ann", iat: start + 24 * DAY, exp: start + 25 * DAY }), "ok");
  } finally {
    await worker.stop();
  }
});

test("a ticket of an issuer whose clock is ahead ends with a revocation", { timeout: 60_000 }, async () => {
  const worker = await startWorker({}, { faults: true });
  try {
    const ask = await worker.get("/realtime/v1/ws-ticket", {
      method: "POST",
      headers: { authorization: `Bearer ${token({ sub: "ann", iat: nowS() + 20 })}` },
      body: JSON.stringify({ organizationId: "org_1" }),
    });
    const { wsTicket } = await ask.json();
    await worker.broadcast(custom("auth:token-invalidated", {}, { userId: "ann" }));
    await assert.rejects(worker.open(`?ws_ticket=${wsTicket}`), { status: 401 });
  } finally {
    await worker.stop();
  }
});

test("a socket that never authenticates is closed though the clock was set back", { timeout: 60_000 }, async () => {
  const worker = await startWorker({ AUTH_TIMEOUT_S: 2 }, { faults: true });
  try {
    await worker.jump(10);
    const silent = await worker.open();
    await worker.jump(0);
    assert.deepEqual(await silent.next(30_000), { type: "auth_error", reason: "timeout" });
  } finally {
    await worker.stop();
  }
});
