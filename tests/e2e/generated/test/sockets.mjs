// A server of sockets that does what the worker does, and clients of it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket, WebSocketServer } from "ws";
import { createRealtimeClient } from "../.out/js/realtime-client.mjs";

export const TIMING = {
  connect: 10_000,
  ping: 10_000,
  pong: 10_000,
  firstRetry: 20,
  lastRetry: 50,
  stable: 10_000,
};

/** A worker whose sockets are handled by `handle(socket, message, nth connection)`. */
export async function startServer(t, handle = accept) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const sockets = [];
  const messages = [];
  const urls = [];
  server.on("connection", (socket, request) => {
    sockets.push(socket);
    urls.push(request.url);
    const nth = sockets.length;
    socket.on("message", (data) => {
      const text = String(data);
      messages.push(text);
      handle(socket, text, nth);
    });
  });
  t.after(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  return { server, url, sockets, messages, urls };
}

export function accept(socket, text) {
  if (text === "ping") return socket.send("pong");
  if (JSON.parse(text).type !== "auth") return undefined;
  const success = { type: "auth_success", organizationId: "org 1", roles: [] };
  return socket.send(JSON.stringify(success));
}

/** A client, and everything that it says of itself. */
export function startClient(
  t,
  url,
  options = {},
  create = createRealtimeClient,
) {
  const said = [];
  const errors = [];
  let reconnects = 0;
  const client = create({
    url,
    organizationId: "org 1",
    token: () => "token",
    WebSocket,
    onStatus: (status, detail) => said.push({ status, ...detail }),
    onReconnect: () => (reconnects += 1),
    onError: (error) => errors.push(error),
    ...options,
    timing: { ...TIMING, ...options.timing },
  });
  t.after(() => client.close());
  const statuses = () => said.map(({ status }) => status);
  const waits = () => said.filter(({ status }) => status === "waiting");
  return {
    client,
    said,
    errors,
    statuses,
    waits,
    reconnects: () => reconnects,
  };
}

export async function until(what, condition) {
  for (let waited = 0; waited < 10_000; waited += 5) {
    if (condition()) return;
    await sleep(5);
  }
  assert.fail(`never: ${what}`);
}

export const connected = ({ client }) =>
  until("connected", () => client.status === "connected");
export const insert = (id, more = {}) =>
  JSON.stringify({
    type: "postgres_changes",
    table: "claims",
    eventType: "INSERT",
    schema: "public",
    new: { id, ...more },
    old: null,
  });
