// What the helper says of a secret or an address that cannot be used: its name, never its value.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DELIVERED, loadHelper, startWorker } from "./support.mjs";

const ORG = "org_1";

test("a secret that no header can carry is named, not shown", async (t) => {
  const { createRealtime } = await loadHelper();
  const fetched = t.mock.method(globalThis, "fetch");
  const log = t.mock.method(console, "error", () => undefined);
  const REALTIME_URL = "http://127.0.0.1:1";
  for (const ACCESS_TOKEN of [
    // As `openssl rand -base64 64` prints it.
    "first-line/+\nsecond-line==\n",
    "first-line\r\nsecond-line",
    "first-line\0second-line",
    "first-line\u007fsecond-line",
    "first-line ü second-line",
    "first-line 😀 second-line",
    { get: () => "first-line second-line" },
  ]) {
    const result = await createRealtime({
      REALTIME_URL,
      ACCESS_TOKEN,
    }).broadcast("x", {}, ORG);
    assert.equal(result.error.code, "misconfigured");
    assert.match(result.error.message, /^ACCESS_TOKEN /);
    assert.doesNotMatch(JSON.stringify(result), /-line/);
  }
  assert.equal(fetched.mock.callCount(), 0);
  assert.equal(log.mock.callCount(), 7);
  assert.doesNotMatch(JSON.stringify(log.mock.calls), /-line/);
});

test("an address that is none, or holds a password, is named, not shown", async (t) => {
  const { createRealtime } = await loadHelper();
  const fetched = t.mock.method(globalThis, "fetch");
  for (const REALTIME_URL of [
    "https://ann:hunter2@realtime.example.com",
    "https://hunter2@realtime.example.com/",
    "https:ann:hunter2@realtime.example.com",
    "//ann:hunter2@realtime.example.com",
    "https://ann:hunt/er2@realtime.example.com",
    "ann:hunter2@realtime.example.com",
    "realtime.example.com",
    "localhost:8787",
    "ftp://realtime.example.com",
    "wss://realtime.example.com",
    "http://127.0.0.1:99999",
    new URL("https://realtime.example.com"),
  ]) {
    const result = await createRealtime(
      { REALTIME_URL, ACCESS_TOKEN: "t" },
      { onError: () => undefined },
    ).broadcast("x", {}, ORG);
    assert.equal(result.error.code, "misconfigured", String(REALTIME_URL));
    assert.match(result.error.message, /^REALTIME_URL /);
    assert.doesNotMatch(JSON.stringify(result), /hunt|example\.com|99999/);
  }
  assert.equal(fetched.mock.callCount(), 0);
});

test("spaces around a secret do not matter, within it they do", async (t) => {
  const { env, requests } = await startWorker(t, [DELIVERED]);
  const { createRealtime } = await loadHelper();
  for (const ACCESS_TOKEN of ["two words", " two words\r\n"]) {
    const realtime = createRealtime({ ...env, ACCESS_TOKEN });
    assert.equal((await realtime.broadcast("x", {}, ORG)).ok, true);
  }
  const sent = requests.map(({ headers }) => headers.authorization);
  assert.deepEqual(sent, ["Bearer two words", "Bearer two words"]);
});

test("what a failure says of itself is repeated without the secret", async () => {
  const { createRealtime } = await loadHelper();
  const ACCESS_TOKEN = "s3cret$&";
  const onError = () => undefined;
  const failures = [
    ({ headers }) => {
      throw new Error(
        `fetch: ${headers.Authorization} ${headers.Authorization}`,
      );
    },
    async ({ headers }) => {
      throw new Error("fetch", { cause: new Error(headers.Authorization) });
    },
    async ({ headers: { Authorization: message } }) =>
      Response.json({ message }, { status: 400 }),
    async ({ headers: { Authorization: message } }) =>
      Response.json({ message }, { status: 500 }),
  ];
  for (const fail of failures) {
    const REALTIME = { fetch: (_, request) => fail(request) };
    const realtime = createRealtime({ REALTIME, ACCESS_TOKEN }, { onError });
    const { error } = await realtime.broadcast("x", {}, ORG);
    assert.match(error.message, /Bearer \[ACCESS_TOKEN\]/);
    assert.ok(!error.message.includes(ACCESS_TOKEN), error.message);
  }
});
