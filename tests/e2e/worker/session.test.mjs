// How a subscription ends: expiry, revocation, a deploy.
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { after, before, test } from "node:test";
import { custom, nowS, sleep, startWorker, token, unique } from "./harness.mjs";

let worker;
before(async () => {
  worker = await startWorker();
});
after(() => worker.stop());

for (const [where, query] of [["an organization's own holder", undefined], ["a lobby", ""]]) {
  test(`an expired socket receives nothing and is closed, in ${where}`, { timeout: 60_000 }, async () => {
    const orgId = unique("org");
    const exp = nowS() + 3;
    const short = await worker.join({ orgId, sub: "short", exp }, { query });
    const long = await worker.join({ orgId, sub: "long" }, { query });
    assert.equal((await worker.broadcast(custom("e", 1, { organizationId: orgId }))).delivered, 2);
    assert.match(await short.text(), /"payload":1/);
    await sleep(exp * 1000 - Date.now() + 50);
    assert.equal((await worker.broadcast(custom("e", 2, { organizationId: orgId }))).delivered, 1);
    assert.equal(await short.closeCode(), 4409);
    assert.deepEqual(short.frames, []);
    assert.equal((await long.drain()).length, 2);

    // And without any broadcast, by the alarm.
    const silent = await worker.join({ orgId, sub: "silent", exp: nowS() + 2 }, { query });
    assert.equal(await silent.closeCode(12_000), 4409);
  });

  test(`a revocation closes the user's sessions and refuses older tokens, in ${where}`, async () => {
    const orgId = unique("org");
    const old = { orgId, sub: "ann", iat: nowS() - 60 };
    const mine = await worker.join(old, { query });
    const again = await worker.join(old, { query });
    const other = await worker.join({ orgId, sub: "bob" }, { query });
    const answer = await worker.broadcast(
      custom("auth:token-invalidated", { why: "left" }, { organizationId: orgId, userId: "ann" }),
    );
    assert.equal(answer.delivered, 2);
    for (const client of [mine, again]) {
      assert.equal(await client.text(), '{"type":"broadcast","event":"auth:token-invalidated","payload":{"why":"left"}}');
      assert.equal(await client.closeCode(), 4409);
    }
    assert.deepEqual(await other.drain(), []);
    const tried = async (claims) => {
      const client = await worker.open(query ?? `?organizationId=${orgId}`);
      client.auth(token(claims), orgId);
      return (await client.next()).reason ?? "ok";
    };
    assert.equal(await tried(old), "expired");
    assert.equal(await tried({ ...old, iat: undefined }), "expired");
    await sleep(1_100);
    assert.equal(await tried({ ...old, iat: nowS() }), "ok");
    assert.equal(await tried({ orgId, sub: "bob" }), "ok");
  });
}

test("whose time is over is closed in time, though no organization answers that it is told", { timeout: 60_000 }, async () => {
  // Each key is another organization's, and is not good any more when it is asked about again.
  const known = new Set();
  const keys = http.createServer((request, response) => {
    const organizationId = request.headers["x-api-key"];
    response.writeHead(known.has(organizationId) ? 401 : 200).end(JSON.stringify({ organizationId, roles: [] }));
    known.add(organizationId);
  });
  await once(keys.listen(0, "127.0.0.1"), "listening");
  const seconds = 5;
  const mine = await startWorker(
    { LOBBIES: 1, AUTH_URL: `http://127.0.0.1:${keys.address().port}`, KEY_RECHECK_S: seconds },
    { faults: true },
  );
  try {
    const closed = async (client, ms) => [await client.closeCode(ms + 40_000 - Date.now()), Date.now() - ms];
    const ends = [];
    for (let n = 0; n < 4; n += 1) {
      const [orgId, organizationId] = [`token_${n}`, `key_${n}`];
      const exp = nowS() + seconds;
      ends.push(closed(await mine.join({ orgId, exp }, { query: "" }), exp * 1_000));
      ends.push(closed(await mine.join({}, { query: "", token: organizationId, organizationId }), Date.now() + seconds * 1_000));
      for (const id of [orgId, organizationId]) await mine.fault(`org:${id}`, { path: "/withdraw", slowMs: 30_000 });
    }
    for (const [code, late] of await Promise.all(ends)) {
      assert.equal(code, 4409);
      assert.ok(late < 10_000, `${late} ms late`);
    }
  } finally {
    await mine.stop();
    keys.close();
  }
});

