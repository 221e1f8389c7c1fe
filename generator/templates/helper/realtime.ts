import { asRealtimeError, readAnswer, report } from "./answer.ts";
import { eventBody, recordBody } from "./body.ts";
import { EVENTS } from "./rendered.ts";
import { sender } from "./transport.ts";
import type {
  BroadcastResult,
  Realtime,
  RealtimeEnv,
  RealtimeOptions,
} from "./types.ts";

/**
 * Makes the sender of realtime events. It holds nothing open: make one for each request. Outside a
 * worker, a framework may hand on no environment at all; nothing is sent then.
 */
export function createRealtime(
  env: RealtimeEnv | null | undefined,
  options: RealtimeOptions = {},
): Realtime {
  /** Builds and sends one body; `null` stands for an event that is switched off. */
  const attempt = async (
    build: () => string | null,
  ): Promise<BroadcastResult> => {
    try {
      const body = build();
      if (body === null) return { ok: true, skipped: "event-off" };
      const send = sender(env);
      if (send === null) return { ok: true, skipped: "not-configured" };
      return readAnswer(await send(body), options);
    } catch (thrown) {
      const error = asRealtimeError(thrown);
      report(options, error);
      if (options.throwOnError === true) throw error;
      const { code, message, status } = error;
      const details = { code, message };
      return {
        ok: false,
        error: status === undefined ? details : { ...details, status },
      };
    }
  };
  const event =
    (name: unknown) => (payload: unknown, target: unknown, narrow: unknown) =>
      attempt(() => eventBody(name, payload, target, narrow));

  // The types of the arguments are those of `Realtime`; here nothing is taken on trust.
  const realtime: object = {
    insert: (
      table: unknown,
      now: unknown,
      target: unknown,
      narrow: unknown,
    ): unknown =>
      attempt(() => recordBody("INSERT", table, now, null, target, narrow)),
    update: (
      table: unknown,
      now: unknown,
      before: unknown,
      target: unknown,
      narrow: unknown,
    ): unknown =>
      attempt(() => recordBody("UPDATE", table, now, before, target, narrow)),
    delete: (
      table: unknown,
      before: unknown,
      target: unknown,
      narrow: unknown,
    ): unknown =>
      attempt(() => recordBody("DELETE", table, null, before, target, narrow)),
    broadcast: (
      name: unknown,
      payload: unknown,
      target: unknown,
      narrow: unknown,
    ): unknown => event(name)(payload, target, narrow),
  };
  for (const [namespace, names] of EVENTS) {
    // Without a prototype, and defined rather than assigned: an event may have any name.
    const methods: object = Object.create(null);
    for (const name of names) {
      const value = event(`${namespace}:${name}`);
      Object.defineProperty(methods, name, { value, enumerable: true });
    }
    const value = methods;
    Object.defineProperty(realtime, namespace, { value, enumerable: true });
  }
  return realtime as Realtime;
}
