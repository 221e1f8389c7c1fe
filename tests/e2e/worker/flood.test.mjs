// Floods: ten thousand clients that never say who they are, and members who mean harm.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { test } from "node:test";
import { custom, nowS, sleep, startWorker, token, unique } from "./harness.mjs";

const FLOOD = Number(process.env.FLOOD ?? 10_000);

/** Opens so many sockets, a hundred at a time; those that were refused are `null`. */
async function flood(worker, count, query) {
  const all = [];
  for (let n = 0; n < count; n += 100) {
    const open = () => worker.open(query).catch((error) => {
      assert.equal(error.status, 503, String(error));
      return null;
    });
    all.push(...(await Promise.all(Array.from({ length: Math.min(100, count - n) }, open))));
  }
  return all;
}

for (const [where, query, holders] of [["at one organization", "?organizationId=org_1", 1], ["at the lobbies", "", 4]]) {
  test(`${FLOOD} clients that connect ${where} and never authenticate`, { timeout: 110_000 }, async (t) => {
    const worker = await startWorker();
    try {
      const members = await Promise.all([...Array(8).keys()].map((n) => worker.join({ sub: `member_${n}` }, n % 2 ? { query: "" } : {})));
      const elsewhere = await worker.join({ orgId: "org_2", sub: "else" });
      const before = worker.resident();
      const waits = [];
      let sent = 0;
      let over = false;
      const broadcasts = (async () => {
        while (!over) {
          const start = Date.now();
          const { status, delivered } = await worker.broadcast(custom("e", (sent += 1)));
          assert.deepEqual([status, delivered], [200, members.length]);
          waits.push(Date.now() - start);
          await sleep(100);
        }
      })();
      const start = Date.now();
      const open = (await flood(worker, FLOOD, query)).filter((client) => client !== null);
      const took = Date.now() - start;
      const peak = worker.resident();
      // Members of the organization next door come and go meanwhile.
      if (query !== "") await (await worker.join({ orgId: "org_2", sub: "newcomer" })).close();
      over = true;
      await broadcasts;
      waits.sort((a, b) => a - b);
      t.diagnostic(`${open.length} let in, ${FLOOD - open.length} refused, in ${took} ms; ${(peak - before) >> 20} MiB more; a broadcast took ${waits[waits.length >> 1]} ms, at most ${waits.at(-1)} ms`);
      // Those that were closed in time made room again while the flood went on.
      const rounds = Math.ceil(took / 10_000) + 1;
      assert.ok(open.length <= 1_000 * holders * rounds, `${open.length} let in`);
      assert.ok(open.length >= Math.min(FLOOD, 1_000 * holders) * 0.9, `${open.length} let in`);
      assert.ok(peak - before < 1_000 * holders * (256 << 10) + (128 << 20), `${(peak - before) >> 20} MiB`);

      // All of them are told, and go; then there is room again.
      const told = await Promise.all(open.map(async (client) => (client.frames.length > 0 ? client.text() : client.text(30_000))));
      assert.ok(told.every((text) => text === '{"type":"auth_error","reason":"timeout"}'));
      const codes = await Promise.all(open.map((client) => client.closeCode(5_000)));
      assert.ok(codes.every((code) => code === 4408));
      assert.ok((await flood(worker, 200, query)).every((client) => client !== null));
      await (await worker.join({ sub: "newcomer" }, { query })).close();
      for (const client of members) {
        const heard = (await client.drain()).map((text) => JSON.parse(text).payload);
        assert.deepEqual(heard, Array.from({ length: sent }, (_, n) => n + 1), "members missed nothing, and got nothing twice");
      }
      assert.deepEqual(await elsewhere.drain(), []);
    } finally {
      await worker.stop();
    }
  });
}

/** The sockets of so many clients that are let in, each after it was closed for what it said, and deaf to that. */
async function ignoring(worker, count) {
  const all = (await flood(worker, count, "?organizationId=org_1")).filter((client) => client !== null);
  for (const client of all) {
    client.ws.pause();
    client.send({ type: "nothing" });
  }
  return all;
}

