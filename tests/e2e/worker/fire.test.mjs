// Under fire: storms of clients, clients that vanish, keys that lie. STORM sets the number of
// clients, 500 by default; the full run is 2,000.
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { test } from "node:test";
import { custom, sleep, startWorker, token, unique } from "./harness.mjs";

const STORM = Number(process.env.STORM ?? 500);

/** Runs `make` so many times, fifty at a time. */
async function many(count, make) {
  const all = [];
  for (let n = 0; n < count; n += 50) {
    all.push(...(await Promise.all(Array.from({ length: Math.min(50, count - n) }, (_, k) => make(n + k)))));
  }
  return all;
}

/** Joins as a client does: one that was too late, or found no room, tries again a little later. */
async function insist(worker, claims, options) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await worker.join(claims, { ...options, timeout: 20_000 });
    } catch (error) {
      if (tries === 10 || !/"reason":"timeout"|HTTP 503/.test(String(error))) throw error;
      await sleep(Math.random() * 1_000);
    }
  }
}

test("clients that vanish and come back all at once", { timeout: 300_000 }, async () => {
  const worker = await startWorker();
  try {
    const orgId = unique("org");
    const steady = await worker.join({ orgId, sub: "steady" });
    const storm = () =>
      many(STORM, (n) => insist(worker, { orgId, sub: `user_${n}`, role: n % 3 === 0 ? "admin" : "member" }, n % 2 === 0 ? {} : { query: "" }));
    let clients = await storm();
    for (let round = 1; round <= 2; round += 1) {
      const before = await worker.broadcast(custom("e", round, { organizationId: orgId }), { key: `before ${round}` });
      assert.equal(before.delivered, STORM + 1, before.text);
      // No close frame: the connection is simply gone.
      for (const client of clients) client.ws.terminate();
      const [during] = await Promise.all([
        worker.broadcast(custom("e", -round, { organizationId: orgId }), { key: `during ${round}` }),
        storm().then((back) => (clients = back)),
      ]);
      assert.equal(during.status, 200, during.text);
    }
    await sleep(500);
    const admins = await worker.broadcast(custom("last", 1, { organizationId: orgId, targetRoles: ["admin"] }), { key: "last" });
    assert.equal(admins.delivered, Math.ceil(STORM / 3));
    const again = await worker.broadcast(custom("last", 1, { organizationId: orgId, targetRoles: ["admin"] }), { key: "last" });
    assert.equal(again.text, admins.text);
    const frames = await many(STORM, (n) => clients[n].drain());
    frames.forEach((received, n) => {
      const last = received.filter((text) => text.includes('"last"'));
      assert.equal(last.length, n % 3 === 0 ? 1 : 0, `client ${n}`);
    });
    const seen = (await steady.drain()).map((text) => JSON.parse(text).payload);
    assert.deepEqual(seen, [1, -1, 2, -2], "who stays connected misses nothing and gets nothing twice");
  } finally {
    await worker.stop();
  }
});

test("a client that neither reads nor acknowledges is sent no more than MAX_EGRESS in a minute, and holds nothing once it has gone", { timeout: 60_000 }, async (t) => {
  const limit = 8 << 20;
  const worker = await startWorker({ MAX_EGRESS: limit });
  try {
    const good = await worker.join({ sub: "good", orgId: "org_2" });
    const event = custom("e", "x".repeat(500_000));
    const before = worker.resident();
    const more = [];
    for (let round = 0; round < 3; round += 1) {
      const deaf = await many(10, (n) => worker.join({ sub: `deaf_${n}` }));
      for (const client of deaf) client.ws.pause();
      const delivered = [];
      for (let n = 0; n < 20; n += 1) delivered.push((await worker.broadcast(event)).delivered);
      more.push(worker.resident() - before);
      assert.equal(delivered[0], 10);
      assert.equal(delivered.at(-1), 0, "by then each has been sent as much as it may be");
      assert.ok(delivered.reduce((sum, n) => sum + n, 0) * 500_000 <= 10 * limit);
      for (const client of deaf) client.ws.terminate();
      await sleep(500);
    }
    t.diagnostic(`10 deaf clients of at most ${limit >> 20} MiB, three times: ${more.map((bytes) => bytes >> 20)} MiB more in workerd`);
    assert.ok(more[0] < 10 * limit * 1.25 + (32 << 20), "what was sent, once");
    assert.ok(more[2] - more[0] < 10 * limit, "what was held for those before has been given back");
    assert.deepEqual(await good.drain(), []);
  } finally {
    await worker.stop();
  }
});

test("what a client was sent in a minute waits in the next one, too, until it reads", { timeout: 60_000 }, async () => {
  const worker = await startWorker({ MAX_EGRESS: 2_000_000 }, { faults: true });
  try {
    const deaf = await worker.join();
    deaf.ws.pause();
    const event = custom("e", "x".repeat(900_000));
    for (let minute = 0; minute < 3; minute += 1) {
      await worker.jump(61 * minute);
      for (let n = 0; n < 2; n += 1) assert.equal((await worker.broadcast(event)).delivered, 1);
    }
    deaf.ws.resume();
    assert.equal((await deaf.drain()).length, 6);
  } finally {
    await worker.stop();
  }
});

test("a key set that is slow, lies, or is not one", { timeout: 60_000 }, async () => {
  let answer = (response) => response.end("<html>");
  const server = http.createServer((_request, response) => answer(response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const worker = await startWorker({ JWKS_URL: `http://127.0.0.1:${server.address().port}` });
  const tried = async () => {
    const client = await worker.open("?organizationId=org_1");
    client.auth(token({}, { header: { alg: "EdDSA", kid: "k" } }));
    const { reason } = await client.next(8_000);
    return [reason, await client.closeCode()];
  };
  try {
    const unavailable = ["unavailable", 1013];
    assert.deepEqual(await tried(), unavailable, "no JSON");
    await sleep(5_100);
    answer = (response) => response.end(`{"keys":[${'{"kty":"oct"},'.repeat(100_000)}{}]}`);
    assert.deepEqual(await tried(), unavailable, "larger than anybody's");
    await sleep(5_100);
    answer = () => {};
    const start = Date.now();
    assert.deepEqual(await Promise.all([tried(), tried(), tried()]), [unavailable, unavailable, unavailable], "no answer");
    assert.ok(Date.now() - start < 7_000);
    await sleep(5_100);
    answer = (response) => response.end('{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"k"},{"kty":"OKP","crv":"Ed25519","x":"AA","kid":"k"},7]}');
    assert.deepEqual(await tried(), ["invalid", 4401], "keys that are none");
  } finally {
    server.closeAllConnections();
    server.close();
    await worker.stop();
  }
});
