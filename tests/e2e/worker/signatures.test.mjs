// The table of good and bad signatures, shown to the runtime's WebCrypto. The native tests show it
// to crates (generator/broadcaster/tests/signatures.rs).
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import { test } from "node:test";
import { nowS, startWorker } from "./harness.mjs";

const table = JSON.parse(readFileSync(new URL("../../../generator/broadcaster/tests/signatures.json", import.meta.url), "utf8"));

/** The rows that a worker does not judge as the table says. */
async function misjudged(rows, variables) {
  assert.ok(rows.length > 10, `${rows.length} rows`);
  const worker = await startWorker(variables, { faults: true });
  try {
    await worker.jump(table.now - nowS());
    const judged = rows.map(async ({ name, token, holds }) => {
      const client = await worker.open("?organizationId=org_1");
      client.auth(token);
      const answer = await client.next();
      await client.close();
      const said = answer.type === "auth_success" ? true : answer.reason === "invalid" ? false : answer;
      return said === holds ? [] : [{ name, said }];
    });
    return (await Promise.all(judged)).flat();
  } finally {
    await worker.stop();
  }
}

test("signatures hold as the table says", async () => {
  const server = http.createServer((_request, response) => response.end(JSON.stringify(table.jwks))).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const JWKS_URL = `http://127.0.0.1:${server.address().port}`;
    assert.deepEqual(await misjudged(table.underKeys, { JWKS_URL, MAX_USER_SOCKETS: 1000 }), []);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  assert.deepEqual(await misjudged(table.underSecret, { BETTER_AUTH_SECRET: table.secret }), []);
});
