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

/** The parts of an address. */
interface Address {
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
}

/** The part of the runtime that is used, so that no library of types has to declare it. */
interface Globals extends Fetcher {
  readonly AbortController: new () => {
    readonly signal: object;
    abort(): void;
  };
  readonly URL: new (url: string) => Address;
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
  const variables: object = env ?? {};
  const binding: unknown = Reflect.get(variables, "REALTIME");
  const bound = isFetcher(binding);
  const url = bound ? "" : read(variables, "REALTIME_URL");
  const token = read(variables, "ACCESS_TOKEN");
  if (!bound && url === "" && token === "") {
    if (!saidNotConfigured) {
      saidNotConfigured = true;
      globals.console.warn(
        "[realtime] Neither REALTIME_URL nor ACCESS_TOKEN is set: events are not sent.",
      );
    }
    return null;
  }
  requireToken(token);
  if (bound) {
    const to = { fetcher: binding, url: "https://realtime/broadcast", token };
    return (body) => deliver(to, body);
  }
  requireAddress(url);
  const address = `${url.replace(/\/+$/, "")}/broadcast`;
  const to = { fetcher: globals, url: address, token };
  return (body) => deliver(to, body);
}

/** The value of a variable, without the white space around it; empty if it is not set. */
function read(variables: object, name: string): string {
  const value: unknown = Reflect.get(variables, name);
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value.trim();
  throw misconfigured(`${name} is not a string.`);
}

/** Refuses one that cannot be sent. What `fetch` says of it would show it. */
function requireToken(token: string): void {
  if (token === "") throw notSet("ACCESS_TOKEN");
  if (!/^[\t\x20-\x7e]+$/.test(token)) {
    throw misconfigured(
      "ACCESS_TOKEN has a character that an HTTP header cannot carry, such as a line break: " +
        "set another one, for this service and for the realtime worker.",
    );
  }
}

/** Refuses one that cannot be fetched. What `fetch` says of it would show its password. */
function requireAddress(url: string): void {
  if (url === "") throw notSet("REALTIME_URL");
  let address: Address;
  try {
    address = new globals.URL(url);
  } catch {
    throw misconfigured("REALTIME_URL is not an address.");
  }
  const { protocol, username, password } = address;
  if (protocol !== "https:" && protocol !== "http:") {
    throw misconfigured(
      "REALTIME_URL does not begin with https:// or http://.",
    );
  }
  if (username !== "" || password !== "") {
    throw misconfigured(
      "REALTIME_URL has a user or a password in it, which are not sent: leave them out.",
    );
  }
}

function isFetcher(value: unknown): value is Fetcher {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "fetch") === "function"
  );
}

function misconfigured(message: string): RealtimeError {
  return new RealtimeError("misconfigured", message);
}

function notSet(variable: string): RealtimeError {
  return misconfigured(
    `${variable} is not set: set it for this service, or events are not sent.`,
  );
}

/** The realtime worker. */
interface Destination {
  readonly fetcher: Fetcher;
  readonly url: string;
  readonly token: string;
}

/** Sends a body, and once more where the first attempt may not have arrived. */
async function deliver(to: Destination, body: string): Promise<Answer> {
  const request = {
    method: "POST",
    redirect: "manual",
    headers: {
      Authorization: `Bearer ${to.token}`,
      "Content-Type": "application/json",
      // The same for both attempts, so that no event arrives twice.
      "Idempotency-Key": globals.crypto.randomUUID(),
    },
    body,
  };
  try {
    return await attemptOnce(to, request);
  } catch (error) {
    if (!(error instanceof RealtimeError) || !isPassing(error)) throw error;
    return attemptOnce(to, request);
  }
}

function isPassing({ code }: RealtimeError): boolean {
  return code === "network" || code === "timeout" || code === "unavailable";
}

async function attemptOnce(to: Destination, request: object): Promise<Answer> {
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
    return await Promise.race([exchange(to, { ...request, signal }), late]);
  } finally {
    globals.clearTimeout(timer);
  }
}

async function exchange(
  { fetcher, url, token }: Destination,
  request: object,
): Promise<Answer> {
  // What others say ends in logs, and may repeat what they were sent.
  const quote = (text: string): string =>
    text.split(token).join("[ACCESS_TOKEN]");
  let status: number;
  let text: string;
  try {
    const reply = await fetcher.fetch(url, request);
    status = reply.status;
    text = await reply.text();
  } catch (error) {
    throw new RealtimeError(
      "network",
      `The realtime worker could not be reached: ${quote(reason(error))}`,
    );
  }
  const answer = parse(text);
  if (status >= 200 && status < 300) return answer;
  const said: unknown = Reflect.get(answer, "message");
  const why = typeof said === "string" ? `: ${quote(said)}` : ".";
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
