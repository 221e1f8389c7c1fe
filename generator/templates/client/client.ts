import { Connection, call } from "./connection.ts";
import type { ClientOptions, RealtimeClient } from "./types.ts";

/** Connects to the realtime worker, and stays connected until it is closed. */
export function createRealtimeClient(options: ClientOptions): RealtimeClient {
  const listeners = new Map<string, Set<Listener>>();
  const connection = new Connection(options, (message, isCurrent) => {
    const heard = read(message);
    if (heard === null) return;
    const known = listeners.get(heard.topic);
    if (known === undefined) return;
    // A copy: a listener that another one registers hears of the next event first.
    for (const listener of [...known]) {
      // One before it may have ended it, or the connection.
      if (!known.has(listener) || !isCurrent()) continue;
      call(options, () => listener(...heard.values));
    }
  });
  const on = (...wanted: unknown[]): (() => void) => {
    const listener = wanted.pop() as Listener;
    const topic = JSON.stringify(wanted);
    const known = listeners.get(topic) ?? new Set<Listener>();
    listeners.set(topic, known);
    // The same function may be registered twice, and each registration ends by itself.
    const own: Listener = (...values) => listener(...values);
    known.add(own);
    return () => {
      known.delete(own);
      // The names of events may be made up, a new one each time.
      if (known.size === 0 && listeners.get(topic) === known) {
        listeners.delete(topic);
      }
    };
  };
  connection.connect();
  return {
    get status() {
      return connection.status;
    },
    on: on as RealtimeClient["on"],
    connect: () => connection.connect(),
    close: () => connection.close(),
  };
}

type Listener = (...values: unknown[]) => unknown;

/** The registration that an event is for, and what its listeners are called with. */
interface Heard {
  readonly topic: string;
  readonly values: readonly unknown[];
}

function read(message: object): Heard | null {
  const get = (key: string): unknown => Reflect.get(message, key);
  if (get("type") === "broadcast") {
    return { topic: JSON.stringify([get("event")]), values: [get("payload")] };
  }
  const change = get("eventType");
  const topic = JSON.stringify([get("table"), change]);
  switch (change) {
    case "INSERT":
      return { topic, values: [get("new")] };
    case "UPDATE":
      return { topic, values: [get("new"), get("old")] };
    case "DELETE":
      return { topic, values: [get("old")] };
    default:
      return null;
  }
}
