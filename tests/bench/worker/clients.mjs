// The load: many clients over raw sockets in one process, which count bytes and so cost little.
import { createHmac, randomBytes } from "node:crypto";
import net from "node:net";

import { SECRET } from "./start.mjs";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(claims) {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ exp, iat: exp - 3700, ...claims })}`;
  return `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}

/** A text frame as a client sends it. */
function frame(text) {
  const payload = Buffer.from(text);
  const length = payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 255];
  const mask = randomBytes(4);
  const out = Buffer.concat([Buffer.from([0x81, ...length]), mask, payload]);
  for (let at = 0; at < payload.length; at += 1) out[out.length - payload.length + at] ^= mask[at & 3];
  return out;
}

/** The bytes of a text frame as a server sends it: its head, and the text. */
export const framed = (length) => length + (length < 126 ? 2 : length < 65_536 ? 4 : 10);

/** One buffer for all reads. */
const pool = Buffer.alloc(1 << 16);

/** Clients of one organization at one server. */
export class Clients {
  #sockets = [];
  #left = 0;
  #need = 0;
  #done = null;
  /** While the frames themselves are looked at: what each client was sent. */
  #texts = null;

  /** Connects and authenticates `count` clients; the nth has the role `roles[n % roles.length]`. */
  static async connect(port, organization, count, roles) {
    const clients = new Clients();
    for (let n = 0; n < count; n += 50) {
      const some = Array.from({ length: Math.min(50, count - n) }, (_, k) => clients.#open(port, organization, n + k, roles));
      await Promise.all(some);
    }
    return clients;
  }

  get count() {
    return this.#sockets.length;
  }

  #open(port, organization, n, roles) {
    const role = roles[n % roles.length];
    const auth = { type: "auth", token: token({ sub: `user_${n}`, orgId: organization, role }), organizationId: organization };
    const query = `organizationId=${organization}`;
    const key = randomBytes(16).toString("base64");
    const upgrade = `GET /realtime/v1/websocket?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`;
    return new Promise((resolve, reject) => {
      let head = "";
      let bytes = 0;
      let isReady = false;
      const callback = (size, buffer) => {
        if (!isReady) {
          head += buffer.toString("latin1", 0, size);
          if (head.includes('"auth_success"')) {
            isReady = true;
            this.#sockets.push(socket);
            resolve();
          } else if (head.includes("\r\n\r\n") && bytes === 0) {
            if (!head.startsWith("HTTP/1.1 101")) reject(new Error(head.slice(0, 200)));
            bytes = -1;
            socket.write(frame(JSON.stringify(auth)));
          } else if (head.includes('"auth_error"')) reject(new Error(head.slice(-200)));
          if (isReady) bytes = 0;
          return true;
        }
        if (this.#texts !== null) this.#texts[n] = Buffer.concat([this.#texts[n] ?? Buffer.alloc(0), buffer.subarray(0, size)]);
        bytes += size;
        if (this.#done !== null && bytes >= this.#need) {
          bytes -= this.#need;
          this.#left -= 1;
          if (this.#left === 0) this.#done();
        }
        return true;
      };
      const onread = { buffer: pool, callback };
      const socket = net.connect({ port, host: "127.0.0.1", noDelay: true, onread }, () => socket.write(upgrade));
      socket.on("error", reject);
    });
  }

  /** Resolves when every client has received so many bytes, which `work` has sent. */
  async receive(bytes, work) {
    this.#need = bytes;
    this.#left = this.count;
    const received = new Promise((resolve) => (this.#done = resolve));
    await Promise.all([work(), received]);
    this.#done = null;
  }

  /** The texts that the clients are sent by `work`, in the order of the clients. */
  async look(length, work) {
    this.#texts = [];
    await this.receive(framed(length), work);
    const texts = this.#texts.map((frame) => frame.subarray(framed(length) - length).toString());
    this.#texts = null;
    return texts;
  }

  close() {
    for (const socket of this.#sockets) socket.destroy();
  }
}
