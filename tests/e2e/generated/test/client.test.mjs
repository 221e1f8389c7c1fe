// The client against a server of sockets that does what the worker does, and worse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  accept,
  connected,
  insert,
  startClient,
  startServer,
  TIMING,
  until,
} from "./sockets.mjs";

test("it connects, authenticates and hears what it listens for", async (t) => {
  const server = await startServer(t);
  const started = startClient(t, server.url);
  const heard = [];
  const { client } = started;
  client.on("claims", "INSERT", (...values) => heard.push(["in", ...values]));
  client.on("claims", "UPDATE", (...values) => heard.push(["up", ...values]));
  client.on("claims", "DELETE", (...values) => heard.push(["de", ...values]));
  client.on("presence:joined", (...values) => heard.push(["pj", ...values]));
  await connected(started);
  assert.deepEqual(server.urls, [
    "/realtime/v1/websocket?organizationId=org%201",
  ]);
  assert.deepEqual(server.messages, [
    '{"type":"auth","token":"token","organizationId":"org 1","flow":true}',
  ]);
  const change = (eventType, now, old) =>
    JSON.stringify({
      type: "postgres_changes",
      table: "claims",
      eventType,
      new: now,
      old,
    });
  const [socket] = server.sockets;
  socket.send(insert("1"));
  socket.send(change("UPDATE", { id: "2" }, { id: "1" }));
  socket.send(change("DELETE", null, { id: "2" }));
  socket.send(
    '{"type":"broadcast","event":"presence:joined","payload":{"a":1}}',
  );
  socket.send('{"type":"broadcast","event":"presence:left","payload":{}}');
  socket.send('{"type":"broadcast","event":"__proto__","payload":{}}');
  await until("all heard", () => heard.length === 4);
  assert.deepEqual(heard, [
    ["in", { id: "1" }],
    ["up", { id: "2" }, { id: "1" }],
    ["de", { id: "2" }],
    ["pj", { a: 1 }],
  ]);
  assert.deepEqual(started.statuses(), ["connecting", "connected"]);
  assert.deepEqual(started.errors, []);
});

test("it comes back with a new token, and says so", async (t) => {
  const server = await startServer(t);
  let tokens = 0;
  const token = async () => `token ${(tokens += 1)}`;
  const started = startClient(t, server.url, { token });
  const heard = [];
  started.client.on("claims", "INSERT", ({ id }) => heard.push(id));
  await connected(started);
  server.sockets[0].terminate();
  await until("reconnected", () => started.reconnects() === 1);
  server.sockets[1].send(insert("1"));
  await until("heard", () => heard.length === 1);
  assert.deepEqual(
    server.messages.map((text) => JSON.parse(text).token),
    ["token 1", "token 2"],
  );
  assert.deepEqual(started.statuses(), [
    "connecting",
    "connected",
    "waiting",
    "connecting",
    "connected",
  ]);
  assert.equal(started.said[2].code, 1006);
  assert.ok(started.said[2].retryInMs <= TIMING.firstRetry);
});

test("it waits longer each time, up to a limit, and never in step", async (t) => {
  const server = await startServer(t, (socket) =>
    socket.close(1013, "unavailable"),
  );
  const random = t.mock.method(Math, "random", () => 1);
  const started = startClient(t, server.url, {
    timing: { firstRetry: 10, lastRetry: 35 },
  });
  await until("four waits", () => started.waits().length === 4);
  random.mock.mockImplementation(() => 0.5);
  await until("five waits", () => started.waits().length === 5);
  assert.deepEqual(
    started
      .waits()
      .slice(0, 5)
      .map(({ retryInMs }) => retryInMs),
    [10, 20, 35, 35, 18],
  );
  assert.equal(started.waits()[0].code, 1013);
  assert.equal(started.waits()[0].reason, "unavailable");
});

test("a connection that held starts the waits anew", async (t) => {
  const server = await startServer(t);
  t.mock.method(Math, "random", () => 1);
  const started = startClient(t, server.url, { timing: { stable: 30 } });
  for (const nth of [0, 1]) {
    await until("connected", () => server.messages.length === nth + 1);
    await connected(started);
    await sleep(60);
    server.sockets[nth].close(1012);
    await until("lost", () => started.waits().length === nth + 1);
  }
  assert.deepEqual(
    started.waits().map(({ retryInMs }) => retryInMs),
    [20, 20],
  );
});

