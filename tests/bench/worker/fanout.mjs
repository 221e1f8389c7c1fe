// What a broadcast costs, with as many receivers and as many views as are asked for.
import { randomUUID } from "node:crypto";
import http from "node:http";

import { Clients, framed } from "./clients.mjs";
import { ACCESS_TOKEN, Worker } from "./start.mjs";

/** Broadcasts of one sample, and how many of them are on their way at a time. */
const BURST = 10;
const AT_ONCE = 4;

const ORGANIZATION = "org_1";

const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });

/** An event of about so many bytes: values are as long as what masks them, so are all views. */
function event(bytes) {
  const masked = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`c${n + 1}`, `plain-c${n + 1}..`]));
  const record = { id: "ord_0123456789", ...masked, note: "" };
  const length = (note) => text({ ...record, note }, "").length;
  return { ...record, note: "x".repeat(Math.max(0, bytes - length(""))) };
}

/** What a holder of a role receives. */
function text(record, role) {
  const seen = Object.entries(record).map(([column, value]) => [column, /^c\d$/.test(column) && role !== `r${column[1]}` ? "[REDACTED]" : value]);
  return JSON.stringify({ type: "postgres_changes", table: "orders", eventType: "INSERT", schema: "public", new: Object.fromEntries(seen), old: null });
}

function post(port, organizationId, record) {
  const body = JSON.stringify({ type: "postgres_changes", table: "orders", eventType: "INSERT", new: record, organizationId });
  const headers = {
    authorization: `Bearer ${ACCESS_TOKEN}`,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    // As the generated helper sends it; only ours looks at it.
    "idempotency-key": randomUUID(),
  };
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port, method: "POST", path: "/broadcast", agent, headers }, (response) => {
      let answer = "";
      response.setEncoding("utf8").on("data", (part) => (answer += part));
      response.on("end", () => (response.statusCode === 200 ? resolve(JSON.parse(answer)) : reject(new Error(`${response.statusCode} ${answer}`))));
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** One contender: its worker, and the clients of an organization. */
export class Contender {
  #clients = null;
  #roles = [];

  static async start(folder) {
    const contender = new Contender();
    contender.worker = await Worker.start(folder);
    return contender;
  }

  async connect(sockets, roleSets) {
    this.#roles = Array.from({ length: roleSets }, (_, n) => `r${n}`);
    this.#clients = await Clients.connect(this.worker.port, ORGANIZATION, sockets, this.#roles);
  }

  /** Looks at every frame of one broadcast: who does not filter and mask is no contender. */
  async check(bytes) {
    const clients = this.#clients;
    const record = event(bytes);
    const texts = await clients.look(text(record, "").length, () => post(this.worker.port, ORGANIZATION, record));
    for (let n = 0; n < clients.count; n += 1) {
      const wanted = text(record, this.#roles[n % this.#roles.length]);
      if (texts[n] !== wanted) throw new Error(`client ${n} received ${texts[n]} and not ${wanted}`);
    }
  }

  /** Sends a burst; the time until the last client has all of it, and the worker's own part. */
  async burst(bytes) {
    const clients = this.#clients;
    const record = event(bytes);
    const need = framed(text(record, "").length) * BURST;
    const messages = clients.count * BURST;
    const processor = this.worker.processorMs;
    const started = process.hrtime.bigint();
    await clients.receive(need, async () => {
      let left = BURST;
      const next = async () => {
        while (left > 0) {
          left -= 1;
          await post(this.worker.port, ORGANIZATION, record);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, next));
    });
    const elapsed = Number(process.hrtime.bigint() - started) / 1e9;
    return { perSecond: messages / elapsed, processorUs: ((this.worker.processorMs - processor) * 1e3) / messages };
  }

  async stop() {
    this.#clients?.close();
    await this.worker.stop();
  }
}
