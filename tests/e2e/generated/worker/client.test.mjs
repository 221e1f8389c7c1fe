// The generated client against the real worker.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import {
  custom,
  nowS,
  sleep,
  startWorker,
  token,
} from "../../worker/harness.mjs";
import { startApi } from "./launch.mjs";

const { WebSocket } = createRequire(
  new URL("../../worker/harness.mjs", import.meta.url),
)("ws");
const { createRealtimeClient } = await import(
  `${process.env.GENERATED_JS}/realtime-client.mjs`
);

async function until(what, condition) {
  for (let waited = 0; waited < 20_000; waited += 10) {
    if (condition()) return;
    await sleep(10);
  }
  assert.fail(`never: ${what}`);
}

function connect(t, worker, options = {}) {
  const said = [];
  let reconnects = 0;
  const client = createRealtimeClient({
    url: worker.url,
    organizationId: "org_1",
    token: () => token({ sub: "ann", role: "reporter" }),
    WebSocket,
    onStatus: (status, { code }) => said.push([status, code]),
    onReconnect: () => (reconnects += 1),
    ...options,
    timing: { firstRetry: 100, lastRetry: 300, ...options.timing },
  });
  t.after(() => client.close());
  return { client, said, reconnects: () => reconnects };
}

test("it hears, acknowledges hundreds of events, and comes back after a restart", async (t) => {
  const worker = await startWorker();
  t.after(() => worker.stop());
  const api = await startApi(t, worker.url);
  const { client, reconnects } = connect(t, worker);
  const heard = [];
  client.on("stories", "INSERT", (record) => heard.push(record.id));
  client.on("desk:joined", (payload) => heard.push(payload.userId));
  await until("connected", () => client.status === "connected");
  assert.deepEqual(await api("desk.joined", { userId: "bob" }, "org_1"), {
    ok: true,
    delivered: 1,
  });
  // More than may be left unacknowledged.
  for (let id = 0; id < 300; id += 1) {
    assert.equal(
      (await api("insert", "stories", { id }, "org_1")).delivered,
      1,
    );
  }
  await until("all heard", () => heard.length === 301);
  assert.equal(heard[300], 299);

  await worker.kill();
  await until("lost", () => client.status !== "connected");
  await worker.start();
  await until("reconnected", () => reconnects() === 1);
  assert.equal(
    (await api("insert", "stories", { id: "after" }, "org_1")).delivered,
    1,
  );
  await until("heard", () => heard.at(-1) === "after");
});

test("pings are answered without waking anything", async (t) => {
  const worker = await startWorker({}, { faults: true });
  t.after(() => worker.stop());
  const { client, said } = connect(t, worker, {
    timing: { ping: 500, pong: 2_000 },
  });
  await until("connected", () => client.status === "connected");
  // The runtime evicts an object that nothing has woken for ten seconds.
  await sleep(14_000);
  assert.equal(client.status, "connected");
  assert.equal(said.length, 2);
  assert.equal((await worker.made())["org:org_1"], 1);
  assert.equal((await worker.broadcast(custom("e", {}))).delivered, 1);
  assert.equal((await worker.made())["org:org_1"], 2);
});

test("who hears events all the while is not idle", async (t) => {
  const worker = await startWorker({ IDLE_TIMEOUT_S: 6 });
  t.after(() => worker.stop());
  const { client, said } = connect(t, worker, { timing: { ping: 1_500 } });
  let heard = 0;
  client.on("e", () => (heard += 1));
  await until("connected", () => client.status === "connected");
  for (let n = 0; n < 30; n += 1) {
    await worker.broadcast(custom("e", {}));
    await sleep(500);
  }
  await until("all heard", () => heard === 30);
  assert.deepEqual(said, [
    ["connecting", null],
    ["connected", null],
  ]);
});

test("who is revoked comes back with a new token, at whatever moment of a second", async (t) => {
  const worker = await startWorker();
  t.after(() => worker.stop());
  const clients = Array.from({ length: 20 }, (_, n) => {
    let asked = 0;
    const fresh = () => {
      asked += 1;
      // The clock of whoever issues the half of the tokens is a second behind.
      const iat = asked === 1 ? nowS() - 60 : nowS() - (n % 2);
      return token({ sub: `user_${n}`, iat });
    };
    return connect(t, worker, { token: fresh });
  });
  await Promise.all(
    clients.map(async (started, n) => {
      await until("connected", () => started.client.status === "connected");
      await sleep(n * 97);
      const answer = await worker.broadcast(
        custom("auth:token-invalidated", {}, { userId: `user_${n}` }),
      );
      assert.equal(answer.delivered, 1);
      await until("ended", () => started.said.length > 2);
      const { client } = started;
      await until("settled", () =>
        ["connected", "closed"].includes(client.status),
      );
    }),
  );
  assert.deepEqual(
    clients.map(({ client }) => client.status),
    clients.map(() => "connected"),
  );
});

test("a wrong organization is final, a refused token after a second one", async (t) => {
  const worker = await startWorker();
  t.after(() => worker.stop());
  const elsewhere = connect(t, worker, {
    token: () => token({ orgId: "org_2" }),
  });
  await until("closed", () => elsewhere.client.status === "closed");
  assert.deepEqual(elsewhere.said.at(-1), ["closed", 4403]);
  let asked = 0;
  const forged = () => token({}, { secret: `another ${(asked += 1)}` });
  const refused = connect(t, worker, { token: forged });
  await until("closed", () => refused.client.status === "closed");
  assert.deepEqual(refused.said.at(-1), ["closed", 4401]);
  assert.equal(asked, 2);
});