test("strangers who ignore that they are closed are let in no more than MAX_PENDING", { timeout: 90_000 }, async () => {
  const limit = 20;
  const worker = await startWorker({ MAX_PENDING: limit });
  try {
    const member = await worker.join({ sub: "member" });
    const ask = () =>
      worker.get("/realtime/v1/ws-ticket", {
        method: "POST",
        headers: { authorization: `Bearer ${token({ sub: "ticket" })}` },
        body: JSON.stringify({ organizationId: "org_1" }),
      });
    const first = await ignoring(worker, limit);
    assert.equal(first.length, limit);
    for (let round = 0; round < 5; round += 1) {
      await sleep(100);
      assert.equal((await ignoring(worker, limit)).length, 0);
    }
    // Neither a member nor a ticket is kept out by them.
    assert.equal((await worker.broadcast(custom("e", 1))).delivered, 1);
    const { wsTicket } = await (await ask()).json();
    assert.equal((await (await worker.open(`?ws_ticket=${wsTicket}`)).next()).type, "auth_success");

    // The object is evicted meanwhile, and counts anew.
    await sleep(12_000);
    assert.equal((await ignoring(worker, limit)).length, 0);

    // Those that go make room, whether they answer or not.
    first[0].ws.resume();
    assert.equal(await first[0].closeCode(), 4400);
    for (const client of first.slice(1, limit / 2)) client.ws.terminate();
    await sleep(500);
    assert.equal((await ignoring(worker, limit)).length, limit / 2);
    assert.equal((await member.drain()).length, 1);
  } finally {
    await worker.stop();
  }
});

test("a user whose sockets ignore that they are closed has no more than MAX_USER_SOCKETS", { timeout: 60_000 }, async () => {
  const limit = 3;
  const worker = await startWorker({ MAX_USER_SOCKETS: limit, MAX_EGRESS: 100_000, LOBBIES: 1 });
  try {
    for (const options of [{}, { query: "" }]) {
      const deaf = [];
      for (let n = 0; n < limit; n += 1) {
        const client = await worker.join({ sub: "deaf" }, options);
        client.ws.pause();
        deaf.push(client);
        let delivered = 1;
        while (delivered > 0) ({ delivered } = await worker.broadcast(custom("e", "x".repeat(50_000), { userId: "deaf" })));
      }
      await assert.rejects(worker.join({ sub: "deaf" }, options), /too_many/);
      await (await worker.join({ sub: "another" }, options)).close();
      for (const client of deaf) client.ws.terminate();
      await sleep(500);
      await (await worker.join({ sub: "deaf" }, options)).close();
    }
  } finally {
    await worker.stop();
  }
});

test("strangers who make up organizations leave nothing behind", { timeout: 60_000 }, async () => {
  const worker = await startWorker({ AUTH_TIMEOUT_S: 2 });
  try {
    const made = 20;
    const ids = Array.from({ length: made }, () => unique("nobody"));
    for (const id of ids) {
      const ticket = `${Buffer.from(id).toString("base64url")}.${randomBytes(32).toString("base64url")}`;
      await assert.rejects(worker.open(`?ws_ticket=${ticket}`), { status: 401 });
    }
    assert.deepEqual(worker.stored(), { objects: made, keeping: 0 });

    // Who opens sockets there must be looked at, which is kept, but no longer than the sockets.
    const member = await worker.join({ sub: "member" });
    const open = await Promise.all(ids.map((id) => worker.open(`?organizationId=${id}`)));
    await open[0].close();
    await Promise.all(open.slice(1).map((client) => client.closeCode(12_000)));
    for (let tries = 0; tries < 100 && worker.stored().keeping > 1; tries += 1) await sleep(100);
    assert.deepEqual(worker.stored(), { objects: made + 1, keeping: 1 }, "that of the member alone");
    assert.equal((await worker.broadcast(custom("e", 1))).delivered, 1);

    // And the same objects are as good as new.
    const again = await worker.open(`?organizationId=${ids[0]}`);
    assert.deepEqual(await again.next(12_000), { type: "auth_error", reason: "timeout" });
    const back = await worker.join({ orgId: ids[1] });
    assert.equal((await worker.broadcast(custom("e", 1, { organizationId: ids[1] }), { key: "k" })).delivered, 1);
    assert.equal((await back.drain()).length, 1);
    assert.deepEqual((await member.drain()).length, 1);
  } finally {
    await worker.stop();
  }
});

