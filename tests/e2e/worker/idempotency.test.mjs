// Idempotency keys: an event is delivered at most once under one key.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { custom, sleep, startWorker, unique } from "./harness.mjs";

let worker;
before(async () => {
  worker = await startWorker({ IDEMPOTENCY_S: 3 });
});
after(() => worker.stop());

for (const [where, query] of [["an organization's own holder", undefined], ["a lobby", ""]]) {
  test(`a key delivers once, in ${where}`, async () => {
    const orgId = unique("org");
    const client = await worker.join({ orgId }, { query });
    const event = custom("e", 1, { organizationId: orgId });
    const key = unique("key");
    const first = await worker.broadcast(event, { key });
    assert.equal(first.delivered, 1);
    const later = await worker.join({ orgId, sub: "later" }, { query });
    assert.equal((await worker.broadcast(event, { key })).text, first.text, "the stored answer");
    assert.equal((await client.drain()).length, 1);
    assert.deepEqual(await later.drain(), []);

    const other = await worker.broadcast(custom("e", 2, { organizationId: orgId }), { key });
    assert.deepEqual([other.status, other.error], [409, "idempotency_conflict"]);
    const elsewhere = await worker.broadcast(custom("e", 1, { organizationId: unique("org") }), { key });
    assert.equal(elsewhere.status, 200, "keys are the organization's own");

    await sleep(3_200);
    assert.equal((await worker.broadcast(event, { key })).delivered, 2, "a key is forgotten in time");
  });

  test(`retries that race each other deliver once, in ${where}`, async () => {
    const orgId = unique("org");
    const clients = await Promise.all(Array.from({ length: 5 }, (_, n) => worker.join({ orgId, sub: `u${n}` }, { query })));
    const event = custom("e", 1, { organizationId: orgId });
    const key = unique("key");
    const answers = await Promise.all(Array.from({ length: 20 }, () => worker.broadcast(event, { key })));
    assert.ok(answers.every((answer) => answer.status === 200 && answer.text === answers[0].text), answers[0].text);
    assert.equal(answers[0].delivered, 5);
    for (const client of clients) assert.equal((await client.drain()).length, 1);
  });
}

test("a retry that is on its way when the key is forgotten delivers nothing twice", async () => {
  const mine = await startWorker({ IDEMPOTENCY_S: 5, LOBBIES: 1 }, { faults: true });
  try {
    const client = await mine.join({}, { query: "" });
    const event = custom("e", 1);
    // What the lobby answers comes too late, so that the retry asks it again.
    await mine.fault("lobby:0", { path: "/deliver", lateMs: 3_000 });
    const start = Date.now();
    const first = await mine.broadcast(event, { key: "k" });
    assert.deepEqual([first.delivered, first.partial], [0, true]);
    await mine.fault("lobby:0", { path: "/deliver", slowMs: 1_500 });
    await sleep(start + 4_300 - Date.now());
    const retry = await mine.broadcast(event, { key: "k" });
    assert.deepEqual([retry.delivered, retry.partial], [1, undefined]);
    assert.ok(Date.now() - start > 5_000, "the lobby was asked when the key was as old as it may be");
    assert.equal((await client.drain()).length, 1);
    // It is forgotten now, also where it is kept longer for such a retry.
    assert.equal((await mine.broadcast(custom("e", 2), { key: "k" })).delivered, 1);
    assert.match((await client.drain()).join(), /^[^,]*,[^,]*,"payload":2}$/);
  } finally {
    await mine.stop();
  }
});

test("a key outlives the worker", async () => {
  const mine = await startWorker();
  try {
    const event = custom("e", 1);
    await mine.join({ sub: "gone" });
    assert.equal((await mine.broadcast(event, { key: "k" })).delivered, 1);
    await mine.kill();
    await mine.start();
    const client = await mine.join({});
    assert.equal((await mine.broadcast(event, { key: "k" })).delivered, 1);
    assert.deepEqual(await client.drain(), []);
  } finally {
    await mine.stop();
  }
});
