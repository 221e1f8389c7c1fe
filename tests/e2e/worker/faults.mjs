// The worker as it is emitted, within a class that can be told to make an object slow, before a
// request or with its answer, to end it before or after one, as an eviction or a failing machine
// would, to fail on a statement of SQL, to compute signatures slowly, and to set the clock. It runs
// in workerd in the place of the worker; the tests tell it what to do by POST /fault, and GET /fault
// tells them how often each object was made, and what it saw last.
import Real, { Broadcaster as RealBroadcaster } from "./index.js";

/** What to do, by the name of the object; an isolate runs all objects here. */
const plans = new Map();

/** Takes the next fault of an object for such a request or statement, if there is one. */
function next(name, what, kind = "path") {
  const plan = plans.get(name);
  if (plan === undefined || plan[kind] !== what || plan.times === 0) return {};
  plan.times -= 1;
  return plan;
}

/** Milliseconds by which everything here takes it to be later than it is. */
let ahead = 0;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(RealDate.now() + ahead);
    else super(...values);
  }

  static now() {
    return RealDate.now() + ahead;
  }
};

const { verify } = SubtleCrypto.prototype;
SubtleCrypto.prototype.verify = async function (...values) {
  const { slowMs } = next("crypto", "verify");
  if (slowMs !== undefined) await scheduler.wait(slowMs);
  return verify.apply(this, values);
};

/** An object of the runtime as it is, but for some of its members. */
const but = (object, members) =>
  new Proxy(object, {
    get(target, name) {
      if (name in members) return members[name];
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

/** Its context, but for the alarm, which the runtime rings by a clock that nobody sets, and SQL. */
const faulty = (context) => {
  const { storage, id } = context;
  const setAlarm = (at, options) => storage.setAlarm(Number(at) - ahead, options);
  const exec = (query, ...values) => {
    if (next(id.name, query.slice(0, query.indexOf(" (")), "sql").times !== undefined) throw new Error("a fault in SQL");
    return storage.sql.exec(query, ...values);
  };
  return but(context, { storage: but(storage, { setAlarm, sql: but(storage.sql, { exec }) }) });
};

/** How often each object was made: once more than it was evicted or ended. */
const made = {};

/** What kept each object awake, with the second, the last first; of use where one was not evicted. */
const seen = {};
function note(name, what) {
  seen[name] = [`${Math.round(Date.now() / 1_000)} ${what}`, ...(seen[name] ?? []).slice(0, 39)];
}

export class Broadcaster {
  constructor(context, env) {
    made[context.id.name] = (made[context.id.name] ?? 0) + 1;
    this.context = context;
    this.real = new RealBroadcaster(faulty(context), env);
  }

  async fetch(request) {
    const { pathname } = new URL(request.url);
    note(this.context.id.name, pathname);
    const { slowMs, lateMs, abort } = next(this.context.id.name, pathname);
    if (slowMs !== undefined) await scheduler.wait(slowMs);
    if (abort === "before") this.context.abort("a fault before a request");
    const response = await this.real.fetch(request);
    if (lateMs !== undefined) await scheduler.wait(lateMs);
    if (abort === "after") this.context.abort("a fault after a request");
    return response;
  }

  alarm(...values) {
    note(this.context.id.name, "alarm");
    return this.real.alarm(...values);
  }

  webSocketMessage(...values) {
    note(this.context.id.name, "message");
    return this.real.webSocketMessage(...values);
  }

  webSocketClose(...values) {
    note(this.context.id.name, "close");
    return this.real.webSocketClose(...values);
  }

  webSocketError(...values) {
    return this.real.webSocketError(...values);
  }
}

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname !== "/fault") return new Real(context, env).fetch(request);
    if (request.method === "GET") return Response.json({ made, seen });
    const { object, clock, ...plan } = await request.json();
    if (clock === undefined) plans.set(object, { times: 1, ...plan });
    else ahead = clock * 1_000;
    return new Response("{}");
  },
};