test("members of one organization who mean harm end themselves alone", { timeout: 60_000 }, async (t) => {
  const worker = await startWorker();
  try {
    const orgId = unique("org");
    const member = (sub, options) => worker.join({ orgId, sub }, options);
    const honest = await Promise.all([member("honest"), member("honest_too", { query: "" }), member("honest_flow", { flow: true })]);
    const hostile = async (n) => {
      const claims = { orgId, sub: `hostile_${n}` };
      const steps = [
        [(client) => { for (let k = 0; k < 60; k += 1) client.send({ type: "noise", k }); }, 4429],
        [(client) => client.send("x".repeat(20_000)), 4413],
        [(client) => client.send(Buffer.alloc(100)), 4400],
        [(client) => client.send(`{"type":"ack","count":1e99}`), 4400],
        [(client) => client.auth(token({ orgId, sub: "honest" }), orgId), 4401],
        [(client) => client.auth(token({ orgId: "org_2", sub: `hostile_${n}` }), "org_2"), 4401],
        [(client) => client.auth(token({ ...claims, role: "admin" }, { secret: "forged" }), orgId), 4401],
        // A body as a helper sends it is no message of a client's.
        [(client) => { for (let k = 0; k < 60; k += 1) client.send(custom("e", "forged", { organizationId: orgId })); }, 4429],
        [(client) => { for (let k = 0; k < 60; k += 1) client.auth(token(claims), orgId); }, 4429],
      ];
      for (const [act, code] of steps) {
        const client = await worker.join(claims, n % 2 ? { query: "" } : {});
        act(client);
        assert.equal(await client.closeCode(), code, String(act));
      }
    };
    let over = false;
    let sent = 0;
    const harm = Promise.all(Array.from({ length: 20 }, (_, n) => hostile(n))).finally(() => (over = true));
    while (!over) {
      const { status } = await worker.broadcast(custom("e", (sent += 1), { organizationId: orgId, userId: "honest" }), { key: `k${sent}` });
      assert.equal(status, 200);
      await worker.broadcast(custom("e", (sent += 1), { organizationId: orgId }), { key: `k${sent}` });
      for (const client of honest) if (client.frames.length % 64 === 0) client.send({ type: "ack", count: 64 });
      await sleep(50);
    }
    await harm;
    t.diagnostic(`${sent} events meanwhile`);
    const heard = async (client) => (await client.drain()).map((text) => JSON.parse(text)).filter(({ type }) => type === "broadcast").map(({ payload }) => payload);
    const all = Array.from({ length: sent }, (_, n) => n + 1);
    const mine = all.filter((n) => n % 2 === 0);
    assert.deepEqual(await heard(honest[0]), all);
    assert.deepEqual(await heard(honest[1]), mine);
    assert.deepEqual(await heard(honest[2]), mine);
  } finally {
    await worker.stop();
  }
});

