// Starts the worker in workerd, and plays the helper and the clients.
import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import { binary, compatibilityDate, freePort } from "./workerd.mjs";

const build = process.env.BROADCASTER_BUILD;
if (!build) throw new Error("BROADCASTER_BUILD is not set: start these tests by ./run, which builds the worker");

export const ACCESS_TOKEN = "access-token-of-the-tests";
export const SECRET = "better-auth-secret-of-the-tests";
export const CONFIG_HASH = "00000000000000000000000000000000";

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * A worker with its storage on disk, so that it can be killed and started again. With `faults` its
 * objects can be made to fail, and its clock be set (./faults.mjs).
 */
export async function startWorker(variables = {}, { faults = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "broadcaster-"));
  for (const file of ["index.js", "index_bg.wasm"]) copyFileSync(join(build, file), join(folder, file));
  const modules = ['(name = "index.js", esModule = embed "index.js")', '(name = "index_bg.wasm", wasm = embed "index_bg.wasm")'];
  if (faults) {
    copyFileSync(new URL("faults.mjs", import.meta.url), join(folder, "faults.mjs"));
    modules.unshift('(name = "faults.mjs", esModule = embed "faults.mjs")');
  }
  const port = await freePort();
  const bindings = { ACCESS_TOKEN, BETTER_AUTH_SECRET: SECRET, ...variables };
  const texts = Object.entries(bindings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(String(value))})`);
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "private"])),
    (name = "disk", disk = (path = ${JSON.stringify(folder)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${modules.join(", ")}],
  compatibilityDate = "${compatibilityDate}",
  bindings = [${texts.join(", ")}, (name = "BROADCASTER", durableObjectNamespace = "Broadcaster")],
  durableObjectNamespaces = [(className = "Broadcaster", uniqueKey = "broadcaster", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
);
`,
  );
  const worker = {
    port,
    url: `http://127.0.0.1:${port}`,
    log: "",
    async start() {
      this.process = spawn(binary(), ["serve", join(folder, "config.capnp")], { stdio: ["ignore", "pipe", "pipe"] });
      this.process.stdout.on("data", (text) => (this.log += text));
      this.process.stderr.on("data", (text) => (this.log += text));
      for (let tries = 0; tries < 400; tries += 1) {
        if (this.process.exitCode !== null) throw new Error(`workerd ended: ${this.log}`);
        const answer = await fetch(`${this.url}/healthz`).catch(() => null);
        if (answer?.ok) return;
        if (answer) {
          await this.kill();
          throw new Error(`the worker answers ${answer.status}: ${this.log}`);
        }
        await sleep(25);
      }
      throw new Error(`workerd does not answer: ${this.log}`);
    },
    async kill() {
      if (this.process.exitCode !== null || this.process.signalCode !== null) return;
      this.process.kill("SIGKILL");
      await once(this.process, "exit");
    },
    async stop() {
      await this.kill();
      rmSync(folder, { recursive: true, force: true });
      if (/panicked|RuntimeError|Reinitializing/.test(this.log)) throw new Error(`a panic: ${this.log}`);
    },
    /** Sets the clock so many seconds ahead of everybody else's, or behind (./faults.mjs). */
    jump(seconds) {
      return this.fault(null, { clock: seconds });
    },
    /** How many objects have been used, and how many of them keep anything: more than the empty page of a database. */
    stored() {
      const files = readdirSync(join(folder, "broadcaster"));
      const objects = files.filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
      const bytes = (name) => (files.includes(name) ? statSync(join(folder, "broadcaster", name)).size : 0);
      const keeping = objects.filter((name) => bytes(name) > 4_096 || bytes(`${name}-wal`) > 0);
      return { objects: objects.length, keeping: keeping.length };
    },
    /** Bytes of memory that the process has. */
    resident() {
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.process.pid}/status`, "utf8"))[1]) * 1024;
    },
    /**
     * Has an object be slow or late, or end, at its next request for a path; that of `verify` of
     * the object `crypto` is a signature (./faults.mjs).
     */
    async fault(object, plan) {
      const answer = await this.get("/fault", { method: "POST", body: JSON.stringify({ object, ...plan }) });
      if (!answer.ok) throw new Error(`no fault: ${answer.status}`);
    },
    /** How often each object was made, by its name. */
    async made() {
      return (await (await this.get("/fault")).json()).made;
    },
    /** What each object saw last, by its name. */
    async seen() {
      return (await (await this.get("/fault")).json()).seen;
    },
    get(path, init) {
      return fetch(`${this.url}${path}`, init);
    },
    /** Posts a broadcast as a helper does; a string is sent as it is. */
    async broadcast(body, { path = "/broadcast", key, token = ACCESS_TOKEN, headers = {} } = {}) {
      const answer = await fetch(`${this.url}${path}`, {
        method: "POST",
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(key === undefined ? {} : { "idempotency-key": key }),
          ...headers,
        },
        body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
      });
      const text = await answer.text();
      return { status: answer.status, text, ...JSON.parse(text || "{}") };
    },
    /** Opens a socket; `open` rejects with the HTTP status when the upgrade is refused. */
    open(query = "", headers = {}) {
      return Client.open(`ws://127.0.0.1:${port}/realtime/v1/websocket${query}`, headers);
    },
    /** Opens a socket and authenticates it in band. */
    async join(claims = {}, { query, flow, organizationId, token: shown, timeout } = {}) {
      const organization = organizationId ?? claims.orgId ?? "org_1";
      const client = await this.open(query ?? `?organizationId=${encodeURIComponent(organization)}`);
      client.auth(shown ?? token(claims), organization, flow);
      client.success = await client.next(timeout);
      if (client.success.type !== "auth_success") throw new Error(JSON.stringify(client.success));
      return client;
    },
  };
  // A test that fails must not leave its worker behind.
  process.on("exit", () => worker.process?.kill("SIGKILL"));
  await worker.start();
  return worker;
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
export const nowS = () => Math.floor(Date.now() / 1000);