test("a revocation ends the user's tickets", async () => {
  const orgId = unique("org");
  const shown = token({ orgId, sub: "ann", iat: nowS() - 60 });
  const ask = () =>
    worker.get("/realtime/v1/ws-ticket", {
      method: "POST",
      headers: { authorization: `Bearer ${shown}` },
      body: JSON.stringify({ organizationId: orgId }),
    });
  const { wsTicket } = await (await ask()).json();
  await worker.broadcast(custom("auth:token-invalidated", {}, { organizationId: orgId, userId: "ann" }));
  await assert.rejects(worker.open(`?ws_ticket=${wsTicket}`), { status: 401 });
  assert.equal((await ask()).status, 401);
});

test("a revocation outlives a restart, which closes every socket", async () => {
  const mine = await startWorker();
  try {
    const old = { orgId: "org_1", sub: "ann", iat: nowS() - 60 };
    const client = await mine.join(old);
    const lobby = await mine.join({ sub: "bob" }, { query: "" });
    await mine.broadcast(custom("auth:token-invalidated", {}, { userId: "ann" }));
    await client.closeCode();
    await mine.kill();
    assert.equal(await lobby.closeCode(), 1006);
    await mine.start();
    const again = await mine.open("?organizationId=org_1");
    again.auth(token(old));
    assert.equal((await again.next()).reason, "expired");
    // The lobby is still registered, and has nobody: it is asked once, and then forgotten.
    const first = await mine.broadcast(custom("e", 1));
    assert.deepEqual([first.status, first.delivered, first.partial], [200, 0, undefined]);
    const back = await mine.join({ sub: "bob" }, { query: "" });
    assert.equal((await mine.broadcast(custom("e", 2))).delivered, 1);
    assert.match(await back.text(), /"payload":2/);
  } finally {
    await mine.stop();
  }
});

test("silence ends a session only where IDLE_TIMEOUT_S says so, and a ping is no silence", { timeout: 60_000 }, async () => {
  const mine = await startWorker({ IDLE_TIMEOUT_S: 4 });
  try {
    const silent = await mine.join({ sub: "silent" });
    // What the runtime answers by itself, and what the object answers, beside each other.
    const [bare, spoken, both] = await Promise.all(["bare", "spoken", "both"].map((sub) => mine.join({ sub })));
    both.send("ping");
    let seconds = 0;
    const beat = setInterval(() => {
      seconds += 1;
      bare.send("ping");
      for (const client of [spoken, both]) client.send({ type: "ping" });
    }, 1_000);
    // Events come all the while, and most of them long after the last message that woke the object.
    let sent = 0;
    while (silent.closed === null && seconds < 15) {
      sent += 1;
      await mine.broadcast(custom("e", sent));
      await sleep(100);
    }
    assert.equal(await silent.closeCode(1_000), 4408);
    while (seconds < 12) {
      sent += 1;
      assert.equal((await mine.broadcast(custom("e", sent))).delivered, 3, "those who are not silent stay");
      await sleep(100);
    }
    clearInterval(beat);
    await sleep(300);
    for (const client of [bare, spoken, both]) {
      const events = client.frames.filter((text) => text.includes('"payload"')).map((text) => JSON.parse(text).payload);
      assert.deepEqual(events, Array.from({ length: sent }, (_, n) => n + 1));
    }
  } finally {
    await mine.stop();
  }
});
