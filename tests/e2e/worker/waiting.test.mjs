// What changes while the worker waits: for a signature, for an organization's own holder, for who
// knows an API key. Whoever is revoked or runs out meanwhile is not let in, and receives nothing.
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { after, before, test } from "node:test";
import { custom, nowS, sleep, startWorker, unique } from "./harness.mjs";

/** How long a signature takes, or an answer is on its way, and when something happens meanwhile. */
const WAIT_MS = 2_000;
const MEANWHILE_MS = 700;

const keys = generateKeyPairSync("ed25519");

/** A session token, signed by the one key of the set. */
function token(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const all = { sub: "ann", orgId: "org_1", role: "member", iat: nowS() - 10, exp: nowS() + 3600, ...claims };
  const signed = `${part({ alg: "EdDSA", kid: "k" })}.${part(all)}`;
  return `${signed}.${sign(null, Buffer.from(signed), keys.privateKey).toString("base64url")}`;
}

/** What the server of the project answers for an API key: at once, or once `hold` is done. */
let answer = { hold: undefined, asked: 0, status: 200, body: {} };

let worker, server;
before(async () => {
  const json = (response, status, body) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  server = http.createServer(async (request, response) => {
    if (request.url === "/keys") return json(response, 200, { keys: [{ ...keys.publicKey.export({ format: "jwk" }), kid: "k" }] });
    answer.asked += 1;
    await answer.hold;
    return json(response, answer.status, answer.body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  worker = await startWorker(
    { JWKS_URL: `${url}/keys`, AUTH_URL: `${url}/key`, KEY_RECHECK_S: 1, LOBBIES: 1 },
    { faults: true },
  );
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await worker.stop();
});

const slowSignature = () => worker.fault("crypto", { path: "verify", slowMs: WAIT_MS });
const lateRegistration = (orgId) => worker.fault(`org:${orgId}`, { path: "/register", lateMs: WAIT_MS });
const revoke = (orgId, sub = "ann") =>
  worker.broadcast(custom("auth:token-invalidated", {}, { organizationId: orgId, userId: sub }));

/** The types of the frames that have come, and with which code the socket was closed. */
async function end(client) {
  const code = await client.closeCode(WAIT_MS + 3_000);
  return [client.frames.splice(0).map((text) => JSON.parse(text)).map(({ type, event, reason }) => reason ?? event ?? type), code];
}

/** What an event to a whole organization comes to. */
const delivered = async (orgId, more) =>
  (await worker.broadcast(custom("e", 1, { organizationId: orgId, ...more }))).delivered;

const holders = [
  ["an organization's own holder", (orgId) => `?organizationId=${orgId}`],
  ["a lobby", () => ""],
];
for (const [where, query] of holders) {
  test(`who is revoked while a signature is computed is not let in, in ${where}`, { timeout: 60_000 }, async () => {
    const orgId = unique("org");
    const client = await worker.open(query(orgId));
    await slowSignature();
    client.auth(token({ orgId }), orgId);
    await sleep(MEANWHILE_MS);
    assert.equal((await revoke(orgId)).delivered, 0);
    assert.equal(await delivered(orgId), 0);
    assert.deepEqual(await end(client), [["expired"], 4409]);
    assert.equal(await delivered(orgId), 0);
  });

  test(`who is revoked while the signature of a second token is computed is out, in ${where}`, { timeout: 60_000 }, async () => {
    const orgId = unique("org");
    const client = await worker.join({ orgId }, { query: query(orgId), token: token({ orgId }) });
    await slowSignature();
    client.auth(token({ orgId, role: "admin" }), orgId);
    await sleep(MEANWHILE_MS);
    assert.equal((await revoke(orgId)).delivered, 1);
    assert.deepEqual(await end(client), [["auth:token-invalidated"], 4409]);
    assert.equal(await delivered(orgId), 0);
    await sleep(WAIT_MS);
    assert.deepEqual(client.frames, []);
  });

  test(`a token that ends while its signature is computed is none, in ${where}`, { timeout: 60_000 }, async () => {
    const orgId = unique("org");
    const client = await worker.open(query(orgId));
    await slowSignature();
    client.auth(token({ orgId, exp: nowS() + 1 }), orgId);
    assert.deepEqual(await end(client), [["expired"], 4409]);
  });

  test(`a session that ends while a second token is judged receives nothing, in ${where}`, { timeout: 60_000 }, async () => {
    const orgId = unique("org");
    const exp = nowS() + 2;
    const client = await worker.join({ orgId }, { query: query(orgId), token: token({ orgId, exp }) });
    await sleep(exp * 1000 - Date.now() - 500);
    await slowSignature();
    client.auth(token({ orgId }), orgId);
    await sleep(600);
    assert.equal(await delivered(orgId), 0);
    assert.deepEqual(await end(client), [[], 4409]);
    await sleep(WAIT_MS);
    assert.deepEqual(client.frames, []);
  });
}

test("who is revoked while a signature is computed is given no ticket", { timeout: 60_000 }, async () => {
  const orgId = unique("org");
  const ask = (shown) =>
    worker.get("/realtime/v1/ws-ticket", {
      method: "POST",
      headers: { authorization: `Bearer ${shown}` },
      body: JSON.stringify({ organizationId: orgId }),
    });
  await slowSignature();
  const asked = ask(token({ orgId }));
  await sleep(MEANWHILE_MS);
  await revoke(orgId);
  assert.equal((await asked).status, 401);

  // And a ticket for a token that has run out meanwhile opens nothing.
  await slowSignature();
  const late = await ask(token({ orgId, sub: "bob", exp: nowS() + 1 }));
  const { wsTicket } = await late.json();
  await assert.rejects(worker.open(`?ws_ticket=${wsTicket ?? ""}`), { status: 401 });
});

test("who is revoked while the organization answers is not let in", { timeout: 60_000 }, async () => {
  const orgId = unique("org");
  const client = await worker.open();
  await lateRegistration(orgId);
  client.auth(token({ orgId }), orgId);
  await sleep(MEANWHILE_MS);
  // The lobby is registered already, and hears of it.
  assert.equal((await revoke(orgId)).delivered, 0);
  assert.deepEqual(await end(client), [[], 4409]);
  assert.equal(await delivered(orgId), 0);
});

test("who holds a key and is revoked while the organization answers has no session", { timeout: 60_000 }, async () => {
  const orgId = unique("org");
  answer = { ...answer, status: 200, body: { organizationId: orgId, userId: "ann", roles: ["member"] } };
  const client = await worker.join({ orgId }, { query: "", token: "a-key" });
  await lateRegistration(orgId);
  client.auth(token({ orgId, role: "admin" }), orgId);
  await sleep(MEANWHILE_MS);
  assert.equal((await revoke(orgId)).delivered, 1);
  assert.deepEqual(await end(client), [["auth:token-invalidated"], 4409]);
  assert.equal(await delivered(orgId, { targetRoles: ["admin"] }), 0);
});

test("a token that ends while the organization answers is none", { timeout: 60_000 }, async () => {
  const orgId = unique("org");
  const client = await worker.open();
  await lateRegistration(orgId);
  client.auth(token({ orgId, exp: nowS() + 2 }), orgId);
  assert.deepEqual(await end(client), [["expired"], 4409]);
});

for (const [what, status] of [["is good", 200], ["is refused", 401]]) {
  test(`a key that ${what} is nothing to who shows a token meanwhile`, { timeout: 60_000 }, async () => {
    const orgId = unique("org");
    let release;
    answer = { asked: 0, hold: undefined, status: 200, body: { organizationId: orgId, userId: "ann", roles: ["admin"] } };
    const client = await worker.join({ orgId }, { query: "", token: unique("key") });
    answer.hold = new Promise((done) => (release = done));
    const asked = answer.asked;
    while (answer.asked === asked) await sleep(50);
    client.auth(token({ orgId, role: "member" }), orgId);
    assert.deepEqual((await client.next()).roles, ["member"]);
    answer.status = status;
    release();
    await sleep(500);
    assert.equal(client.closed, null);
    assert.equal(await delivered(orgId, { targetRoles: ["admin"] }), 0);
    assert.equal(await delivered(orgId, { targetRoles: ["member"] }), 1);
    assert.equal((await client.drain()).length, 1);
  });
}

test("many keys, and who knows them slow: a session that ends meanwhile is closed in time", { timeout: 90_000 }, async () => {
  const count = 8;
  const own = { orgId: unique("org"), sub: "ann" };
  answer = { asked: 0, hold: undefined, status: 200, body: { organizationId: own.orgId, roles: [] } };
  const url = `http://127.0.0.1:${server.address().port}`;
  const mine = await startWorker({ AUTH_URL: `${url}/key`, KEY_RECHECK_S: 1, MAX_KEY_CHECKS: 1 });
  try {
    for (let key = 0; key < count; key += 1) await mine.join({}, { token: unique("key"), organizationId: own.orgId });
    // From now on each takes nearly as long as it may.
    Object.defineProperty(answer, "hold", { get: () => sleep(2_800) });
    const asked = answer.asked;
    while (answer.asked === asked) await sleep(50);
    const client = await mine.join({ ...own, exp: nowS() + 2 });
    assert.equal(await client.closeCode(12_000), 4409);
  } finally {
    await mine.stop();
  }
});
