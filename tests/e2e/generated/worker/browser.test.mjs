// The generated client in a real browser, headless Chromium, against the real worker.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { custom, insert, sleep, startWorker, token } from "../../worker/harness.mjs";

const require = createRequire(new URL("../../worker/harness.mjs", import.meta.url));
const { chromium } = require("playwright-core");

/** The page: it keeps what the client says, for the test to look at. */
const PAGE = `<!doctype html><title>client</title><script type="module">
import { createRealtimeClient } from "/realtime-client.mjs";
window.said = [];
window.heard = [];
window.reconnects = 0;
window.start = (url, timing) => {
  const token = async () => (await fetch("/token")).text();
  const options = { url, timing, token, organizationId: "org_1" };
  const onStatus = (status, { code, reason }) => window.said.push({ status, code, reason });
  window.client = createRealtimeClient({ ...options, onStatus, onReconnect: () => (window.reconnects += 1) });
  window.client.on("stories", "INSERT", (record) => window.heard.push(record));
  window.client.on("desk:joined", (payload) => window.heard.push(payload));
};
window.ready = true;
</script>`;

let browser, pages;
/** The tokens that pages asked for. */
let asked = [];
before(async () => {
  const client = readFileSync(`${process.env.GENERATED_JS}/realtime-client.mjs`);
  pages = http
    .createServer((request, response) => {
      if (request.url === "/token") {
        asked.push(token({ sub: "ann", role: "reporter", jti: String(asked.length) }));
        response.end(asked.at(-1));
        return;
      }
      const isClient = request.url === "/realtime-client.mjs";
      response.writeHead(200, { "content-type": isClient ? "text/javascript" : "text/html" });
      response.end(isClient ? client : PAGE);
    })
    .listen(0, "127.0.0.1");
  await once(pages, "listening");
  const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: [...flags, ...quiet] });
});
after(async () => {
  await browser?.close();
  pages.closeAllConnections();
  pages.close();
});

/** A page of its own with a client in it. */
async function open(t, worker, timing = {}, host = "127.0.0.1") {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  asked = [];
  await page.goto(`http://${host}:${pages.address().port}/`);
  await page.waitForFunction(() => window.ready);
  await page.evaluate(([url, times]) => window.start(url, times), [worker.url, { firstRetry: 100, lastRetry: 300, ...timing }]);
  const status = (wanted) => page.waitForFunction((status) => window.client.status === status, wanted, { timeout: 30_000 });
  return { context, page, status, said: () => page.evaluate(() => window.said), heard: () => page.evaluate(() => window.heard) };
}

async function start(t, variables) {
  const worker = await startWorker(variables);
  t.after(() => worker.stop());
  return worker;
}

test("it hears, and comes back through a restart of the worker with another token", async (t) => {
  const worker = await start(t);
  const { page, status, heard } = await open(t, worker);
  await status("connected");
  const story = { id: "st_1", headline: "Zoë 😀", breaking: true };
  assert.equal((await worker.broadcast(insert("stories", { ...story, body: "never sent" }))).delivered, 1);
  // More than may be left unacknowledged.
  for (let n = 0; n < 300; n += 1) assert.equal((await worker.broadcast(custom("desk:joined", { n }))).delivered, 1);
  await page.waitForFunction(() => window.heard.length === 301);
  assert.deepEqual((await heard())[0], story);
  assert.equal(asked.length, 1);

  await worker.kill();
  await page.waitForFunction(() => window.said.some(({ status }) => status === "waiting"));
  await worker.start();
  await status("connected");
  await page.waitForFunction(() => window.reconnects === 1);
  assert.ok(asked.length > 1 && new Set(asked).size === asked.length, "each attempt asked for a token anew");
  assert.equal((await worker.broadcast(custom("desk:joined", { n: "after" }))).delivered, 1);
  await page.waitForFunction(() => window.heard.at(-1)?.n === "after");

  await page.evaluate(() => window.client.close());
  await status("closed");
  assert.equal((await worker.broadcast(custom("desk:joined", {}))).delivered, 0);
});