test("forged tokens and keys by the thousand keep nobody out who has a good one", { timeout: 60_000 }, async () => {
  const worker = await startWorker({ API_KEYS: "[]" });
  try {
    const forged = [token({}, { secret: "forged" }), "qb_live_guess", token({ exp: nowS() - 100 })];
    const guess = async (n) => {
      const client = await worker.open(n % 2 ? "" : "?organizationId=org_1");
      client.auth(forged[n % forged.length]);
      assert.equal((await client.next(20_000)).type, "auth_error");
    };
    const guesses = (async () => {
      for (let n = 0; n < 1_000; n += 50) await Promise.all(Array.from({ length: 50 }, (_, k) => guess(n + k)));
    })();
    for (let n = 0; n < 20; n += 1) {
      const client = await worker.join({ sub: `good_${n}` }, n % 2 ? { query: "" } : {});
      assert.equal((await worker.broadcast(custom("e", n, { userId: `good_${n}` }))).delivered, 1);
      await client.close();
    }
    await guesses;
  } finally {
    await worker.stop();
  }
});

/** Who knows API keys: it takes `slowMs` for one, and remembers what it was asked, and how much at once. */
async function keyServer(slowMs) {
  const known = { asked: [], open: 0, most: 0 };
  const server = http.createServer(async (request, response) => {
    const key = request.headers["x-api-key"];
    known.asked.push(key);
    known.open += 1;
    known.most = Math.max(known.most, known.open);
    await sleep(slowMs(key));
    known.open -= 1;
    response.writeHead(key.startsWith("good") ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify({ organizationId: "org_1", roles: ["member"] }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  known.url = `http://127.0.0.1:${server.address().port}`;
  known.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return known;
}

test("keys that strangers guess end no live socket of a good key", { timeout: 60_000 }, async (t) => {
  const limit = 4;
  const keys = await keyServer((key) => (key.startsWith("good") ? 20 : 600));
  const worker = await startWorker({ AUTH_URL: keys.url, KEY_RECHECK_S: 2, MAX_KEY_CHECKS: limit });
  try {
    const live = await worker.join({}, { token: "good_live", organizationId: "org_1" });
    const answers = { invalid: 0, unavailable: 0 };
    let over = false;
    const stranger = async (n) => {
      for (let guess = 0; !over; guess += 1) {
        const client = await worker.open("?organizationId=org_1");
        client.auth(`guess_${n}_${guess}`);
        answers[(await client.next(10_000)).reason] += 1;
        await client.close();
      }
    };
    const strangers = Promise.all(Array.from({ length: 4 * limit }, (_, n) => stranger(n)));
    await Promise.race([live.gone, sleep(16_000)]);
    over = true;
    await strangers;
    assert.equal(live.closed, null);
    assert.equal((await worker.broadcast(custom("e", 1))).delivered, 1);
    t.diagnostic(JSON.stringify({ ...answers, most: keys.most }));
    const again = keys.asked.filter((key) => key === "good_live").length - 1;
    assert.ok(again >= 2, `asked about ${again} times again`);
    assert.ok(answers.unavailable > 0 && answers.invalid > 0, "there were more guesses than turns");
    assert.ok(keys.most <= limit, `${keys.most} at once`);
  } finally {
    await worker.stop();
    keys.close();
  }
});

test("who logs in with a key and those whose keys are asked about again do not keep each other out", { timeout: 60_000 }, async () => {
  const limit = 4;
  const keys = await keyServer(() => 400);
  const worker = await startWorker({ AUTH_URL: keys.url, KEY_RECHECK_S: 2, MAX_KEY_CHECKS: limit });
  try {
    const live = [];
    for (let n = 0; n < limit; n += 1) live.push(await worker.join({}, { token: `good_${n}`, organizationId: "org_1" }));
    const end = Date.now() + 12_000;
    for (let n = 0; Date.now() < end; n += 1) {
      const client = await worker.join({}, { token: `good_late_${n}`, organizationId: "org_1" });
      await client.close();
    }
    assert.deepEqual(live.map(({ closed }) => closed), live.map(() => null));
    for (let n = 0; n < limit; n += 1) {
      const times = keys.asked.filter((key) => key === `good_${n}`).length;
      assert.ok(times >= 3, `good_${n} was asked about ${times} times`);
    }
    assert.ok(keys.most <= limit, `${keys.most} at once`);
  } finally {
    await worker.stop();
    keys.close();
  }
});
