// When a token is refused, and when a session only ends: the one is final the second time in a row.
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

/** Closes the nth connection with the nth code, and lets in where there is none. */
const byCodes = (codes) => (socket, text, nth) => {
  const code = codes[nth - 1];
  return code === undefined ? accept(socket, text) : socket.close(code);
};

for (const code of [4401, 4409]) {
  test(`${code} is final the second time in a row`, async (t) => {
    const server = await startServer(t, (socket) => socket.close(code));
    const { client, said } = startClient(t, server.url);
    await until("closed", () => client.status === "closed");
    await sleep(100);
    assert.equal(server.sockets.length, 2);
    assert.equal(said.at(-1).code, code);
    // Asked to, it tries as if it never had.
    client.connect();
    await until("closed again", () => client.status === "closed");
    await sleep(100);
    assert.equal(server.sockets.length, 4);
  });

  test(`${code} is not final with a good token in between`, async (t) => {
    const server = await startServer(t);
    const started = startClient(t, server.url);
    for (const nth of [0, 1, 2]) {
      await until("connected", () => server.messages.length === nth + 1);
      await connected(started);
      server.sockets[nth].close(code);
      await until("lost", () => started.waits().length === nth + 1);
    }
    await until("back", () => started.reconnects() === 3);
  });

  test(`${code} that ends a session refuses no token`, async (t) => {
    // A token of the same second as a revocation is refused, the next one is not.
    const server = await startServer(t, (socket, text, nth) =>
      nth === 2 ? socket.close(code) : accept(socket, text),
    );
    const started = startClient(t, server.url);
    await connected(started);
    server.sockets[0].close(code);
    await until("back", () => started.reconnects() === 1);
    assert.equal(server.sockets.length, 3);
  });

  test(`after ${code} a new token has the time to be newer`, async (t) => {
    t.mock.method(Math, "random", () => 0.5);
    const server = await startServer(t, byCodes([code]));
    const started = startClient(t, server.url);
    await connected(started);
    assert.deepEqual(
      started.waits().map(({ retryInMs }) => retryInMs),
      [1010],
    );
  });
}

for (const other of [4408, 4429, 1013, 1012]) {
  test(`a refusal, ${other} and a refusal are not two in a row`, async (t) => {
    const server = await startServer(t, byCodes([4409, other, 4401]));
    await connected(startClient(t, server.url));
    assert.equal(server.sockets.length, 4);
  });

  test(`${other} and two refusals are two in a row`, async (t) => {
    const server = await startServer(t, byCodes([other, 4401, 4409]));
    const { client } = startClient(t, server.url);
    await until("closed", () => client.status === "closed");
    assert.equal(server.sockets.length, 3);
  });
}