test("a connection that was lost before it held does not start the waits anew", async (t) => {
  t.mock.method(Math, "random", () => 1);
  const server = await startServer(t, (socket, text, nth) =>
    nth === 1 ? accept(socket, text) : socket.close(1013),
  );
  const started = startClient(t, server.url, {
    timing: { stable: 250, lastRetry: 320 },
  });
  await connected(started);
  server.sockets[0].terminate();
  await until("five waits", () => started.waits().length === 5);
  assert.deepEqual(
    started.waits().map(({ retryInMs }) => retryInMs),
    [20, 40, 80, 160, 320],
  );
});

for (const code of [4400, 4403, 4413]) {
  test(`${code} is final`, async (t) => {
    const server = await startServer(t, (socket) => socket.close(code, "no"));
    const { client, said } = startClient(t, server.url);
    await until("closed", () => client.status === "closed");
    await sleep(100);
    assert.equal(server.sockets.length, 1);
    assert.deepEqual(said.at(-1), {
      status: "closed",
      code,
      reason: "no",
      retryInMs: null,
    });
  });
}

for (const code of [1000, 1001, 1012, 4408, 4429]) {
  test(`${code} is tried again`, async (t) => {
    const handle = (socket, text, nth) =>
      nth < 3 ? socket.close(code) : accept(socket, text);
    const server = await startServer(t, handle);
    await connected(startClient(t, server.url));
    assert.equal(server.sockets.length, 3);
  });
}

test("who connects again does not wait for what failed before", async (t) => {
  t.mock.method(Math, "random", () => 1);
  const server = await startServer(t, (socket) => socket.close(1013));
  const started = startClient(t, server.url);
  const waited = () => started.waits().map(({ retryInMs }) => retryInMs);
  await until("two waits", () => started.waits().length === 2);
  started.client.close();
  started.client.connect();
  await until("three waits", () => started.waits().length === 3);
  assert.deepEqual(waited(), [20, 40, 20]);
});

test("a silent connection is left", async (t) => {
  const handle = (socket, text, nth) => {
    if (nth > 1 || text !== "ping") accept(socket, text);
  };
  const server = await startServer(t, handle);
  const started = startClient(t, server.url, {
    timing: { ping: 40, pong: 200 },
  });
  await until("reconnected", () => started.reconnects() === 1);
  assert.equal(started.said[2].reason, "The connection went silent.");
  const before = server.messages.length;
  await until("pings are answered", () => server.messages.length > before + 3);
  assert.equal(started.client.status, "connected");
  assert.equal(server.sockets.length, 2);
});

test("a worker that does not authenticate is left in time", async (t) => {
  const server = await startServer(t, () => undefined);
  const started = startClient(t, server.url, { timing: { connect: 50 } });
  await until("tried twice", () => server.sockets.length >= 2);
  assert.equal(started.said[1].status, "waiting");
});

test("a token that cannot be had is asked for again", async (t) => {
  const server = await startServer(t);
  const failures = [
    () => {
      throw new Error("at once");
    },
    () => Promise.reject(new Error("later")),
    () => new Promise(() => undefined),
  ];
  const token = () => (failures.shift() ?? (() => "token"))();
  const started = startClient(t, server.url, {
    token,
    timing: { connect: 300 },
  });
  await connected(started);
  assert.deepEqual(started.errors.map(String), [
    "Error: at once",
    "Error: later",
  ]);
  assert.equal(server.sockets.length, 1);
});

test("events are acknowledged by number and by size", async (t) => {
  const server = await startServer(t);
  const started = startClient(t, server.url);
  await connected(started);
  const acks = () => server.messages.slice(1);
  for (let id = 0; id < 130; id += 1) server.sockets[0].send(insert(id));
  await until("two acknowledgements", () => acks().length === 2);
  const large = insert("large", { text: "x".repeat(300_000) });
  server.sockets[0].send(large);
  await until("three acknowledgements", () => acks().length === 3);
  assert.deepEqual(acks(), [
    '{"type":"ack","count":64}',
    '{"type":"ack","count":64}',
    '{"type":"ack","count":3}',
  ]);
});

for (const [how, leave] of Object.entries({
  lost: ({ socket }) => socket.terminate(),
  closed: ({ client }) => {
    client.close();
    client.connect();
  },
})) {
  test(`what arrived over a socket that is ${how} is not acknowledged over another`, async (t) => {
    const server = await startServer(t);
    const started = startClient(t, server.url);
    const { client } = started;
    const heard = [];
    client.on("claims", "INSERT", ({ id }) => {
      heard.push(id);
      if (id === 9) leave({ client, socket: server.sockets[0] });
    });
    await connected(started);
    for (let id = 0; id < 10; id += 1) server.sockets[0].send(insert(id));
    await until("connected anew", () => server.messages.length === 2);
    await connected(started);
    for (let id = 10; id < 73; id += 1) server.sockets[1].send(insert(id));
    await until("heard", () => heard.length === 73);
    await sleep(20);
    assert.equal(server.messages.length, 2);
    server.sockets[1].send(insert(73));
    await until("acknowledged", () => server.messages.length === 3);
    assert.equal(server.messages[2], '{"type":"ack","count":64}');
  });
}

