// The client that is closed: at any time, and nothing of it goes on.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import {
  connected,
  insert,
  startClient,
  startServer,
  until,
} from "./sockets.mjs";

test("close ends everything, at any time", async (t) => {
  const server = await startServer(t);
  const early = startClient(t, server.url);
  early.client.close();
  early.client.close();
  const late = startClient(t, server.url);
  await connected(late);
  late.client.close();
  await until("gone", () => server.server.clients.size === 0);
  const waiting = startClient(t, "http://127.0.0.1:1");
  await until("waiting", () => waiting.waits().length > 0);
  waiting.client.close();
  await sleep(100);
  assert.equal(server.sockets.length, 1);
  for (const { client, statuses } of [early, late, waiting]) {
    assert.equal(client.status, "closed");
    assert.equal(statuses().at(-1), "closed");
  }
});

test("who closes it when it begins to connect is asked for no token", async (t) => {
  const server = await startServer(t);
  let asked = 0;
  const { client, statuses, errors } = startClient(t, server.url, {
    onStatus: (status) => {
      if (status === "connecting") client.close();
    },
    token: () => `token ${(asked += 1)}`,
  });
  await until("closed", () => client.status === "closed");
  await sleep(50);
  assert.deepEqual([asked, server.sockets.length], [0, 0]);
  assert.deepEqual([statuses(), errors], [[], []]);
});

for (const [how, settle] of Object.entries({
  "arrives too late": ({ resolve }) => resolve("old"),
  "fails too late": ({ reject }) => reject(new Error("old")),
})) {
  for (const again of [false, true]) {
    test(`a token that ${how} is not heard of${again ? ", nor by the next attempt" : ""}`, async (t) => {
      const server = await startServer(t);
      const pending = [];
      const started = startClient(t, server.url, {
        token: () =>
          new Promise((resolve, reject) => pending.push({ resolve, reject })),
        timing: { connect: 10_000 },
      });
      await until("asked", () => pending.length === 1);
      started.client.close();
      if (again) {
        started.client.connect();
        await until("asked again", () => pending.length === 2);
      }
      settle(pending[0]);
      await sleep(50);
      assert.equal(server.sockets.length, 0);
      assert.deepEqual(started.errors, []);
      assert.deepEqual(started.statuses(), [
        "connecting",
        "closed",
        ...(again ? ["connecting"] : []),
      ]);
      if (!again) return;
      pending[1].resolve("new");
      await connected(started);
      assert.equal(JSON.parse(server.messages[0]).token, "new");
    });
  }
}

test("who closes it when it is back is not told that it is", async (t) => {
  const server = await startServer(t);
  const started = startClient(t, server.url, {
    onStatus: (status) => {
      if (status === "connected" && server.sockets.length === 2) {
        started.client.close();
      }
    },
  });
  await connected(started);
  server.sockets[0].terminate();
  await until("closed", () => started.client.status === "closed");
  await sleep(50);
  assert.equal(server.sockets.length, 2);
  assert.equal(started.reconnects(), 0);
});

test("nothing of a socket is heard after it was left", async (t) => {
  const made = [];
  class Idle {
    sent = [];
    closed = [];
    constructor() {
      made.push(this);
    }
    send(text) {
      this.sent.push(text);
    }
    close(...values) {
      this.closed.push(values);
    }
  }
  const heard = [];
  const started = startClient(t, "https://idle.example.com", {
    WebSocket: Idle,
  });
  started.client.on("claims", "INSERT", ({ id }) => heard.push(id));
  await until("made", () => made.length === 1);
  const [socket] = made;
  const { onopen, onmessage, onclose } = socket;
  assert.ok(onopen && onmessage && onclose);
  started.client.close();
  assert.deepEqual(socket.closed, [[1000]]);
  socket.onopen?.({});
  socket.onmessage?.({ data: '{"type":"auth_success"}' });
  socket.onmessage?.({ data: insert("1") });
  socket.onmessage?.({ data: "{" });
  socket.onerror?.({});
  socket.onclose?.({ code: 4403, reason: "" });
  assert.deepEqual([socket.sent, heard, started.errors], [[], [], []]);
  assert.deepEqual(started.statuses(), ["connecting", "closed"]);
});

test("one that is closed before it opened fails without a sound", async (t) => {
  // Takes connections, and never says a word.
  const mute = createServer();
  await new Promise((ready) => mute.listen(0, "127.0.0.1", ready));
  let taken = 0;
  mute.on("connection", (socket) => {
    taken += 1;
    socket.on("error", () => undefined);
    t.after(() => socket.destroy());
  });
  t.after(() => mute.close());
  const { port } = mute.address();
  const started = startClient(t, `http://127.0.0.1:${port}`, {
    timing: { connect: 10_000 },
  });
  await until("taken", () => taken === 1);
  started.client.close();
  await sleep(50);
  assert.deepEqual(started.statuses(), ["connecting", "closed"]);
  assert.deepEqual(started.errors, []);
});

test("a socket whose other end is gone is cut off, others close by themselves", async (t) => {
  const server = await startServer(t);
  const cut = [];
  class Known extends WebSocket {
    terminate() {
      cut.push(this);
      super.terminate();
    }
  }
  const gone = startClient(t, server.url, { WebSocket: Known });
  await connected(gone);
  // It takes what comes, and reads none of it.
  server.sockets[0].pause();
  const there = startClient(t, server.url, { WebSocket: Known });
  await connected(there);
  const ended = startClient(t, server.url, { WebSocket: Known });
  await connected(ended);
  server.sockets[2].close(4403);
  await until("ended", () => ended.client.status === "closed");
  gone.client.close();
  there.client.close();
  await until("cut off", () => cut.length > 0);
  await sleep(200);
  assert.equal(cut.length, 1);
  assert.equal(cut[0].readyState, WebSocket.CLOSED);
});
