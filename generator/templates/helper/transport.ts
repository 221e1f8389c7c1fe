import { type RealtimeEnv, RealtimeError } from "./types.ts";

/** What an HTTP answer offers in every runtime. */
interface Reply {
  readonly status: number;
  text(): Promise<string>;
}

/** Whatever sends requests: the runtime itself, or a service binding. */
interface Fetcher {
  fetch(url: string, request: object): Promise<Reply>;
}

/** The part of the runtime that is used, so that no library of types has to declare it. */
interface Globals extends Fetcher {
  readonly AbortController: new () => {
    readonly signal: object;
    abort(): void;
  };
  readonly console: { error(text: string): void; warn(text: string): void };
  readonly crypto: { randomUUID(): string };
  btoa(binary: string): string;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}
export const globals: Globals = globalThis as unknown as Globals;

const TIMEOUT_MS = 2500;

/** What the worker says of a broadcast. */
export interface Answer {
  readonly delivered?: unknown;
  readonly partial?: unknown;
  readonly configHash?: unknown;
}

let saidNotConfigured = false;

/** What sends a body, or `null` where no worker is configured, which is said once. */
export function sender(
  env: RealtimeEnv | null | undefined,
): ((body: string) => Promise<Answer>) | null {
  // Outside a worker, a framework may hand on no environment at all.
  const {
    REALTIME_URL: url,
    ACCESS_TOKEN: token,
    REALTIME: binding,
  } = env ?? ({} as RealtimeEnv);
  const bound = isFetcher(binding);
  if (!bound && !url && !token) {
    if (!saidNotConfigured) {
      saidNotConfigured = true;
      globals.console.warn(
        "[realtime] Neither REALTIME_URL nor ACCESS_TOKEN is set: events are not sent.",
      );
    }
    return null;
  }
  if (!token) throw misconfigured("ACCESS_TOKEN");
  if (bound) {
    return (body) =>
      deliver(binding, "https://realtime/broadcast", token, body);
  }
  if (!url) throw misconfigured("REALTIME_URL");
  const address = `${url.replace(/\/+$/, "")}/broadcast`;
  return (body) => deliver(globals, address, token, body);
}

function isFetcher(value: unknown): value is Fetcher {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "fetch") === "function"
  );
}

function misconfigured(variable: string): RealtimeError {
  return new RealtimeError(
    "misconfigured",
    `${variable} is not set: set it for this service, or events are not sent.`,
  );
}

/** Sends a body, and once more where the first attempt may not have arrived. */
async function deliver(
  fetcher: Fetcher,
  url: string,
  token: string,
  body: string,
): Promise<Answer> {
  const request = {
    method: "POST",
    redirect: "manual",
    headers: {
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/json",
      // The same for both attempts, so that no event arrives twice.
      "Idempotency-Key": globals.crypto.randomUUID(),
    },
    body,
  };
  try {
    return await attemptOnce(fetcher, url, request);
  } catch (error) {
    if (!(error instanceof RealtimeError) || !isPassing(error)) throw error;
    return attemptOnce(fetcher, url, request);
  }
}

function isPassing({ code }: RealtimeError): boolean {
  return code === "network" || code === "timeout" || code === "unavailable";
}

async function attemptOnce(
  fetcher: Fetcher,
  url: string,
  request: object,
): Promise<Answer> {
  const controller = new globals.AbortController();
  let timer: unknown;
  const late = new Promise<never>((_, reject) => {
    timer = globals.setTimeout(() => {
      const message = `The realtime worker did not answer within ${TIMEOUT_MS} ms.`;
      reject(new RealtimeError("timeout", message));
      controller.abort();
    }, TIMEOUT_MS);
  });
  try {
    const { signal } = controller;
    return await Promise.race([
      exchange(fetcher, url, { ...request, signal }),
      late,
    ]);
  } finally {
    globals.clearTimeout(timer);
  }
}

async function exchange(
  fetcher: Fetcher,
  url: string,
  request: object,
): Promise<Answer> {
  let status: number;
  let text: string;
  try {
    const reply = await fetcher.fetch(url, request);
    status = reply.status;
    text = await reply.text();
  } catch (error) {
    throw new RealtimeError(
      "network",
      `The realtime worker could not be reached: ${reason(error)}`,
    );
  }
  const answer = parse(text);
  if (status >= 200 && status < 300) return answer;
  const said: unknown = Reflect.get(answer, "message");
  const why = typeof said === "string" ? `: ${said}` : ".";
  throw status >= 500
    ? new RealtimeError(
        "unavailable",
        `The realtime worker failed with status ${status}${why}`,
        status,
      )
    : new RealtimeError(
        "rejected",
        `The realtime worker refused the broadcast with status ${status}${why}`,
        status,
      );
}

/** The object that an answer holds; an empty one where it holds none. */
function parse(text: string): Answer {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // A proxy in between may answer in its own words.
    return {};
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node hides what happened in the cause.
  const cause: unknown = Reflect.get(error, "cause");
  return cause instanceof Error
    ? `${error.message} (${cause.message})`
    : error.message;
}
