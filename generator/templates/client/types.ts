import type { EventName, NamespaceName, Tables } from "./rendered.ts";

/** A record or a payload about which nothing is known. */
export type Loose = { readonly [key: string]: unknown };

/** The name of a table. One that no definition declares has records of any shape. */
export type TableName = keyof Tables | (string & {});

/** The record of a table, as it arrives. */
export type RecordOf<T extends string> = T extends keyof Tables
  ? Tables[T]["record"]
  : Loose;

/** The changes of a table that are broadcast. */
export type ChangeOf<T extends string> = T extends keyof Tables
  ? Tables[T]["events"]
  : "INSERT" | "UPDATE" | "DELETE";

/**
 * What hears of a change: of an update both records, the new one first. Of one change or another,
 * it hears the record that all of them have. It may be asynchronous.
 */
export type ChangeListener<T extends string, C> = [C] extends ["UPDATE"]
  ? (record: RecordOf<T>, old: RecordOf<T>) => unknown
  : (record: RecordOf<T>) => unknown;

/**
 * An event that no namespace defines. It has no table's name, so that a change cannot be forgotten:
 * for one that does, `on("claims" as string, …)`.
 */
export type OtherEvent<E extends string> = E extends
  `${NamespaceName}:${string}` | keyof Tables
  ? never
  : E;

/** How the connection is: `waiting` to try again, `closed` for good. */
export type Status = "connecting" | "connected" | "waiting" | "closed";

/** Why the connection is as it is. */
export interface StatusDetail {
  /** The code with which the last socket closed, if it did. */
  readonly code: number | null;
  /** What happened, in words. */
  readonly reason: string;
  /** How long it waits before it tries again, in milliseconds. */
  readonly retryInMs: number | null;
}

/**
 * How long things may take, in milliseconds. `Infinity` stands for weeks; what is not above zero
 * stands for the usual time.
 */
export interface Timing {
  /** Until a connection is authenticated, the token's callback included. */
  readonly connect: number;
  /** Between two pings. */
  readonly ping: number;
  /** Until a ping must have been answered. */
  readonly pong: number;
  /** The longest wait before the second attempt; it doubles with each. */
  readonly firstRetry: number;
  /** The longest wait before any attempt. */
  readonly lastRetry: number;
  /** How long a connection must hold for the waits to start anew. */
  readonly stable: number;
}

/** The part of a WebSocket that is used. */
export interface Socket {
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** Cuts it off without waiting for the other end, where a runtime can. */
  terminate?(): void;
}

/** What a client is made with. */
export interface ClientOptions {
  /** Where the realtime worker is, such as `https://realtime.example.com`. */
  readonly url: string;
  /**
   * The organization whose events are wanted. Its id has at most 1,020 bytes, fewer where `MAX_ID`
   * or `SHARDS` of the worker say so.
   */
  readonly organizationId: string;
  /** Returns a session token or an API key. It is asked anew for each connection. */
  readonly token: () => string | Promise<string>;
  /** Hears how the connection is, whenever that changes. */
  readonly onStatus?:
    ((status: Status, detail: StatusDetail) => unknown) | undefined;
  /** Called after a lost connection is back. What happened in between is gone: fetch it. */
  readonly onReconnect?: (() => unknown) | undefined;
  /** Hears of a token that could not be had, and of listeners that failed, at once or later. */
  readonly onError?: ((error: unknown) => unknown) | undefined;
  /** The class of sockets, where the runtime has none (Node before 22): that of `ws`. */
  readonly WebSocket?: (new (url: string) => Socket) | undefined;
  /** Other times than the usual ones. */
  readonly timing?: Partial<Timing> | undefined;
}

/** A connection to the realtime worker that comes back by itself. */
export interface RealtimeClient {
  /** How the connection is. */
  readonly status: Status;
  /** Calls `listener` with every change of a table's records. Returns what ends that. */
  on<T extends TableName, C extends ChangeOf<T>>(
    table: T,
    change: C,
    listener: ChangeListener<T, C>,
  ): () => void;
  /** Calls `listener` with the payload of every such event. Returns what ends that. */
  on<E extends string, Payload = Loose>(
    event: EventName | OtherEvent<E>,
    listener: (payload: Payload) => unknown,
  ): () => void;
  /** Tries again, after the connection was closed for good. */
  connect(): void;
  /** Closes the connection for good. */
  close(): void;
}
