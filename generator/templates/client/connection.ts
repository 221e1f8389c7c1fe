import { refusalOf } from "./organization.ts";
import type {
  ClientOptions,
  Socket,
  Status,
  StatusDetail,
  Timing,
} from "./types.ts";

/** The part of the runtime that is used, so that no library of types has to declare it. */
interface Globals {
  readonly WebSocket?: new (url: string) => Socket;
  readonly console: { error(...values: unknown[]): void };
  readonly document?: EventSource & { readonly visibilityState: string };
  readonly addEventListener?: EventSource["addEventListener"];
  readonly removeEventListener?: EventSource["removeEventListener"];
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}
interface EventSource {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}
const globals: Globals = globalThis as unknown as Globals;

const USUAL: Timing = {
  connect: 15_000,
  ping: 25_000,
  pong: 10_000,
  firstRetry: 1_000,
  lastRetry: 30_000,
  stable: 10_000,
};

/** A timer that is given more milliseconds, or `Infinity`, fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** How long a socket that is left may take to close, where the runtime can cut it off. */
const CLOSE_MS = 2_000;

/** After so many events, or so many characters of them, the worker is told that they arrived. */
const ACK_EVENTS = 64;
const ACK_CHARACTERS = 256 * 1024;

/** Closed with one of these, a client would only be closed again. */
const FINAL: readonly number[] = [4400, 4403, 4413];
/** Closed with one of these, a new token may help: once, if the last one had been refused. */
const TOKEN: readonly number[] = [4401, 4409];
/** Tokens are dated by the second, and one of the second of a revocation is revoked as well. */
const NEWER_MS = 1_000;

/** The application's times where they can be used, the usual ones elsewhere. */
function timing(own: Partial<Timing> = {}): Timing {
  const times = { ...USUAL, ...own };
  const usable = (name: keyof Timing): number =>
    times[name] > 0 ? Math.min(times[name], LONGEST_MS) : USUAL[name];
  return {
    connect: usable("connect"),
    ping: usable("ping"),
    pong: usable("pong"),
    firstRetry: usable("firstRetry"),
    lastRetry: usable("lastRetry"),
    stable: usable("stable"),
  };
}

/** Tells the application of a failure that must not end the connection. */
export function report(options: ClientOptions, error: unknown): void {
  if (options.onError === undefined) {
    globals.console.error("[realtime]", error);
    return;
  }
  const { onError } = options;
  attempt(
    () => onError(error),
    () => globals.console.error("[realtime] onError itself failed"),
  );
}

/** Calls what the application gave. Whether it fails at once or later, the connection stays. */
export function call(options: ClientOptions, callback: () => unknown): void {
  attempt(callback, (error) => report(options, error));
}

function attempt(
  callback: () => unknown,
  failed: (error: unknown) => void,
): void {
  try {
    const result = callback();
    // What is asynchronous fails later, and in Node nobody would outlive that.
    if (typeof result === "object" && result !== null && "then" in result) {
      Promise.resolve(result).catch(failed);
    }
  } catch (error) {
    failed(error);
  }
}

/** What an event is given to, and what says whether its socket is still the connection's. */
type Receive = (event: object, isCurrent: () => boolean) => void;

/** One socket after the other, as one connection. */
export class Connection {
  status: Status = "closed";
  readonly #options: ClientOptions;
  readonly #receive: Receive;
  readonly #timing: Timing;
  #socket: Socket | null = null;
  /** Counts attempts to connect; what belongs to an earlier one than the last is over. */
  #attempt = 0;
  /** How many attempts have failed since a connection held. */
  #failures = 0;
  /** How many tokens in a row were refused. */
  #refusals = 0;
  /** Until when nothing may hurry the next attempt, by the clock. */
  #notBefore = 0;
  #wasConnected = false;
  #unsaid = { events: 0, characters: 0 };
  /** Whether a ping waits for its answer. */
  #isAsking = false;
  /** The timer of the present state: to connect in time, to ping, to be answered, to retry. */
  #timer: unknown;
  #stableTimer: unknown;

  constructor(options: ClientOptions, receive: Receive) {
    this.#options = options;
    this.#receive = receive;
    this.#timing = timing(options.timing);
  }

