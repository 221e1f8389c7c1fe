// No leak, as a property: what is sent is what a second reading of the semantics says, natively for
// many cases (LEAK_CASES, 100,000 by default) and in workerd for 500.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { broadcast, policy, random, receivers } from "./cases.mjs";
import { custom, startWorker, unique } from "./harness.mjs";
import { HIERARCHY, bodyText, expected, leaks, mask } from "./oracle.mjs";

const vectors = JSON.parse(readFileSync(new URL("../../../generator/broadcaster/tests/masks.json", import.meta.url), "utf8"));

/** Compares what each receiver was sent with what it should have been. */
function compare(wanted, answer, what) {
  assert.deepEqual({ error: answer.error, seen: answer.seen }, { error: wanted.error, seen: wanted.seen }, what);
  wanted.seen?.forEach((frame, at) => {
    const leak = frame === null ? null : leaks(frame, wanted.hidden[at]);
    assert.equal(leak, null, what);
  });
}

test("the second reading masks as the vectors say", () => {
  for (const { type, in: value, out } of vectors) {
    assert.equal(mask(type, JSON.stringify(value)), JSON.stringify(out), `${type} of ${JSON.stringify(value)}`);
  }
});

test("natively, many cases", { timeout: 600_000 }, async () => {
  const cases = Number(process.env.LEAK_CASES ?? 100_000);
  const native = spawn(process.env.DELIVER, { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: native.stdout })[Symbol.asyncIterator]();
  const outcomes = { error: 0, seen: 0, nobody: 0, masked: 0 };
  const BATCH = 200;
  for (let seed = 0; seed < cases; seed += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, cases - seed) }, (_, n) => {
      const r = random(seed + n);
      const tables = { claims: policy(r), employees: policy(r) };
      return { tables, body: broadcast(r, ["claims", "employees", "claims"]), receivers: receivers(r) };
    });
    const lines = batch.map(({ tables, body, receivers }) =>
      JSON.stringify({ hierarchy: HIERARCHY, tables, body: bodyText(body, "org_1"), receivers }),
    );
    native.stdin.write(`${lines.join("\n")}\n`);
    for (const [n, one] of batch.entries()) {
      const wanted = expected(one);
      const { value } = await answers.next();
      compare(wanted, JSON.parse(value), `seed ${seed + n}`);
      if (wanted.error) outcomes.error += 1;
      else if (wanted.seen.every((frame) => frame === null)) outcomes.nobody += 1;
      else outcomes.seen += 1;
      if (wanted.hidden?.some((hidden) => hidden.length > 0)) outcomes.masked += 1;
    }
  }
  native.stdin.end();
  // Cases that nobody receives prove little: most are received, and many of them masked.
  assert.ok(outcomes.seen > cases / 2 && outcomes.masked > cases / 4, JSON.stringify(outcomes));
});

test("in workerd, every frame of every subscriber", { timeout: 110_000 }, async () => {
  const worker = await startWorker({ MAX_MESSAGES: 1_000_000, LOBBIES: 1 });
  try {
    const orgId = unique("org");
    const others = unique("org");
    const everybody = receivers(random(1)).filter((receiver) => receiver.userId !== null);
    const clients = await Promise.all(
      everybody.map(({ userId, roles }, at) =>
        worker.join({ orgId, sub: userId, role: roles.join(",") }, at % 2 === 0 ? {} : { query: "" }),
      ),
    );
    const stranger = await worker.join({ orgId: others, sub: "ann", role: "admin,owner,hr" }, { query: "" });
    // The tables of ./config.rs, as the second reading needs them.
    const all = { insert: true, update: true, delete: true };
    const rule = (column, type, showRoles, showOwner, automatic) => ({ column, type, showRoles, showOwner, automatic });
    const table = (columns, more) => ({ events: all, requiredRoles: null, columns, open: false, owner: null, masks: [], ...more });
    const tables = {
      claims: table(["id", "title", "status"], { requiredRoles: ["member", "admin"] }),
      drafts: table([], { events: { insert: false, update: false, delete: false } }),
      employees: table(["id", "name", "email", "ssn", "salary", "userId"], {
        owner: "userId",
        masks: [
          rule("email", "email", ["admin"], true, true),
          rule("salary", "redact", ["admin", "owner"], false, false),
          rule("ssn", "ssn", ["admin"], true, false),
        ],
      }),
      materials: table(["id", "title", "status"], { open: true, events: { ...all, delete: false } }),
    };
    for (let seed = 0; seed < 500; seed += 1) {
      const body = broadcast(random(seed + 1_000_000), [...Object.keys(tables), "employees", "materials"]);
      const wanted = expected({ tables, body, receivers: everybody });
      const answer = await worker.broadcast(bodyText(body, orgId), { key: `case ${seed}` });
      assert.equal(answer.error, wanted.error, `seed ${seed}`);
      const frames = await Promise.all(clients.map((client) => client.drain()));
      const seen = wanted.error ? undefined : frames.map((received) => received[0] ?? null);
      assert.ok(frames.every((received) => received.length <= (wanted.error ? 0 : 1)), `seed ${seed}`);
      compare(wanted, { error: answer.error, seen }, `seed ${seed}`);
      if (!wanted.error) assert.equal(answer.delivered, seen.filter((frame) => frame !== null).length, `seed ${seed}`);
    }
    assert.deepEqual(await stranger.drain(), []);
  } finally {
    await worker.stop();
  }
});

test("in workerd, the masks of the vectors", async () => {
  const worker = await startWorker();
  try {
    const orgId = unique("org");
    const client = await worker.join({ orgId });
    const at = (n) => `v${n}`;
    const keys = (make) => Object.fromEntries(vectors.map((vector, n) => [at(n), make(vector)]));
    const body = custom("masks", keys((vector) => vector.in), { organizationId: orgId, maskingConfig: keys(({ type }) => ({ type })) });
    assert.equal((await worker.broadcast(body)).status, 200);
    const { payload } = await client.next();
    for (const [n, { type, in: value, out }] of vectors.entries()) {
      assert.deepEqual(payload[at(n)], out, `${type} of ${JSON.stringify(value)}`);
    }
  } finally {
    await worker.stop();
  }
});
