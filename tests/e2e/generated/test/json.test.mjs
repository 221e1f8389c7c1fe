// What becomes of JavaScript's values on their way to JSON.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DELIVERED, loadHelper, startWorker } from "./support.mjs";

async function sent(t, payload) {
  const { env, requests } = await startWorker(t, [DELIVERED]);
  const { createRealtime } = await loadHelper();
  const realtime = createRealtime(env, { onError: () => undefined });
  const result = await realtime.broadcast("x", payload, "org_1");
  const text = requests[0]?.text.match(
    /"payload":(.*),"organizationId"/su,
  )?.[1];
  return { result, text };
}

test("values keep their meaning", async (t) => {
  class Money {
    amount = 5;
    toJSON() {
      return { cents: this.amount * 100 };
    }
  }
  class Row {
    #hidden = 1;
    id = this.#hidden;
    method() {}
  }
  const bare = Object.assign(Object.create(null), { a: 1 });
  const { text } = await sent(t, {
    date: new Date(0),
    big: 9007199254740993n,
    absent: undefined,
    list: [undefined, null, 1.5, -0, 1e21],
    bytes: new Uint8Array([1, 2, 255]),
    view: new DataView(new Uint8Array([9, 1, 2]).buffer, 1),
    buffer: new Uint8Array([1]).buffer,
    node: Buffer.from("hi"),
    money: new Money(),
    row: new Row(),
    url: new URL("https://example.com/"),
    bare,
    quote: 'é "\u2028 😀',
    lone: "a\ud800b\udc00",
  });
  assert.deepEqual(JSON.parse(text), {
    date: "1970-01-01T00:00:00.000Z",
    big: "9007199254740993",
    list: [null, null, 1.5, 0, 1e21],
    bytes: "AQL/",
    view: "AQI=",
    buffer: "AQ==",
    node: "aGk=",
    money: { cents: 500 },
    row: { id: 1 },
    url: "https://example.com/",
    bare: { a: 1 },
    quote: 'é "\u2028 😀',
    lone: "a\ufffdb\ufffd",
  });
  assert.doesNotMatch(text, /\\ud/);
});

test("an entry of a list that was never set is null", async (t) => {
  const list = [1];
  list[3] = [,];
  const { text } = await sent(t, { list, none: new Array(3) });
  assert.equal(text, JSON.stringify({ list, none: new Array(3) }));
  const far = [];
  far[1e8] = 1;
  const start = Date.now();
  const { result } = await sent(t, { far });
  assert.match(result.error.message, /too large/);
  const many = await sent(t, { far: new Array(3e7) });
  assert.match(many.result.error.message, /too large/);
  assert.ok(Date.now() - start < 10_000);
});

test("keys are only keys", async (t) => {
  const payload = JSON.parse('{"__proto__":{"a":1},"constructor":2,"😀":3}');
  const { text } = await sent(t, payload);
  assert.equal(text, '{"__proto__":{"a":1},"constructor":2,"😀":3}');
});

test("a record may say itself what it is", async (t) => {
  const { text } = await sent(t, { toJSON: () => ({ id: 1 }) });
  assert.equal(text, '{"id":1}');
});

test("large values pass", async (t) => {
  const bytes = new Uint8Array(1_000_000).fill(7);
  const { text } = await sent(t, { bytes, text: "x".repeat(1_000_000) });
  assert.equal(JSON.parse(text).bytes, Buffer.from(bytes).toString("base64"));
});

test("a large value passes however deep it is", async (t) => {
  const nest = (value, levels) =>
    Array.from({ length: levels }).reduce((inner) => ({ inner }), value);
  const payload = nest("x".repeat(1_000_000), 34);
  const { text } = await sent(t, payload);
  assert.equal(text, JSON.stringify(payload));
  const list = nest([["x".repeat(500_000), undefined], { a: undefined }], 50);
  assert.equal((await sent(t, list)).text, JSON.stringify(list));
  const many = Array.from({ length: 34 }).fill("x".repeat(1_000_000));
  const { result } = await sent(t, nest({ many }, 50));
  assert.match(result.error.message, /too large/);
});

test("what JSON cannot hold is an error that says where", async (t) => {
  const circle = { in: {} };
  circle.in.circle = circle;
  const shared = Array.from({ length: 50 }).reduce((all) => [all, all], "x");
  const cases = [
    [{ a: { b: [NaN] } }, "The payload.a.b[0]"],
    [{ a: Infinity }, "The payload.a"],
    [{ a: () => 1 }, "function"],
    [{ a: Symbol("s") }, "symbol"],
    [{ a: new Map([[1, 2]]) }, "Map"],
    [{ a: new Set([1]) }, "Set"],
    [{ a: Promise.resolve(1) }, "Promise"],
    [{ a: new Date(NaN) }, "date"],
    [{ a: circle }, "deep"],
    [{ a: shared }, "large"],
    [
      {
        get a() {
          throw new Error("no column");
        },
      },
      "no column",
    ],
  ];
  for (const [payload, why] of cases) {
    const { result, text } = await sent(t, payload);
    assert.equal(result.ok, false, why);
    assert.equal(result.error.code, "unserializable", why);
    assert.ok(result.error.message.includes(why), result.error.message);
    assert.equal(text, undefined);
  }
});