  connect(): void {
    if (this.status !== "closed") return;
    this.#failures = 0;
    this.#refusals = 0;
    globals.addEventListener?.("online", this.#wake);
    globals.document?.addEventListener("visibilitychange", this.#wake);
    this.status = "connecting";
    this.#attempt += 1;
    const attempt = this.#attempt;
    // The callbacks may ask the client, which is not theirs before this has returned.
    Promise.resolve().then(() => {
      if (attempt === this.#attempt) this.#open("Connecting.");
    });
  }

  close(): void {
    if (this.status === "closed") return;
    this.#end(null, "Closed by the application.");
  }

  /** The network or the page is back: what was waited for may be there. */
  readonly #wake = (): void => {
    if (globals.document?.visibilityState === "hidden") return;
    if (this.status === "waiting") {
      // A clock that was set back must not make it longer.
      const left = Math.min(this.#notBefore - Date.now(), NEWER_MS);
      const again = (): void => this.#open("Trying again at once.");
      if (left > 0) this.#after(left, again);
      else again();
    }
    // A second ping would only give a dead connection more time.
    if (this.status === "connected" && !this.#isAsking) this.#ping();
  };

  #open(reason: string): void {
    this.#release();
    const attempt = this.#attempt;
    const refusal = refusalOf(this.#options.organizationId);
    if (refusal !== null) {
      // The worker would refuse each socket before it opens, and nothing would say why.
      const error = new Error(refusal.error);
      this.#fail(error, () => this.#end(null, refusal.reason));
      return;
    }
    this.#after(this.#timing.connect, () =>
      this.#lost(null, "The realtime worker did not answer in time."),
    );
    this.#say("connecting", { code: null, reason, retryInMs: null });
    // The application may have closed it when it heard that.
    if (attempt !== this.#attempt) return;
    const missed = (error: unknown): void =>
      this.#fail(error, () => this.#lost(null, "There was no token."));
    // A callback may throw at once, or later.
    new Promise<unknown>((resolve) => resolve(this.#options.token())).then(
      (token: unknown) => {
        if (attempt !== this.#attempt) return;
        if (typeof token === "string" && token !== "") {
          this.#start(token);
          return;
        }
        // Without one the worker would close the connection for good.
        missed(new Error("The callback `token` gave none."));
      },
      (error: unknown) => {
        if (attempt === this.#attempt) missed(error);
      },
    );
  }

  #start(token: string): void {
    const { organizationId, url, WebSocket } = this.#options;
    const Class = WebSocket ?? globals.WebSocket;
    let socket: Socket;
    try {
      if (Class === undefined)
        throw new Error("This runtime has no WebSocket.");
      socket = new Class(address(url, organizationId));
    } catch (error) {
      this.#fail(error, () =>
        this.#end(null, "No socket can be opened to this address."),
      );
      return;
    }
    this.#socket = socket;
    socket.onopen = () => {
      const auth = { type: "auth", token, organizationId, flow: true };
      socket.send(JSON.stringify(auth));
    };
    socket.onmessage = ({ data }: { data: unknown }) => this.#hear(data);
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => {
      // There is nothing left to close.
      this.#socket = null;
      this.#closed(code, reason);
    };
    // A close follows each error, and one that is closed before it opens fails, too. In Node
    // nobody would outlive an error to which nobody listens.
    socket.onerror = () => undefined;
  }

  /** Reports what ends this attempt, unless the application then ends it itself. */
  #fail(error: unknown, end: () => void): void {
    const attempt = this.#attempt;
    report(this.#options, error);
    if (attempt === this.#attempt) end();
  }

  #hear(data: unknown): void {
    if (this.#isAsking) {
      // Whatever arrives proves that the connection lives.
      this.#isAsking = false;
      this.#schedulePing();
    }
    if (typeof data !== "string" || data === "pong") return;
    let message: unknown;
    try {
      message = JSON.parse(data);
    } catch {
      report(this.#options, new Error("A message was not JSON."));
      return;
    }
    if (typeof message !== "object" || message === null) return;
    const type: unknown = Reflect.get(message, "type");
    if (type === "auth_success") {
      this.#authenticated();
    } else if (type === "error") {
      report(this.#options, new Error(`The realtime worker said ${data}`));
    } else if (type === "postgres_changes" || type === "broadcast") {
      const socket = this.#socket;
      this.#receive(message, () => socket === this.#socket);
      // Where a listener closed it, this goes with the socket.
      this.#acknowledge(data.length);
    }
  }

  #authenticated(): void {
    // A later one only renews roles and expiry.
    if (this.status !== "connecting") return;
    this.#refusals = 0;
    this.#stableTimer = globals.setTimeout(() => {
      this.#failures = 0;
    }, this.#timing.stable);
    this.#schedulePing();
    const isBack = this.#wasConnected;
    this.#wasConnected = true;
    const reason = isBack ? "Connected again." : "Connected.";
    const attempt = this.#attempt;
    this.#say("connected", { code: null, reason, retryInMs: null });
    if (isBack && attempt === this.#attempt) {
      call(this.#options, () => this.#options.onReconnect?.());
    }
  }

  #acknowledge(characters: number): void {
    this.#unsaid.events += 1;
    this.#unsaid.characters += characters;
    const { events, characters: all } = this.#unsaid;
    if (events < ACK_EVENTS && all < ACK_CHARACTERS) return;
    this.#unsaid = { events: 0, characters: 0 };
    this.#socket?.send(JSON.stringify({ type: "ack", count: events }));
  }

  /** However much arrives: to the worker, a client from which it hears nothing is idle. */
  #schedulePing(): void {
    this.#after(this.#timing.ping, () => this.#ping());
  }

  #ping(): void {
    this.#isAsking = true;
    this.#socket?.send("ping");
    this.#after(this.#timing.pong, () =>
      this.#lost(null, "The connection went silent."),
    );
  }

  #closed(code: number, reason: string): void {
    const why = reason === "" ? `Closed with ${code}.` : reason;
    if (FINAL.includes(code)) {
      this.#end(code, why);
      return;
    }
    const needsToken = TOKEN.includes(code);
    if (!needsToken) {
      this.#refusals = 0;
    } else if (this.status === "connecting") {
      // What ends a session that stood refuses no token.
      this.#refusals += 1;
      if (this.#refusals > 1) {
        this.#end(code, why);
        return;
      }
    }
    this.#lost(code, why, needsToken ? NEWER_MS : 0);
  }

  /**
   * Waits, and tries again: twice as long at most each time, and anywhere below that, beside the
   * `least` milliseconds.
   */
  #lost(code: number | null, reason: string, least = 0): void {
    this.#release();
    const { firstRetry, lastRetry } = this.#timing;
    const most = Math.min(lastRetry, firstRetry * 2 ** this.#failures);
    this.#failures += 1;
    const wait = least + Math.round(Math.random() * most);
    const retryInMs = Math.min(wait, LONGEST_MS);
    this.#notBefore = Date.now() + least;
    this.#after(retryInMs, () => this.#open("Trying again."));
    this.#say("waiting", { code, reason, retryInMs });
  }

  #end(code: number | null, reason: string): void {
    this.#release();
    globals.removeEventListener?.("online", this.#wake);
    globals.document?.removeEventListener("visibilitychange", this.#wake);
    this.#say("closed", { code, reason, retryInMs: null });
  }

  /** Ends the attempt, and leaves its socket if there is one. */
  #release(): void {
    this.#attempt += 1;
    globals.clearTimeout(this.#timer);
    globals.clearTimeout(this.#stableTimer);
    this.#unsaid = { events: 0, characters: 0 };
    this.#isAsking = false;
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null) leave(socket);
  }

  #after(milliseconds: number, callback: () => void): void {
    globals.clearTimeout(this.#timer);
    this.#timer = globals.setTimeout(callback, milliseconds);
  }

  #say(status: Status, detail: StatusDetail): void {
    this.status = status;
    call(this.#options, () => this.#options.onStatus?.(status, detail));
  }
}

/** Closes a socket: nothing of it is heard from now on. */
function leave(socket: Socket): void {
  socket.onopen = null;
  socket.onmessage = null;
  // Whoever is gone never answers, and `ws` would keep the process for that.
  const timer = globals.setTimeout(() => socket.terminate?.(), CLOSE_MS);
  socket.onclose = () => globals.clearTimeout(timer);
  socket.close(1000);
}

/** The address of the worker's sockets, which open in the organization's own object. */
function address(url: string, organizationId: string): string {
  const [rest = "", query = ""] = url.trim().split("?", 2);
  const base = rest.replace(/^http/i, "ws").replace(/\/+$/, "");
  const path = /^wss?:\/\/[^/]+$/i.test(base) ? "/realtime/v1/websocket" : "";
  const own = `organizationId=${encodeURIComponent(organizationId)}`;
  return `${base}${path}?${query === "" ? own : `${query}&${own}`}`;
}
