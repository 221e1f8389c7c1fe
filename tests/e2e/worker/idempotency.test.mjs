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
