// The client in a page, which is hidden and shown, and whose network goes and comes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  accept,
  connected,
  startClient,
  startServer,
  until,
} from "./sockets.mjs";

/** What somebody listens to, and who does. */
class Source extends EventTarget {
  listeners = new Set();
  addEventListener(type, listener) {
    this.listeners.add(listener);
    super.addEventListener(type, listener);
  }
  removeEventListener(type, listener) {
    this.listeners.delete(listener);
    super.removeEventListener(type, listener);
  }
}

// The client looks for a page when it is loaded.
const page = new Source();
const network = new Source();
page.visibilityState = "visible";
globalThis.document = page;
for (const name of ["addEventListener", "removeEventListener"]) {
  globalThis[name] = network[name].bind(network);
}
const { createRealtimeClient } =
  await import("../.out/js/realtime-client.mjs?page");

const shown = () => page.dispatchEvent(new Event("visibilitychange"));
const online = () => network.dispatchEvent(new Event("online"));
const start = (t, url, options) =>
  startClient(t, url, options, createRealtimeClient);

test("the page or the network that is back is used at once", async (t) => {
  const server = await startServer(t);
  t.mock.method(Math, "random", () => 1);
  const started = start(t, server.url, {
    timing: { firstRetry: 60_000, lastRetry: 60_000 },
  });
  const { client } = started;
  t.after(() => (page.visibilityState = "visible"));
  page.visibilityState = "hidden";
  await connected(started);
  server.sockets[0].terminate();
  await until("waiting", () => client.status === "waiting");
  shown();
  assert.equal(client.status, "waiting", "the page is hidden");
  page.visibilityState = "visible";
  online();
  await connected(started);
  shown();
  await until("a ping", () => server.messages.at(-1) === "ping");
  client.close();
  online();
  assert.equal(client.status, "closed");
});

test("who is closed listens to neither", async (t) => {
  const server = await startServer(t);
  const started = start(t, server.url);
  await connected(started);
  assert.deepEqual([page.listeners.size, network.listeners.size], [1, 1]);
  started.client.close();
  assert.deepEqual([page.listeners.size, network.listeners.size], [0, 0]);
  started.client.connect();
  await connected(started);
  assert.deepEqual([page.listeners.size, network.listeners.size], [1, 1]);
});

test("a dead connection is left in time, however often the page is shown", async (t) => {
  // Only the first connection is dead.
  const server = await startServer(t, (socket, text, nth) => {
    if (nth > 1 || text !== "ping") accept(socket, text);
  });
  const started = start(t, server.url, {
    timing: { ping: 60_000, pong: 300 },
  });
  await connected(started);
  for (let times = 0; started.waits().length === 0 && times < 100; times += 1) {
    shown();
    online();
    await sleep(20);
  }
  const [wait] = started.waits();
  assert.equal(wait?.reason, "The connection went silent.");
  const pings = () => server.messages.filter((text) => text === "ping");
  assert.equal(pings().length, 1);
  // The next one is asked anew, and again after it answered.
  await until("back", () => started.reconnects() === 1);
  for (const nth of [2, 3]) {
    shown();
    await until("a ping", () => pings().length === nth);
    await sleep(30);
  }
  assert.equal(started.client.status, "connected");
});

test("a page that is shown does not hurry a token that would be no newer", async (t) => {
  const server = await startServer(t, (socket, text, nth) =>
    nth === 1 ? socket.close(4409) : accept(socket, text),
  );
  t.mock.method(Math, "random", () => 1);
  const started = start(t, server.url, {
    timing: { firstRetry: 60_000, lastRetry: 60_000 },
  });
  await until("waiting", () => started.client.status === "waiting");
  const since = Date.now();
  for (let times = 0; times < 5; times += 1) {
    shown();
    online();
    await sleep(20);
  }
  assert.equal(started.client.status, "waiting");
  await connected(started);
  const waited = Date.now() - since;
  assert.ok(waited > 900 && waited < 5_000, `${waited} ms`);
});
