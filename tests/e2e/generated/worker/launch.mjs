// Starts a second worker in workerd, the API, which reaches the realtime worker by its URL.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACCESS_TOKEN, sleep } from "../../worker/harness.mjs";
import { binary, freePort } from "../../worker/workerd.mjs";

/**
 * Starts it; `call("desk.joined", payload, target)` calls the helper there. It reaches the realtime
 * worker by its URL, or where `isBound` by a service binding.
 */
export async function startApi(t, realtimeUrl, { isBound = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "realtime-api-"));
  copyFileSync(
    join(process.env.GENERATED_JS, "api.mjs"),
    join(folder, "api.mjs"),
  );
  const port = await freePort();
  const text = (name, value) =>
    `(name = "${name}", text = ${JSON.stringify(value)})`;
  const bindings = [
    text("REALTIME_URL", isBound ? "https://realtime.invalid" : realtimeUrl),
    text("ACCESS_TOKEN", ACCESS_TOKEN),
  ];
  if (isBound) bindings.push('(name = "REALTIME", service = "realtime")');
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "api", worker = .api),
    (name = "realtime", external = (address = "${new URL(realtimeUrl).host}", http = ())),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "api")],
);
const api :Workerd.Worker = (
  modules = [(name = "api.mjs", esModule = embed "api.mjs")],
  compatibilityDate = "2025-09-01",
  bindings = [${bindings.join(", ")}],
);
`,
  );
  const running = spawn(binary(), ["serve", join(folder, "config.capnp")], {
    stdio: "inherit",
  });
  t.after(async () => {
    running.kill("SIGKILL");
    if (running.exitCode === null && running.signalCode === null)
      await once(running, "exit");
    rmSync(folder, { recursive: true, force: true });
  });
  const post = (body) =>
    fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      body: JSON.stringify(body),
    });
  for (let tries = 0; tries < 400; tries += 1) {
    const answer = await post({ path: ["broadcast"], args: [] }).catch(
      () => null,
    );
    if (answer?.ok) {
      return async (name, ...args) =>
        (await post({ path: name.split("."), args })).json();
    }
    await sleep(25);
  }
  throw new Error("the API's workerd does not answer");
}
