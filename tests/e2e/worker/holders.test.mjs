// Lobbies, shards and hibernation: where a socket is held changes nothing for its client.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { custom, insert, nowS, sleep, startWorker, token, unique } from "./harness.mjs";

/** Longer than the silence after which workerd evicts an object whose sockets hibernate. */
const EVICTION_MS = 12_000;

let worker, sharded;
before(async () => {
  // Small enough that what an object remembers of one minute shows whether it is still the same. The
  // alarm for who does not authenticate must not ring before the first eviction, which it would put off.
  worker = await startWorker({ LOBBIES: 1, MAX_EGRESS: 3_000, MAX_USER_SOCKETS: 2, AUTH_TIMEOUT_S: 11 });
  sharded = await startWorker({ SHARDS: 3 });
});
after(async () => {
  await worker.stop();
  await sharded.stop();
});

test("two organizations in one lobby", async () => {
  const [one, two] = [unique("org"), unique("org")];
  const here = await worker.join({ orgId: one, sub: "ann" }, { query: "" });
  const there = await worker.join({ orgId: two, sub: "ann" }, { query: "" });
  const direct = await worker.join({ orgId: one, sub: "bob" });
  assert.equal((await worker.broadcast(custom("e", 1, { organizationId: one }))).delivered, 2);
  assert.equal((await worker.broadcast(custom("e", 2, { organizationId: two }))).delivered, 1);
  assert.match((await here.drain()).join(), /^[^,]*,[^,]*,"payload":1}$/);
  assert.match((await there.drain()).join(), /"payload":2}$/);
  assert.match((await direct.drain()).join(), /"payload":1}$/);
  assert.equal((await worker.broadcast(custom("e", 3, { organizationId: one, userId: "ann" }))).delivered, 1);
  assert.match(await here.text(), /"payload":3/);
  assert.deepEqual(await there.drain(), []);

  // The last socket of an organization withdraws its lobby; the next one registers it again.
  await here.close();
  await sleep(300);
  assert.equal((await worker.broadcast(custom("e", 4, { organizationId: one }))).delivered, 1);
  const back = await worker.join({ orgId: one, sub: "ann" }, { query: "" });
  assert.equal((await worker.broadcast(custom("e", 5, { organizationId: one }))).delivered, 2);
  assert.match(await back.text(), /"payload":5/);
});

test("one organization leaves room in a lobby for the others", async () => {
  const key = "a key of nobody's";
  const hash = createHash("sha256").update(key).digest("hex");
  const limit = 3;
  const mine = await startWorker({
    LOBBIES: 1,
    MAX_SOCKETS: 5,
    MAX_LOBBY_SOCKETS: limit,
    API_KEYS: JSON.stringify([{ hash, organizationId: "greedy", roles: [] }]),
  });
  try {
    const greedy = (options) => mine.join({}, { token: key, organizationId: "greedy", ...options });
    const clients = [];
    for (let n = 0; n < limit; n += 1) clients.push(await greedy({ query: "" }));
    await assert.rejects(greedy({ query: "" }), /too_many/);
    await assert.rejects(mine.join({ orgId: "greedy", sub: "ann" }, { query: "" }), /too_many/);
    await mine.join({ orgId: "another" }, { query: "" });
    // In its own object it is alone.
    for (let n = 0; n <= limit; n += 1) await greedy();
    // Those that go make room, but not those that only do not answer when they are closed.
    clients[0].ws.pause();
    clients[0].send(Buffer.alloc(1));
    await sleep(300);
    await assert.rejects(greedy({ query: "" }), /too_many/);
    await clients[1].close();
    await sleep(200);
    await greedy({ query: "" });
    await assert.rejects(greedy({ query: "" }), /too_many/);
  } finally {
    await mine.stop();
  }
});

test("a socket is sent so many bytes a minute, and no more", async () => {
  const orgId = unique("org");
  const client = await worker.join({ orgId });
  const large = (text) => worker.broadcast(custom("large", text.repeat(2_000), { organizationId: orgId }));
  assert.equal((await large("x")).delivered, 1);
  assert.equal((await large("y")).delivered, 0);
  assert.equal(await client.closeCode(), 4429);
  assert.equal(client.frames.length, 1);
});

test("an organization in shards receives as one, and once under one key", async () => {
  const orgId = unique("org");
  const clients = await Promise.all(Array.from({ length: 12 }, (_, n) => sharded.join({ orgId, sub: `user_${n}` })));
  const event = custom("e", 1, { organizationId: orgId });
  const [first, second] = await Promise.all([sharded.broadcast(event, { key: "k" }), sharded.broadcast(event, { key: "k" })]);
  assert.equal(first.delivered, 12, first.text);
  assert.equal(second.text, first.text);
  for (const client of clients) assert.equal((await client.drain()).length, 1);
  await sharded.broadcast(custom("auth:token-invalidated", {}, { organizationId: orgId, userId: "user_3" }));
  assert.equal(await clients[3].closeCode(), 4409);
  assert.equal((await sharded.broadcast(event)).delivered, 11);
});

