// Starts one worker in its own workerd, with its storage on disk: there is no SQLite without.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { binary, compatibilityDate, freePort } from "../../e2e/worker/workerd.mjs";

export const ACCESS_TOKEN = "access-token-of-the-bench";
export const SECRET = "better-auth-secret-of-the-bench";

function configuration(folder, port, { hasWasm, hasObject }) {
  const wasm = hasWasm ? '(name = "index_bg.wasm", wasm = embed "index_bg.wasm"),' : "";
  const text = (name, value) => `(name = "${name}", text = "${value}")`;
  const object = `, (name = "BROADCASTER", durableObjectNamespace = "Broadcaster")`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "disk", disk = (path = "${folder}", writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed "index.js"), ${wasm}],
  compatibilityDate = "${compatibilityDate}",
  bindings = [${text("ACCESS_TOKEN", ACCESS_TOKEN)}, ${text("BETTER_AUTH_SECRET", SECRET)}, ${text("MAX_EGRESS", 2 ** 40)}${hasObject ? object : ""}],
  ${hasObject ? 'durableObjectNamespaces = [(className = "Broadcaster", uniqueKey = "bench", enableSql = true)],\n  durableObjectStorage = (localDisk = "disk"),' : ""}
);
`;
}

/** A worker that runs; `startedMs` is the time from its start to its first answer. */
export class Worker {
  static async start(folder, { hasObject = true } = {}) {
    const worker = new Worker();
    worker.port = await freePort();
    worker.folder = mkdtempSync(join(tmpdir(), "bench-worker-"));
    cpSync(folder, worker.folder, { recursive: true });
    const hasWasm = existsSync(join(folder, "index_bg.wasm"));
    const config = join(worker.folder, "config.capnp");
    writeFileSync(config, configuration(worker.folder, worker.port, { hasWasm, hasObject }));
    const started = process.hrtime.bigint();
    worker.process = spawn(binary(), ["serve", config], { stdio: ["ignore", "inherit", "inherit"] });
    worker.end = () => worker.process.kill("SIGKILL");
    process.once("exit", worker.end);
    for (;;) {
      if (worker.process.exitCode !== null) throw new Error(`workerd ended with ${worker.process.exitCode}`);
      const answer = await fetch(`http://127.0.0.1:${worker.port}/healthz`).catch(() => null);
      if (answer?.ok) break;
      await sleep(1);
    }
    worker.startedMs = Number(process.hrtime.bigint() - started) / 1e6;
    return worker;
  }

  /** Milliseconds of processor time that it has used, in ticks of 10. */
  get processorMs() {
    const fields = readFileSync(`/proc/${this.process.pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  async stop() {
    process.off("exit", this.end);
    this.end();
    await once(this.process, "exit");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