test("a connection that went silent is left, and made anew", async (t) => {
  const worker = await start(t);
  const { page, status, said } = await open(t, worker, { ping: 200, pong: 800, connect: 2_000 });
  await status("connected");
  // The process stands still: its sockets stay open, and nothing answers.
  worker.process.kill("SIGSTOP");
  await page.waitForFunction(() => window.said.some(({ reason }) => reason === "The connection went silent."));
  worker.process.kill("SIGCONT");
  await status("connected");
  assert.equal((await worker.broadcast(custom("desk:joined", { n: 1 }))).delivered, 1);
  assert.ok((await said()).every(({ status }) => status !== "closed"));
});

test("back online it does not wait any longer", async (t) => {
  const worker = await start(t);
  const { context, page, status } = await open(t, worker, { firstRetry: 3_600_000, lastRetry: 3_600_000 });
  await status("connected");
  await worker.kill();
  await status("waiting");
  await worker.start();
  await context.setOffline(true);
  await context.setOffline(false);
  await status("connected");
  assert.equal(await page.evaluate(() => window.reconnects), 1);
});

/** A window that really can be hidden: one that Playwright drives believes that it never is. */
async function openWindow(t, url) {
  const devtools = await browser.newBrowserCDPSession();
  const { targetId } = await devtools.send("Target.createTarget", { url, newWindow: true });
  t.after(() => devtools.send("Target.closeTarget", { targetId }));
  const { sessionId } = await devtools.send("Target.attachToTarget", { targetId, flatten: false });
  const { windowId } = await devtools.send("Browser.getWindowForTarget", { targetId });
  let last = 0;
  const evaluate = (expression) =>
    new Promise((resolve) => {
      const id = (last += 1);
      devtools.on("Target.receivedMessageFromTarget", ({ message }) => {
        const answer = JSON.parse(message);
        if (answer.id === id) resolve(answer.result.result.value);
      });
      const message = JSON.stringify({ id, method: "Runtime.evaluate", params: { expression } });
      devtools.send("Target.sendMessageToTarget", { sessionId, message });
    });
  return {
    evaluate,
    show: (windowState) => devtools.send("Browser.setWindowBounds", { windowId, bounds: { windowState } }),
    async until(expression, value) {
      for (let waited = 0; waited < 30_000; waited += 50) {
        if ((await evaluate(expression)) === value) return;
        await sleep(50);
      }
      assert.fail(`${expression} is never ${value}`);
    },
  };
}

test("a page that is shown again does not wait any longer", async (t) => {
  const worker = await start(t);
  const window = await openWindow(t, `http://127.0.0.1:${pages.address().port}/`);
  await window.until("window.ready", true);
  const timing = JSON.stringify({ firstRetry: 3_600_000, lastRetry: 3_600_000 });
  await window.evaluate(`window.start(${JSON.stringify(worker.url)}, ${timing})`);
  await window.until("window.client.status", "connected");
  await window.show("minimized");
  await window.until("document.visibilityState", "hidden");
  await worker.kill();
  await window.until("window.client.status", "waiting");
  await worker.start();
  await sleep(500);
  assert.equal(await window.evaluate("window.client.status"), "waiting", "it was told to wait for long");
  await window.show("normal");
  await window.until("window.client.status", "connected");
  assert.equal(await window.evaluate("window.reconnects"), 1);
});

test("only the named origins may connect, and a page that may not keeps trying", async (t) => {
  const origin = `http://127.0.0.1:${pages.address().port}`;
  const worker = await start(t, { ALLOWED_ORIGINS: origin });
  const allowed = await open(t, worker);
  await allowed.status("connected");
  const other = await open(t, worker, {}, "localhost");
  await other.page.waitForFunction(() => window.said.filter(({ status }) => status === "waiting").length > 1);
  assert.ok((await other.said()).every(({ status }) => status !== "connected"));
});
