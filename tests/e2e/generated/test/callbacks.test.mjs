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

test("a listener hears nothing after it was ended, not even by another", async (t) => {
  const server = await startServer(t);
  const started = startClient(t, server.url);
  const heard = [];
  const { client } = started;
  client.on("claims", "INSERT", ({ id }) => {
    heard.push(["first", id]);
    end();
  });
  const end = client.on("claims", "INSERT", ({ id }) => {
    heard.push(["ended", id]);
  });
  client.on("claims", "INSERT", ({ id }) => heard.push(["last", id]));
  await connected(started);
  server.sockets[0].send(insert("1"));
  await until("heard", () => heard.length > 1);
  assert.deepEqual(heard, [
    ["first", "1"],
    ["last", "1"],
  ]);
});

test("a listener that another one registers hears of the next event first", async (t) => {
  const server = await startServer(t);
  const started = startClient(t, server.url);
  const heard = [];
  const { client } = started;
  const end = client.on("claims", "INSERT", ({ id }) => {
    heard.push(["first", id]);
    end();
    client.on("claims", "INSERT", (record) => heard.push(["new", record.id]));
  });
  client.on("claims", "INSERT", ({ id }) => heard.push(["last", id]));
  await connected(started);
  server.sockets[0].send(insert("1"));
  server.sockets[0].send(insert("2"));
  await until("heard", () => heard.length > 3);
  assert.deepEqual(heard, [
    ["first", "1"],
    ["last", "1"],
    ["last", "2"],
    ["new", "2"],
  ]);
});

for (const again of [false, true]) {
  test(`no listener hears what came before the application closed it${again ? ", and connected again" : ""}`, async (t) => {
    const server = await startServer(t);
    const started = startClient(t, server.url);
    const { client } = started;
    const heard = [];
    client.on("claims", "INSERT", ({ id }) => {
      heard.push(id);
      client.close();
      if (again) client.connect();
    });
    client.on("claims", "INSERT", () => heard.push("after that"));
    await connected(started);
    server.sockets[0].send(insert("1"));
    server.sockets[0].send(insert("2"));
    await until("heard", () => heard.length > 0);
    await sleep(50);
    assert.deepEqual(heard, ["1"]);
    assert.equal(client.status, again ? "connected" : "closed");
  });
}

const NO_TOKENS = {
  "is empty": () => "",
  "is none": () => undefined,
  throws: () => {
    throw new Error("token");
  },
  rejects: () => Promise.reject(new Error("token")),
};
for (const [what, token] of Object.entries(NO_TOKENS)) {
  test(`who closes it on hearing that the token ${what} hears no more`, async (t) => {
    const server = await startServer(t);
    const errors = [];
    const started = startClient(t, server.url, {
      token,
      onError: (error) => {
        errors.push(error);
        started.client.close();
      },
    });
    await until("closed", () => started.client.status === "closed");
    await sleep(100);
    assert.equal(errors.length, 1);
    assert.deepEqual(started.statuses(), ["connecting", "closed"]);
    assert.equal(started.client.status, "closed");
    assert.equal(server.sockets.length, 0);
  });

  test(`who closes and connects on hearing that the token ${what} is not stopped`, async (t) => {
    const server = await startServer(t);
    const tokens = [token];
    const started = startClient(t, server.url, {
      token: () => (tokens.pop() ?? (() => "token"))(),
      onError: () => {
        started.client.close();
        started.client.connect();
      },
    });
    await connected(started);
    assert.deepEqual(started.statuses(), [
      "connecting",
      "closed",
      "connecting",
      "connected",
    ]);
    assert.equal(server.sockets.length, 1);
  });
}

for (const [what, wrong] of Object.entries({
  address: { url: "nonsense" },
  organization: { organizationId: "" },
})) {
  test(`who closes and connects on hearing of a wrong ${what} is not stopped`, async (t) => {
    const server = await startServer(t);
    const options = { url: server.url, organizationId: "org 1", ...wrong };
    const client = createRealtimeClient({
      get url() {
        return options.url;
      },
      get organizationId() {
        return options.organizationId;
      },
      token: () => "token",
      WebSocket,
      onError: () => {
        client.close();
        Object.assign(options, { url: server.url, organizationId: "org 1" });
        client.connect();
      },
    });
    t.after(() => client.close());
    await connected({ client });
    assert.equal(server.sockets.length, 1);
  });
}
