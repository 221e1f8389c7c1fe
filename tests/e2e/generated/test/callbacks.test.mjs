// What the client does with what the application gave it: listeners, callbacks, tokens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { createRealtimeClient } from "../.out/js/realtime-client.mjs";
import {
  connected,
  insert,
  startClient,
  startServer,
  until,
} from "./sockets.mjs";

test("a listener ends by itself, and one that fails stops no other", async (t) => {
  const server = await startServer(t);
  const started = startClient(t, server.url);
  const heard = [];
  const listener = (record) => heard.push(record.id);
  const end = started.client.on("claims", "INSERT", listener);
  started.client.on("claims", "INSERT", () => {
    throw new Error("listener");
  });
  started.client.on("claims", "INSERT", listener);
  await connected(started);
  server.sockets[0].send(insert("1"));
  await until("both heard it", () => heard.length === 2);
  end();
  end();
  server.sockets[0].send(insert("2"));
  await until("one heard it", () => heard.length === 3);
  assert.deepEqual(heard, ["1", "1", "2"]);
  assert.deepEqual(started.errors.map(String), [
    "Error: listener",
    "Error: listener",
  ]);
});

test("callbacks that throw end nothing", async (t) => {
  const server = await startServer(t);
  const fail = () => {
    throw new Error("callback");
  };
  const started = startClient(t, server.url, {
    onStatus: fail,
    onReconnect: fail,
  });
  await connected(started);
  server.sockets[0].terminate();
  await until("twice", () => server.messages.length === 2);
  await connected(started);
  assert.equal(started.errors.length, 6);
});

test("callbacks that fail later end nothing either, the process least of all", async (t) => {
  const server = await startServer(t);
  const fail = async () => {
    await sleep(1);
    throw new Error("later");
  };
  const errors = [];
  const started = startClient(t, server.url, {
    onStatus: fail,
    onReconnect: fail,
    onError: (error) => {
      errors.push(String(error));
      return fail();
    },
  });
  const heard = [];
  started.client.on("claims", "INSERT", fail);
  started.client.on("claims", "INSERT", async ({ id }) => heard.push(id));
  await connected(started);
  server.sockets[0].send(insert("1"));
  await until("heard", () => heard.length === 1);
  server.sockets[0].terminate();
  await until("back", () => server.messages.length === 2);
  await connected(started);
  // Connecting and connected twice, the wait between, the listener and `onReconnect`.
  await until("all told", () => errors.length === 7);
  assert.deepEqual(new Set(errors), new Set(["Error: later"]));
  await sleep(20);
});

test("callbacks may ask the client from the first on", async (t) => {
  const server = await startServer(t);
  const seen = [];
  const client = createRealtimeClient({
    url: server.url,
    organizationId: "org 1",
    token: () => {
      seen.push(["token", client.status]);
      return "token";
    },
    WebSocket,
    onStatus: (status) => seen.push([status, client.status]),
  });
  t.after(() => client.close());
  assert.equal(client.status, "connecting");
  await until("connected", () => client.status === "connected");
  assert.deepEqual(seen, [
    ["connecting", "connecting"],
    ["token", "connecting"],
    ["connected", "connected"],
  ]);
});

test("who closes at once hears of nothing else", async (t) => {
  const server = await startServer(t);
  const started = startClient(t, server.url);
  started.client.close();
  await sleep(50);
  assert.deepEqual(started.statuses(), ["closed"]);
  started.client.connect();
  await connected(started);
  assert.equal(server.sockets.length, 1);
});

test("no token is said to be none, and the connection is tried again", async (t) => {
  const server = await startServer(t);
  const tokens = [undefined, null, "", "token"];
  const started = startClient(t, server.url, { token: () => tokens.shift() });
  await connected(started);
  assert.deepEqual(
    started.waits().map(({ reason }) => reason),
    Array(3).fill("There was no token."),
  );
  assert.deepEqual(
    started.errors.map(String),
    Array(3).fill("Error: The callback `token` gave none."),
  );
  assert.equal(server.sockets.length, 1);
});

test("a listener that was ended may be registered again", async (t) => {
  const server = await startServer(t);
  const started = startClient(t, server.url);
  await connected(started);
  const heard = [];
  const first = started.client.on("room:said", () => heard.push("first"));
  first();
  const second = started.client.on("room:said", () => heard.push("second"));
  // What ended before the second was there ends nothing of it.
  first();
  const event = JSON.stringify({
    type: "broadcast",
    event: "room:said",
    payload: {},
  });
  server.sockets[0].send(event);
  await until("heard", () => heard.length > 0);
  second();
  server.sockets[0].send(event);
  await sleep(50);
  assert.deepEqual(heard, ["second"]);
});
