// The times that an application may set: none of them makes a client busy, or mute.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  accept,
  connected,
  insert,
  startClient,
  startServer,
  until,
} from "./sockets.mjs";

const UNUSABLE = [undefined, null, Number.NaN, 0, -1, -Infinity, "soon"];

test("a wait that is none is the usual one", async (t) => {
  t.mock.method(Math, "random", () => 1);
  for (const firstRetry of UNUSABLE) {
    const server = await startServer(t, (socket) => socket.close(1013));
    const started = startClient(t, server.url, {
      timing: { firstRetry, lastRetry: undefined },
    });
    await until("waiting", () => started.client.status === "waiting");
    assert.equal(started.waits()[0].retryInMs, 1000, String(firstRetry));
    started.client.close();
  }
});

test("the longest wait is no longer than a timer can be", async (t) => {
  t.mock.method(Math, "random", () => 1);
  const server = await startServer(t, (socket) => socket.close(1013));
  const started = startClient(t, server.url, {
    timing: { firstRetry: Infinity, lastRetry: Infinity },
  });
  await until("waiting", () => started.client.status === "waiting");
  assert.equal(started.waits()[0].retryInMs, 2 ** 31 - 1);
  await sleep(50);
  assert.equal(server.sockets.length, 1);
});

test("neither a time that is none nor an endless one hurries anything", async (t) => {
  for (const time of [...UNUSABLE, Infinity, 2 ** 31, 1e300]) {
    const server = await startServer(t, (socket, text) => {
      if (text === "ping") return;
      // Too late for a timer that fires at once.
      setTimeout(() => socket.send('{"type":"auth_success"}'), 20);
    });
    const started = startClient(t, server.url, {
      timing: { connect: time, ping: time, pong: time, stable: time },
    });
    await connected(started);
    await sleep(30);
    assert.equal(server.messages.length, 1, String(time));
    assert.deepEqual(started.statuses(), ["connecting", "connected"]);
    started.client.close();
  }
});

test("an endless time to answer is not one that is over", async (t) => {
  const server = await startServer(t, (socket, text) => {
    if (text !== "ping") socket.send('{"type":"auth_success"}');
  });
  const started = startClient(t, server.url, {
    timing: { ping: 10, pong: Infinity },
  });
  await until("a ping", () => server.messages.includes("ping"));
  await sleep(50);
  assert.deepEqual(started.statuses(), ["connecting", "connected"]);
});

test("events are no reason not to ping: the worker counts what it hears", async (t) => {
  const server = await startServer(t);
  const started = startClient(t, server.url, {
    timing: { ping: 100, pong: 5_000 },
  });
  await connected(started);
  const pings = () => server.messages.filter((text) => text === "ping").length;
  for (let nth = 0; nth < 80; nth += 1) {
    server.sockets[0].send(insert(nth));
    await sleep(10);
  }
  assert.ok(pings() >= 3, `${pings()} pings in 800 ms`);
  assert.deepEqual(started.statuses(), ["connecting", "connected"]);
});

test("an event answers a ping as well as a pong", async (t) => {
  const server = await startServer(t, (socket, text) =>
    text === "ping" ? socket.send(insert("late")) : accept(socket, text),
  );
  const started = startClient(t, server.url, {
    timing: { ping: 100, pong: 1_000 },
  });
  await connected(started);
  await sleep(1_300);
  const pings = server.messages.filter((text) => text === "ping").length;
  assert.ok(pings >= 2, `${pings} pings in 1300 ms`);
  assert.deepEqual(started.statuses(), ["connecting", "connected"]);
});