test("an organization that is none ends it before a token is asked for", async (t) => {
  const server = await startServer(t);
  let asked = 0;
  for (const organizationId of ["", undefined, null, 7]) {
    const started = startClient(t, server.url, {
      organizationId,
      token: () => `token ${(asked += 1)}`,
    });
    assert.equal(started.client.status, "connecting");
    await until("closed", () => started.client.status === "closed");
    assert.deepEqual(started.statuses(), ["closed"]);
    assert.equal(started.said[0].reason, "There is no organization.");
    assert.match(String(started.errors), /^Error: `organizationId` /);
  }
  await sleep(100);
  assert.deepEqual([asked, server.sockets.length], [0, 0]);
});

test("an organization whose id is too long is said once, and nothing is tried", async (t) => {
  const server = await startServer(t);
  let asked = 0;
  const start = (organizationId) =>
    startClient(t, server.url, {
      organizationId,
      token: () => `token ${(asked += 1)}`,
    });
  // By bytes, of which the worker needs three for a `%` or a `#`.
  for (const organizationId of [
    "x".repeat(1_021),
    "é".repeat(511),
    "日".repeat(341),
    "😀".repeat(256),
    "#".repeat(341),
    "%".repeat(341),
    "x".repeat(10_000_000),
  ]) {
    const started = start(organizationId);
    await until("closed", () => started.client.status === "closed");
    assert.deepEqual(started.statuses(), ["closed"]);
    assert.equal(started.errors.length, 1);
    assert.match(
      String(started.errors),
      /^Error: `organizationId` takes more than 1020 bytes/,
    );
  }
  await sleep(100);
  assert.deepEqual([asked, server.sockets.length], [0, 0]);
  for (const organizationId of [
    "x".repeat(1_020),
    "é".repeat(510),
    "日".repeat(340),
    "😀".repeat(255),
    "#".repeat(340),
    "%".repeat(340),
  ]) {
    await connected(start(organizationId));
  }
});

test("what is no event is not heard, not acknowledged, and harmless", async (t) => {
  const server = await startServer(t);
  const started = startClient(t, server.url);
  started.client.on("claims", "INSERT", () => assert.fail());
  await connected(started);
  const [socket] = server.sockets;
  for (const text of ["", "{", "null", "1", "[]", '"x"', "{}", "pong"])
    socket.send(text);
  socket.send(Buffer.from(insert("binary")));
  socket.send(
    '{"type":"postgres_changes","table":"claims","eventType":"UPSERT"}',
  );
  socket.send('{"type":"error","reason":"bad_message"}');
  socket.send('{"type":"auth_success"}');
  await until("errors", () => started.errors.length === 3);
  await sleep(30);
  assert.deepEqual(started.statuses(), ["connecting", "connected"]);
  assert.equal(server.messages.length, 1);
});

test("a runtime without sockets, and an address that is none, end it", async (t) => {
  const own = Object.getOwnPropertyDescriptor(globalThis, "WebSocket");
  Object.defineProperty(globalThis, "WebSocket", {
    value: undefined,
    configurable: true,
  });
  t.after(() => {
    delete globalThis.WebSocket;
    if (own) Object.defineProperty(globalThis, "WebSocket", own);
  });
  for (const [url, options] of [
    ["http://127.0.0.1:1", { WebSocket: undefined }],
    ["nonsense", {}],
  ]) {
    const started = startClient(t, url, options);
    await until("closed", () => started.client.status === "closed");
    assert.equal(started.errors.length, 1);
  }
});

test("addresses of every form", async (t) => {
  const server = await startServer(t);
  const bare = server.url.replace("http://", "");
  for (const url of [
    `ws://${bare}`,
    `HTTP://${bare}/`,
    ` ${server.url}/\n`,
    `${server.url}/realtime/v1/websocket`,
    `${server.url}/under/here?x=1`,
  ]) {
    await connected(startClient(t, url));
  }
  const own = "organizationId=org%201";
  assert.deepEqual(server.urls, [
    `/realtime/v1/websocket?${own}`,
    `/realtime/v1/websocket?${own}`,
    `/realtime/v1/websocket?${own}`,
    `/realtime/v1/websocket?${own}`,
    `/under/here?x=1&${own}`,
  ]);
});