describe("hibernation", { concurrency: 3 }, () => {
  for (const [where, query] of [["an organization's own holder", undefined], ["a lobby", ""]]) {
    test(`eviction between any two steps changes nothing, in ${where}`, { timeout: 110_000 }, async () => {
      const orgId = unique("org");
      const at = { organizationId: orgId };
      const ann = { id: 1, name: "Ann Lee", email: "ann@press.org", ssn: "123-45-6789", salary: 1, userId: "ann" };
      const member = await worker.join({ orgId, sub: "bob" }, { query });
      const owner = await worker.join({ orgId, sub: "ann" }, { query, flow: true });
      const brief = await worker.join({ orgId, sub: "brief", exp: nowS() + 18 }, { query });
      // Clients that do not answer when they are closed. The runtime hands their sockets out again
      // with every wake, and takes them for open from the second one on.
      const deaf = [await worker.join({ orgId, sub: "deaf" }, { query }), await worker.join({ orgId, sub: "deaf" }, { query })];
      for (const client of deaf) client.ws.pause();
      const revocation = custom("auth:token-invalidated", {}, { ...at, userId: "deaf" });
      assert.equal((await worker.broadcast(revocation)).delivered, 2);
      const large = custom("large", "x".repeat(2_000), at);
      assert.equal((await worker.broadcast(large, { key: "large" })).delivered, 3);
      const late = await worker.open(query ?? `?organizationId=${orgId}`);

      await sleep(EVICTION_MS);
      // The same bytes once more within a minute: an object that remembered the first would close.
      assert.equal((await worker.broadcast(custom("large", "y".repeat(2_000), at))).delivered, 3);
      // But the key is remembered on disk.
      assert.equal((await worker.broadcast(large, { key: "large" })).delivered, 3);
      assert.equal((await member.drain()).length, 2);
      assert.equal((await owner.drain()).length, 2);

      await sleep(EVICTION_MS);
      assert.equal(brief.closed?.code, 4409, "by the alarm, which woke the object");
      assert.deepEqual(late.frames, ['{"type":"auth_error","reason":"timeout"}']);
      const event = insert("employees", ann, { ...at, owner: { new: "ann" } });
      assert.equal((await worker.broadcast(event)).delivered, 2);
      assert.match(await member.text(), /"email":"a\*\*@p\*\*\*\*.org","ssn":"\*\*\*\*\*6789","salary":"\[REDACTED\]"/);
      assert.match(await owner.text(), /"email":"ann@press.org","ssn":"123-45-6789","salary":"\[REDACTED\]"/);

      await sleep(EVICTION_MS);
      member.auth(token({ orgId, sub: "bob", role: "admin" }), orgId);
      assert.equal((await member.next()).type, "auth_success");
      await sleep(EVICTION_MS);
      await worker.broadcast(insert("employees", ann, at));
      assert.match(await member.text(), /"ssn":"123-45-6789","salary":1/, "the new role has outlived the object");

      await sleep(EVICTION_MS);
      await worker.broadcast(custom("auth:token-invalidated", {}, { ...at, userId: "ann" }));
      assert.equal(await owner.closeCode(), 4409);
      await sleep(EVICTION_MS);
      const again = await worker.open(query ?? `?organizationId=${orgId}`);
      again.auth(token({ orgId, sub: "ann", iat: nowS() - 60 }), orgId);
      assert.equal((await again.next()).reason, "expired", "and so has the revocation");
      assert.equal((await worker.broadcast(custom("e", 1, at))).delivered, 1);

      // They have been there all the while, and count; but they have received nothing more.
      await assert.rejects(worker.join({ orgId, sub: "deaf" }, { query }), /too_many/);
      for (const client of deaf) {
        client.ws.resume();
        assert.equal(await client.closeCode(), 4409);
        assert.equal(client.frames.length, 1, "the revocation itself");
      }
    });
  }

  test("one socket that comes and one that goes before an eviction are not taken for each other", { timeout: 60_000 }, async () => {
    // The alarm for who has not authenticated rings after the object was evicted.
    const mine = await startWorker({ AUTH_TIMEOUT_S: 13 });
    try {
      const gone = await mine.join({ sub: "ann" });
      await sleep(500);
      const exp = nowS() + 20;
      const headers = { authorization: `Bearer ${token({ sub: "bob", exp })}` };
      const body = JSON.stringify({ organizationId: "org_1" });
      const { wsTicket } = await (await mine.get("/realtime/v1/ws-ticket", { method: "POST", headers, body })).json();
      const come = await mine.open(`?ws_ticket=${wsTicket}`);
      assert.equal((await come.next()).type, "auth_success");
      gone.ws.pause();
      await mine.broadcast(custom("auth:token-invalidated", {}, { userId: "ann" }));
      assert.equal(await come.closeCode(exp * 1_000 + 11_000 - Date.now()), 4409);
    } finally {
      await mine.stop();
    }
  });
});
