// Everything at once, at random: clients that come, vanish, stop reading, change their roles and
// are revoked; racing retries; objects that are slow or end in the middle; silences in which they
// are evicted while their sockets hibernate. What must hold is checked of every frame: none to
// anybody not entitled, none twice under one key, none lost to an entitled client that stays
// connected. CHAOS_SECONDS (15) says for how long, silences not counted, CHAOS_SEED from where.
import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "./cases.mjs";
import { custom, nowS, sleep, startWorker, token } from "./harness.mjs";

const SECONDS = Number(process.env.CHAOS_SECONDS ?? 15);
const SEED = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31));
const ROLES = ["member", "editor", "admin", "hr"];
const ORGANIZATIONS = ["org_1", "org_2"];
const USERS = Array.from({ length: 12 }, (_, n) => `user_${n}`);
const CLIENTS = 60;
/**
 * Who goes earlier than this after an answer may leave the event behind on its way. Who does not read
 * for up to a second and a half hears only then that its object has ended, on a busy machine later.
 */
const ARRIVAL_MS = 4_000;
/** After so long there is a silence, at least one. */
const BUSY_MS = Math.min(30, SECONDS / 2) * 1_000;
/**
 * An object is evicted when nothing has happened for ten seconds. In the first of a silence its alarm
 * still rings, for tokens that expire, for who has not authenticated, for holders to be told again. On
 * a machine so busy that tokens have expired before they are judged, it rings later ({@link lastAlarm}).
 */
const SILENCE_MS = 24_000;
/** For so long after its end a token still lets somebody in; it does where one is slow to be let in. */
const LEEWAY_MS = 30_000;
const SILENCES = Math.ceil((SECONDS * 1_000) / BUSY_MS) - 1;

const { below, pick, chance, some } = random(SEED);

let worker;
/** Every socket that ever authenticated, with the spans of its roles. */
const everybody = [];
/** Every event, with the span between its first request and its last answer. */
const events = [];

/** Opens a socket of a random user. It is refused where the user was revoked a moment ago. */
async function join() {
  const orgId = pick(ORGANIZATIONS);
  const user = pick(USERS);
  const roles = some(ROLES);
  const expires = chance(0.1) ? nowS() + 3 : nowS() + 3_600;
  const claims = { sub: user, orgId, role: roles.join(","), iat: nowS() - 1, exp: expires };
  const ways = [{}, { query: "" }, { query: "", flow: false }].map((way) => ({ ...way, timeout: 20_000 }));
  try {
    const client = await worker.join(claims, pick(ways));
    const one = { client, orgId, user, expires: expires * 1_000, left: Infinity, ending: Infinity, revoked: Infinity, spans: [{ roles, from: Date.now(), to: Infinity }] };
    client.gone.then(() => (one.left = Math.min(one.left, Date.now())));
    everybody.push(one);
  } catch (error) {
    assert.match(String(error), /auth_error|closed with|HTTP 50\d|ECONN|socket hang up/, `seed ${SEED}`);
  }
}

/** Shows a token with other roles; what is sent meanwhile may be judged by either. */
function change(one) {
  const roles = some(ROLES);
  const before = one.spans.at(-1);
  const span = { roles, from: Date.now(), to: Infinity };
  one.spans.push(span);
  before.to = Infinity;
  one.client.auth(token({ sub: one.user, orgId: one.orgId, role: roles.join(","), exp: Math.floor(one.expires / 1_000) }), one.orgId);
  const seen = one.client.frames.length;
  const settle = async () => {
    for (let waited = 0; waited < 3_000 && one.left === Infinity; waited += 20) {
      if (one.client.frames.slice(seen).some((text) => text.includes('"auth_success"'))) {
        before.to = Date.now();
        return;
      }
      await sleep(20);
    }
  };
  one.changing = settle().finally(() => (one.changing = undefined));
}

/** Sends an event until it is answered whole, under one key, by several requests at once at times. */
async function send() {
  const id = events.length;
  const event = { id, orgId: pick(ORGANIZATIONS), start: Date.now(), end: Infinity, isWhole: false };
  if (chance(0.4)) event.targetRoles = [pick(ROLES), pick(ROLES)];
  if (chance(0.2)) event.userId = pick(USERS);
  events.push(event);
  const { orgId: organizationId, targetRoles, userId } = event;
  const body = custom("e", { id }, { organizationId, ...(targetRoles && { targetRoles }), ...(userId && { userId }) });
  const once = () => worker.broadcast(body, { key: `key ${id}` }).catch(() => ({ status: 503 }));
  for (let tries = 0; tries < 6 && !event.isWhole; tries += 1) {
    const answers = await Promise.all(Array.from({ length: chance(0.3) ? 3 : 1 }, once));
    for (const { status } of answers) assert.ok(status === 200 || status === 503, `${status}, seed ${SEED}`);
    event.isWhole = answers.some(({ status, partial }) => status === 200 && !partial);
  }
  event.end = Date.now();
  if (chance(0.1)) {
    await sleep(below(2_000));
    await once();
  }
}

async function revoke() {
  const userId = pick(USERS);
  const at = Date.now();
  const organizationId = pick(ORGANIZATIONS);
  const mine = (before) => everybody.filter((one) => one.user === userId && one.orgId === organizationId && one.spans[0].from < before);
  // From the request on nothing is owed to them, though they may hear late that they are closed.
  const ending = (before) => mine(before).forEach((one) => (one.ending = Math.min(one.ending, at)));
  ending(at);
  const answer = await worker.broadcast(custom("auth:token-invalidated", {}, { organizationId, userId })).catch(() => ({}));
  const done = Date.now();
  ending(done);
  // Once it is accepted, no event may overtake it on its way to a holder that has not heard of it.
  // Those that were there before it are closed; a token of that very second is refused as well.
  if (answer.status === 200) mine(at).forEach((one) => (one.revoked = Math.min(one.revoked, done)));
}

