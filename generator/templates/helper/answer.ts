import { CONFIG_HASH } from "./rendered.ts";
import { type Answer, globals } from "./transport.ts";
import {
  type BroadcastResult,
  RealtimeError,
  type RealtimeOptions,
} from "./types.ts";

/** The hashes of other configurations that were reported already. */
const mismatches = new Set<string>();

export function readAnswer(
  answer: Answer,
  options: RealtimeOptions,
): BroadcastResult {
  const { configHash, delivered, partial } = answer;
  if (
    typeof configHash === "string" &&
    configHash !== CONFIG_HASH &&
    !mismatches.has(configHash)
  ) {
    mismatches.add(configHash);
    report(
      options,
      new RealtimeError(
        "config-mismatch",
        "The realtime worker runs another configuration than this helper: deploy both. " +
          "Until then the stricter of the two holds.",
      ),
    );
  }
  if (typeof delivered !== "number") {
    throw new RealtimeError(
      "bad-answer",
      "The realtime worker did not say how many sockets it reached. Is REALTIME_URL its address?",
    );
  }
  return partial === true
    ? { ok: true, delivered, partial }
    : { ok: true, delivered };
}

export function asRealtimeError(thrown: unknown): RealtimeError {
  if (thrown instanceof RealtimeError) return thrown;
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new RealtimeError(
    "unserializable",
    `The broadcast could not be put into words: ${why}`,
  );
}

export function report(options: RealtimeOptions, error: RealtimeError): void {
  if (options.onError === undefined) {
    globals.console.error(`[realtime] ${error.code}: ${error.message}`);
    return;
  }
  // The action has been committed: a listener's own failure, now or later, must not undo it.
  const failed = (): void =>
    globals.console.error("[realtime] onError itself failed");
  try {
    const heard: unknown = options.onError(error);
    Promise.resolve(heard).catch(failed);
  } catch {
    failed();
  }
}
