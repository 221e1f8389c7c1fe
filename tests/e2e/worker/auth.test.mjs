// Who may connect, by every way there is to prove it.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { after, before, test } from "node:test";
import { custom, nowS, sleep, startWorker, token, unique } from "./harness.mjs";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const LISTED = "qb_live_listed_key_of_the_tests";
const EXPIRED = "qb_live_expired_key_of_the_tests";

/** A server of the project's own: what it is asked, and what it shall answer. */
async function serve(answer) {
  const server = http.createServer((request, response) => answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

const json = (response, status, body) => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};

let worker, auth, asked;
before(async () => {
  asked = [];
  auth = await serve((request, response) => {
    const key = request.headers["x-api-key"];
    asked.push(key);
    if (key?.startsWith("good")) return json(response, 200, { organizationId: "org_k", userId: "kim", roles: ["admin"] });
    if (key === "elsewhere") {
      response.writeHead(302, { location: "/other" });
      return response.end();
    }
    if (key === "down") return json(response, 500, {});
    if (key === "vague") return json(response, 200, { roles: ["admin"] });
    return json(response, 401, {});
  });
  worker = await startWorker({
    AUTH_URL: auth.url,
    API_KEYS: JSON.stringify([
      { hash: sha256(LISTED), organizationId: "org_k", roles: ["hr"] },
      { hash: sha256(EXPIRED), organizationId: "org_k", roles: ["hr"], expiresAt: nowS() - 5 },
    ]),
    ALLOWED_ORIGINS: "https://app.press.org, https://admin.press.org",
  });
});
after(async () => {
  auth.server.close();
  await worker.stop();
});

/** What a socket is told and closed with after it showed this. */
async function refused(shown, organizationId = "org_1", query = `?organizationId=${organizationId}`) {
  const client = await worker.open(query);
  client.auth(shown, organizationId);
  const answer = await client.next();
  return [answer.type, answer.reason, await client.closeCode()];
}

test("a session token is judged by its signature and claims", async () => {
  const bare = (header, claims) => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part(header)}.${part(claims)}.`;
  };
  const invalid = ["auth_error", "invalid", 4401];
  assert.deepEqual(await refused(token({}, { secret: "another" })), invalid);
  assert.deepEqual(await refused(bare({ alg: "none" }, { sub: "u", orgId: "org_1", exp: nowS() + 60 })), invalid);
  assert.deepEqual(await refused(token({}, { header: { alg: "RS256" } })), invalid);
  assert.deepEqual(await refused(token({ sub: "" })), invalid);
  assert.deepEqual(await refused(token({ exp: undefined })), invalid);
  assert.deepEqual(await refused(token({ exp: nowS() + 30 * 86_400 })), invalid, "longer than MAX_TOKEN_AGE");
  assert.deepEqual(await refused("a.b.c"), invalid);
  assert.deepEqual(await refused(token({ exp: nowS() - 40 })), ["auth_error", "expired", 4409]);
  assert.deepEqual(await refused("x".repeat(9_000)), invalid);
});

test("organizations must be one everywhere", async () => {
  const wrong = ["auth_error", "wrong_organization", 4403];
  assert.deepEqual(await refused(token({ orgId: "org_2" })), wrong);
  assert.deepEqual(await refused(token({ orgId: "org_2" }), "org_2", "?organizationId=org_1"), wrong);
  assert.deepEqual(await refused(token({ orgId: "org_2" }), "org_1", ""), wrong, "in a lobby too");
  assert.deepEqual(await refused(LISTED, "org_1"), wrong);
});

test("an API key is looked up in the list, else asked about", async () => {
  const listed = await worker.join({}, { token: LISTED, organizationId: "org_k" });
  assert.deepEqual(listed.success, {
    type: "auth_success", organizationId: "org_k", userId: null, role: "hr", roles: ["hr"], authMethod: "api_key",
  });
  const known = await worker.join({}, { token: "good_1", organizationId: "org_k", query: "" });
  assert.equal(known.success.userId, "kim");
  assert.deepEqual(known.success.roles, ["admin"]);
  assert.deepEqual(asked, ["good_1"], "a listed key is nobody else's business");

  // A key without a user is never a target.
  await worker.broadcast(custom("e", 1, { organizationId: "org_k", userId: "kim" }));
  assert.match(await known.text(), /"payload":1/);
  assert.deepEqual(await listed.drain(), []);

  // A revocation ends sessions; a key is revoked where it is listed.
  await worker.broadcast(custom("auth:token-invalidated", 2, { organizationId: "org_k", userId: "kim" }));
  assert.match(await known.text(), /"payload":2/);
  assert.deepEqual(await known.drain(), []);

  const invalid = ["auth_error", "invalid", 4401];
  for (const key of ["bad", "elsewhere", "vague"]) assert.deepEqual(await refused(key, "org_k"), invalid, key);
  assert.deepEqual(await refused(EXPIRED, "org_k"), ["auth_error", "expired", 4409]);
  assert.deepEqual(await refused("down", "org_k"), ["auth_error", "unavailable", 1013]);
  const before = asked.length;
  assert.deepEqual(await refused("bad", "org_k"), invalid);
  assert.equal(asked.length, before, "a refusal is remembered");
  assert.ok(!asked.some((key) => key?.includes(".")), "a session token is never tried as a key");
});

test("a ticket is single use", async () => {
  const orgId = unique("org");
  const get = (body, headers = {}) =>
    worker.get("/realtime/v1/ws-ticket", {
      method: "POST",
      headers: { authorization: `Bearer ${token({ orgId, sub: "tess", role: "admin" })}`, ...headers },
      body: JSON.stringify(body),
    });
  const answer = await get({ organizationId: orgId });
  assert.equal(answer.status, 200);
  const { wsTicket, expiresIn } = await answer.json();
  assert.equal(expiresIn, 60);

  await assert.rejects(worker.open(`?ws_ticket=${wsTicket}&organizationId=other`), { status: 403 });
  const client = await worker.open(`?ws_ticket=${wsTicket}`);
  assert.deepEqual(await client.next(), {
    type: "auth_success", organizationId: orgId, userId: "tess", role: "admin", roles: ["admin"], authMethod: "session",
  });
  await worker.broadcast(custom("e", 1, { organizationId: orgId, targetRoles: ["admin"] }));
  assert.match(await client.text(), /"payload":1/);
  await assert.rejects(worker.open(`?ws_ticket=${wsTicket}`), { status: 401 });
  for (const bad of ["", "x", `${Buffer.from(orgId).toString("base64url")}.${"A".repeat(43)}`]) {
    await assert.rejects(worker.open(`?ws_ticket=${bad}`), { status: 401 }, bad);
  }

  assert.equal((await get({ organizationId: "other" })).status, 403);
  assert.equal((await get({})).status, 400);
  assert.equal((await get({ organizationId: orgId }, { authorization: "Bearer nonsense" })).status, 401);
  for (let open = 0; open < 5; open += 1) assert.equal((await get({ organizationId: orgId })).status, 200);
  assert.equal((await get({ organizationId: orgId })).status, 429);
});

test("strangers who fill a holder do not keep a ticket out", async () => {
  const mine = await startWorker({ MAX_PENDING: 3 });
  try {
    const answer = await mine.get("/realtime/v1/ws-ticket", {
      method: "POST",
      headers: { authorization: `Bearer ${token()}` },
      body: JSON.stringify({ organizationId: "org_1" }),
    });
    const { wsTicket } = await answer.json();
    for (let n = 0; n < 3; n += 1) await mine.open("?organizationId=org_1");
    await assert.rejects(mine.open("?organizationId=org_1"), { status: 503 });
    const client = await mine.open(`?ws_ticket=${wsTicket}`);
    assert.equal((await client.next()).type, "auth_success");
  } finally {
    await mine.stop();
  }
});

test("only the named origins may connect", async () => {
  await assert.rejects(worker.open("", { origin: "https://evil.example" }), { status: 403 });
  await (await worker.open("", { origin: "https://admin.press.org" })).close();
  const preflight = (origin) => worker.get("/realtime/v1/ws-ticket", { method: "OPTIONS", headers: { origin } });
  const allowed = await preflight("https://app.press.org");
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers.get("access-control-allow-origin"), "https://app.press.org");
  assert.match(allowed.headers.get("access-control-allow-headers"), /authorization/);
  assert.equal((await preflight("https://evil.example")).status, 403);
});

test("a second auth may change the roles, never the user, and doubles nothing", async () => {
  const orgId = unique("org");
  const client = await worker.join({ orgId, sub: "ann", role: "member" });
  client.auth(token({ orgId, sub: "ann", role: "admin" }), orgId);
  assert.deepEqual((await client.next()).roles, ["admin"]);
  const answer = await worker.broadcast(custom("e", 1, { organizationId: orgId }));
  assert.equal(answer.delivered, 1);
  assert.equal((await client.drain()).length, 1);
  assert.equal((await worker.broadcast(custom("e", 1, { organizationId: orgId, targetRoles: ["member"] }))).delivered, 0);
  client.auth(token({ orgId, sub: "bob", role: "admin" }), orgId);
  assert.equal((await client.next()).type, "auth_error");
  assert.equal(await client.closeCode(), 4401);
});

test("the keys of JWKS_URL, and nothing else, where it is set", { timeout: 60_000 }, async () => {
  const keys = {
    EdDSA: generateKeyPairSync("ed25519"),
    ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
    RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  };
  const jwk = (kid) => ({ ...keys[kid].publicKey.export({ format: "jwk" }), kid, alg: kid });
  const shown = [jwk("EdDSA"), jwk("ES256")];
  let fetched = 0;
  let up = true;
  let stands = false;
  const jwks = await serve((_request, response) => {
    fetched += 1;
    if (stands) return undefined;
    return up ? json(response, 200, { keys: shown }) : json(response, 500, {});
  });
  const mine = await startWorker({ JWKS_URL: jwks.url }, { faults: true });
  const signed = (alg, by = alg, kid = by) => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = { sub: "u", orgId: "org_1", role: "member", iat: nowS(), exp: nowS() + 86_400 };
    const text = `${part({ alg, kid })}.${part(claims)}`;
    const key = keys[by].privateKey;
    const made = sign(alg === "EdDSA" ? null : "sha256", Buffer.from(text), alg === "ES256" ? { key, dsaEncoding: "ieee-p1363" } : key);
    return `${text}.${made.toString("base64url")}`;
  };
  const tried = async (shownToken) => {
    const client = await mine.open("?organizationId=org_1");
    client.auth(shownToken);
    return (await client.next()).reason ?? "ok";
  };
  try {
    up = false;
    assert.equal(await tried(signed("EdDSA")), "unavailable");
    up = true;
    await sleep(5_100);
    assert.equal(await tried(signed("EdDSA")), "ok");
    assert.equal(await tried(signed("ES256")), "ok");
    assert.equal(await tried(token({})), "invalid", "the secret is no longer a way in");
    const pem = keys.EdDSA.publicKey.export({ format: "pem", type: "spki" });
    assert.equal(await tried(token({}, { secret: pem, header: { alg: "HS256", kid: "EdDSA" } })), "invalid");
    const before = fetched;
    for (const _twice of [1, 2]) {
      assert.equal(await tried(signed("RS256")), "unavailable", "asked for less than a minute ago, it may be newer");
    }
    assert.equal(fetched, before);

    // A minute later it is asked again, and does not answer: who shows a known key does not wait.
    stands = true;
    await mine.jump(61);
    const unknown = tried(signed("RS256"));
    await sleep(300);
    assert.equal(fetched, before + 1);
    const start = Date.now();
    assert.equal(await tried(signed("EdDSA")), "ok");
    assert.ok(Date.now() - start < 2_000);
    assert.equal(await unknown, "unavailable", "nobody has said that the key is not good");

    // And when it is back, with another set, the new key is good.
    stands = false;
    shown.push(jwk("RS256"));
    await mine.jump(122);
    assert.equal(await tried(signed("RS256")), "ok");
    await mine.jump(183);
    const strange = fetched;
    assert.equal(await tried(signed("RS256", "RS256", "strange")), "invalid", "not in the set that was asked for just now");
    assert.equal(fetched, strange + 1);

    // A key that is withdrawn is trusted for ten minutes more.
    shown.splice(0, shown.length, jwk("EdDSA"));
    await mine.jump(183 + 590);
    assert.equal(await tried(signed("ES256")), "ok");
    await mine.jump(183 + 610);
    assert.equal(await tried(signed("ES256")), "invalid");
    assert.equal(await tried(signed("EdDSA")), "ok");

    // And where there is no answer, what is known holds for an hour.
    up = false;
    await mine.jump(793 + 3_500);
    assert.equal(await tried(signed("EdDSA")), "ok");
    await mine.jump(793 + 3_700);
    assert.equal(await tried(signed("EdDSA")), "unavailable");
    assert.equal(await tried(signed("ES256")), "unavailable");
    up = true;
    await mine.jump(793 + 3_710);
    assert.equal(await tried(signed("ES256")), "invalid");
    assert.equal(await tried(signed("EdDSA")), "ok");
  } finally {
    jwks.server.closeAllConnections();
    jwks.server.close();
    await mine.stop();
  }
});

test("a live key is asked about again, and ends when it is refused", { timeout: 60_000 }, async () => {
  let answer = { status: 200, body: { organizationId: "org_1", userId: "kim", roles: ["member"] } };
  const shown = [];
  const mine = await serve((request, response) => {
    shown.push(request.headers["x-api-key"]);
    json(response, answer.status, answer.body);
  });
  const checked = await startWorker({ AUTH_URL: mine.url, KEY_RECHECK_S: 2 });
  try {
    const clients = await Promise.all([1, 2, 3].map(() => checked.join({}, { token: "k", organizationId: "org_1" })));
    const joined = shown.length;
    answer.body.roles = ["admin"];
    await sleep(8_000);
    assert.ok(shown.length > joined && shown.length <= joined + 4, "once for all sockets of a key");
    assert.equal((await checked.broadcast(custom("e", 1, { targetRoles: ["admin"] }))).delivered, 3, "its roles are new");
    answer = { status: 401, body: {} };
    for (const client of clients) assert.equal(await client.closeCode(10_000), 4409);
    answer = { status: 200, body: { organizationId: "org_1", roles: [] } };
    const other = await checked.join({}, { token: "other", organizationId: "org_1" });
    // What was not judged for once is not refused.
    answer = { status: 429, body: {} };
    assert.equal(await other.closeCode(10_000), 1013);
    answer = { status: 200, body: { organizationId: "org_1", roles: [] } };
    const again = await checked.join({}, { token: "other", organizationId: "org_1" });
    answer = { status: 500, body: {} };
    assert.equal(await again.closeCode(10_000), 1013);
  } finally {
    mine.server.close();
    await checked.stop();
  }
});

test("what is not configured is unavailable, and lets nobody in", async () => {
  const bare = await startWorker({ ACCESS_TOKEN: "", BETTER_AUTH_SECRET: undefined });
  try {
    for (const shown of ["", "x"]) {
      const answer = await bare.broadcast(custom("e", 1), { token: shown });
      assert.deepEqual([answer.status, answer.error], [503, "unavailable"]);
    }
    for (const headers of [{}, { authorization: `Bearer ${token()}` }]) {
      for (const body of ["", JSON.stringify({ organizationId: "org_1" })]) {
        const answer = await bare.get("/realtime/v1/ws-ticket", { method: "POST", headers, body });
        assert.deepEqual([answer.status, (await answer.json()).error], [503, "unavailable"]);
      }
    }
    for (const shown of [token({}), token({}, { secret: "" }), "a-key"]) {
      const client = await bare.open("?organizationId=org_1");
      client.auth(shown);
      assert.equal((await client.next()).reason, "unavailable");
      assert.equal(await client.closeCode(), 1013);
    }
    assert.equal((await bare.get("/healthz")).status, 200);
  } finally {
    await bare.stop();
  }
});

test("a client without a word is told when its time is over", { timeout: 60_000 }, async () => {
  const client = await worker.open();
  assert.deepEqual(await client.next(20_000), { type: "auth_error", reason: "timeout" });
  // The close frame comes with it; workerd ends the connection of a socket that never spoke only
  // when it evicts the object.
  assert.equal(await client.closeCode(15_000), 4408);
});