const fault = () => {
  const object = pick(["org:org_1", "org:org_2", "lobby:0", "lobby:1"]);
  const path = object.startsWith("org") ? pick(["/broadcast", "/register", "/socket"]) : pick(["/deliver", "/deliver", "/revoke"]);
  const plan = pick([{ abort: "before" }, { abort: "after" }, { slowMs: 500 }, { slowMs: 2_300 }]);
  return worker.fault(object, { path, ...plan });
};

const entitled = (event, one, span) =>
  event.orgId === one.orgId &&
  (event.userId === undefined || event.userId === one.user) &&
  (event.targetRoles === undefined || event.targetRoles.some((role) => span.roles.includes(role)));

/** The place of the first event that began after a time; they stand in the order of their beginnings. */
function firstAfter(time) {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].start > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Judges what a socket received, and what it should have: only the events of its time are looked at,
 * or a long run would compare each of a thousand sockets with each of a hundred thousand events.
 * Answers how many frames were owed to it, all of which have come.
 */
function check(one) {
  const what = (event) => `seed ${SEED}: ${JSON.stringify({ event, user: one.user, spans: one.spans, left: one.left, first: one.spans[0].from, expires: one.expires, revoked: one.revoked, closed: one.client.closed })}`;
  const came = new Set();
  // What only the leeway of thirty seconds lets in, the leeway also ends.
  const ends = one.spans[0].from < one.expires ? one.expires : one.expires + LEEWAY_MS;
  for (const text of one.client.frames) {
    const message = JSON.parse(text);
    if (message.event !== "e") continue;
    const event = events[message.payload.id];
    assert.ok(!came.has(event.id), `twice, ${what(event)}`);
    came.add(event.id);
    assert.ok(one.spans.some((span) => event.start <= span.to && entitled(event, one, span)), `not entitled, ${what(event)}`);
    assert.ok(event.start < ends, `after it expired, ${what(event)}`);
    assert.ok(event.start <= one.revoked, `after it was revoked, ${what(event)}`);
  }
  let owed = 0;
  for (let at = firstAfter(one.spans[0].from); at < events.length && events[at].start < one.left; at += 1) {
    const event = events[at];
    const during = one.spans.filter((span) => span.from <= event.end && event.start <= span.to);
    const stayed = one.left > event.end + ARRIVAL_MS && one.ending > event.end && one.expires > event.end;
    if (stayed && event.isWhole && during.length > 0 && during.every((span) => entitled(event, one, span))) {
      owed += 1;
      assert.ok(came.has(event.id), `lost, ${what(event)}`);
    }
  }
  return owed;
}

/** In how many milliseconds the last alarm rings for who is there by the leeway alone. */
function lastAlarm() {
  const late = everybody.filter((one) => one.left === Infinity && one.expires < Date.now());
  return Math.max(0, ...late.map((one) => one.expires + LEEWAY_MS - Date.now()));
}

test("whatever happens, each frame is somebody's, once", { timeout: (SECONDS + 90) * 1_000 + SILENCES * (SILENCE_MS + LEEWAY_MS + 10_000) }, async (t) => {
  t.diagnostic(`CHAOS_SEED=${SEED}`);
  worker = await startWorker({ LOBBIES: 2, MAX_MESSAGES: 1_000 }, { faults: true });
  try {
    const before = worker.resident();
    await Promise.all(Array.from({ length: CLIENTS }, join));
    const going = new Set();
    const go = (work) => {
      const done = work.finally(() => going.delete(done));
      going.add(done);
    };
    const busy = async () => {
      const end = Date.now() + BUSY_MS;
      while (Date.now() < end) {
        const here = everybody.filter((one) => one.left === Infinity && one.changing === undefined);
        if (here.length < CLIENTS) go(join());
        const one = here.length > 0 ? pick(here) : undefined;
        if (one && chance(0.05)) {
          one.left = Date.now();
          chance(0.5) ? one.client.ws.terminate() : one.client.ws.close();
        } else if (one && chance(0.05)) change(one);
        else if (one && chance(0.05)) {
          one.client.ws.pause();
          setTimeout(() => one.client.ws.resume(), below(1_500));
        }
        if (chance(0.02)) go(revoke());
        if (chance(0.05)) go(fault());
        if (going.size < 40) go(send());
        await sleep(below(30));
      }
      await Promise.all(going);
    };
    await busy();
    for (let silence = 0; silence < SILENCES; silence += 1) {
      const made = await worker.made();
      const began = Math.round(Date.now() / 1_000);
      await sleep(lastAlarm() + SILENCE_MS);
      // Nobody but the clients that stayed is awake: an event finds them by what was kept of them.
      for (const orgId of ORGANIZATIONS) await worker.broadcast(custom("woken", {}, { organizationId: orgId }));
      const [after, seen] = [await worker.made(), await worker.seen()];
      for (const orgId of ORGANIZATIONS) {
        const name = `org:${orgId}`;
        assert.ok(after[name] > made[name], `no eviction of ${orgId} since ${began}, seed ${SEED}: ${seen[name].join(", ")}`);
      }
      await busy();
    }
    await sleep(ARRIVAL_MS + 500);
    await Promise.all(everybody.map((one) => one.changing));
    const owed = everybody.reduce((sum, one) => sum + check(one), 0);
    t.diagnostic(`${events.length} events, ${everybody.length} sockets, ${owed} frames owed and come, ${(worker.resident() - before) >> 20} MiB more`);
    assert.ok(owed > SECONDS * 10, `${owed} frames prove little`);
    assert.ok(worker.resident() - before < 400 << 20);
  } finally {
    await worker.stop();
  }
});
