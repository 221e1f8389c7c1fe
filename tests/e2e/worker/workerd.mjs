// The real Workers runtime: its program, a port for it, and the date that its workers are written for.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";

const require = createRequire(import.meta.url);
const template = readFileSync(new URL("../../../generator/templates/worker/wrangler.toml", import.meta.url), "utf8");

export const compatibilityDate = /compatibility_date = "([^"]+)"/.exec(template)[1];

/** workerd's own binary: its npm wrapper would stay between us and its process id. */
export function binary() {
  const arch = process.arch === "arm64" ? "arm64" : "64";
  return require.resolve(`@cloudflare/workerd-${process.platform}-${arch}/bin/workerd`);
}

export async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