/** A session token. A claim of `undefined` is left out. */
export function token(claims = {}, { secret = SECRET, header = { alg: "HS256", typ: "JWT" } } = {}) {
  const all = { sub: "user_1", orgId: "org_1", role: "member", iat: nowS() - 10, exp: nowS() + 3600, ...claims };
  const signed = `${encode(header)}.${encode(all)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

export class Client {
  frames = [];
  waiting = [];
  closed = null;

  static open(url, headers) {
    return new Promise((done, fail) => {
      const client = new Client();
      // Once closed, it waits that long for the end of the connection.
      client.ws = new WebSocket(url, { headers, perMessageDeflate: false, closeTimeout: 1_000 });
      client.gone = new Promise((gone) => {
        client.ws.on("close", (code, reason) => {
          client.closed = { code, reason: reason.toString() };
          for (const wake of client.waiting.splice(0)) wake();
          gone(client.closed);
        });
      });
      client.ws.on("message", (data) => {
        client.frames.push(data.toString());
        for (const wake of client.waiting.splice(0)) wake();
      });
      client.ws.on("open", () => done(client));
      client.ws.on("unexpected-response", (request, response) => {
        // Kept alive, refused clients by the thousand would take all that the runtime may open.
        request.destroy();
        fail(Object.assign(new Error(`HTTP ${response.statusCode}`), { status: response.statusCode }));
      });
      client.ws.on("error", fail);
    });
  }

  send(message) {
    this.ws.send(typeof message === "string" || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  auth(shown, organizationId = "org_1", flow) {
    this.send({ type: "auth", token: shown, organizationId, ...(flow === undefined ? {} : { flow }) });
  }

  /** The next frame's text; rejects after a while, or when the socket closes first. */
  async text(timeout = 5000) {
    const end = Date.now() + timeout;
    while (this.frames.length === 0) {
      if (this.closed) throw new Error(`closed with ${this.closed.code} before a frame came`);
      if (Date.now() > end) throw new Error("no frame came");
      await Promise.race([new Promise((wake) => this.waiting.push(wake)), sleep(end - Date.now() + 1)]);
    }
    return this.frames.shift();
  }

  async next(timeout) {
    return JSON.parse(await this.text(timeout));
  }

  /** Whether everything sent so far has come: a pong comes after it. Answers the frames before. */
  async drain() {
    this.send({ type: "ping" });
    const before = [];
    for (;;) {
      const text = await this.text();
      if (text === '{"type":"pong"}') return before;
      before.push(text);
    }
  }

  /** The code with which the server closes the socket, a second after it came at the latest. */
  async closeCode(timeout = 5000) {
    const closed = await Promise.race([this.gone, sleep(timeout)]);
    if (!closed) throw new Error("the socket was not closed");
    return closed.code;
  }

  close() {
    this.ws.close();
    return this.gone;
  }
}

export const insert = (table, record, more = {}) => ({
  type: "postgres_changes",
  table,
  eventType: "INSERT",
  new: record,
  organizationId: "org_1",
  ...more,
});

export const custom = (event, payload, more = {}) => ({
  type: "broadcast",
  event,
  payload,
  organizationId: "org_1",
  ...more,
});

export const unique = (prefix) => `${prefix}_${randomUUID().slice(0, 8)}`;
