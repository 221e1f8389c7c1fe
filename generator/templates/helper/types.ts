import type { Namespaces, RoleRef, Tables } from "./rendered.ts";

/**
 * What a broadcast needs of the environment; other variables do not matter. Any object will do,
 * `process.env` included.
 */
export type RealtimeEnv = object & {
  /** Where the realtime worker is, such as `https://realtime.example.com`. */
  readonly REALTIME_URL?: string | undefined;
  /** The secret that this service and the realtime worker share: one line of ASCII. */
  readonly ACCESS_TOKEN?: string | undefined;
  /** A service binding to the realtime worker, used in place of its URL. */
  readonly REALTIME?: object | undefined;
};

/** How failures are heard of. */
export interface RealtimeOptions {
  /**
   * Called with every failure, and once where the worker runs another configuration.
   * Without it, they are written to the log.
   */
  readonly onError?: ((error: RealtimeError) => void) | undefined;
  /** Whether a failure is thrown. Otherwise it is only returned. */
  readonly throwOnError?: boolean | undefined;
}

/** The name of a table. One that no definition declares is sent as the call says. */
export type TableName = keyof Tables | (string & {});

/**
 * A record of an undeclared table, or the payload of an event: any object but a list, a
 * function, and a promise of one.
 */
export type Loose =
  | { readonly [key: string]: unknown }
  | (object & {
      readonly [Symbol.iterator]?: never;
      // Every function has it, and no record.
      readonly [Symbol.hasInstance]?: never;
      readonly then?: never;
    });

/** The record of a table: its own columns, or anything where no definition declares it. */
export type RecordOf<T extends string> = T extends keyof Tables
  ? Tables[T]
  : Loose;

/** The organization whose members receive the event, or one user in it. */
export type Target =
  | string
  | {
      readonly organizationId: string;
      /** Only this user receives it. */
      readonly userId?: string;
      /** Not supported. */
      readonly scopeKey?: never;
    };

/** How a value is masked. */
export type MaskType =
  "email" | "phone" | "ssn" | "creditCard" | "name" | "redact";

/** How a column is masked, and who sees it plain. */
export interface MaskRule {
  readonly type: MaskType;
  readonly show?: {
    /** The roles that see it plain. */
    readonly roles?: readonly (RoleRef | "everyone")[];
    /** `owner`: the owner of the record sees it plain, too. */
    readonly or?: "owner";
  };
}

/** What narrows a broadcast. An option that is named must have a value. */
export interface BroadcastOptions<
  Masking = { readonly [key: string]: MaskRule },
> {
  /** Only this user receives it. */
  readonly userId?: string;
  /** Only members with one of these roles receive it. */
  readonly targetRoles?: readonly RoleRef[];
  /** Masks for this one broadcast, by column. */
  readonly maskingConfig?: Masking;
  /** Not supported. */
  readonly scopeKey?: never;
}

/** The options for the broadcast of a table's record. */
export type RecordOptions<T extends string> = BroadcastOptions<
  T extends keyof Tables
    ? { readonly [Column in keyof Tables[T]]?: MaskRule }
    : { readonly [column: string]: MaskRule }
>;

/** Why a broadcast failed. */
export type ErrorCode =
  | "bad-answer"
  | "bad-argument"
  | "config-mismatch"
  | "misconfigured"
  | "network"
  | "rejected"
  | "timeout"
  | "unavailable"
  | "unserializable";

/** What came of a broadcast. */
export type BroadcastResult =
  | {
      readonly ok: true;
      /** How many sockets it was sent to. */
      readonly delivered: number;
      /** Whether some of the worker's objects did not answer in time. */
      readonly partial?: true;
      readonly skipped?: never;
    }
  | {
      readonly ok: true;
      /** Why nothing was sent: the definitions switch it off, or no worker is configured. */
      readonly skipped: "event-off" | "not-configured";
      readonly delivered?: never;
    }
  | {
      readonly ok: false;
      readonly error: {
        readonly code: ErrorCode;
        readonly message: string;
        /** The status of the worker's answer, if there was one. */
        readonly status?: number;
      };
    };

/** Sends one custom event. */
export type SendEvent = (
  payload: Loose,
  target: Target,
  options?: BroadcastOptions,
) => Promise<BroadcastResult>;

/** Sends events to the clients that are connected to the realtime worker. */
export interface Realtime extends Namespaces {
  /** Tells that a record was inserted. Call it after the commit. */
  insert<T extends TableName>(
    table: T,
    newRecord: RecordOf<T>,
    target: Target,
    options?: RecordOptions<T>,
  ): Promise<BroadcastResult>;
  /** Tells that a record was updated. Call it after the commit. */
  update<T extends TableName>(
    table: T,
    newRecord: RecordOf<T>,
    oldRecord: RecordOf<T>,
    target: Target,
    options?: RecordOptions<T>,
  ): Promise<BroadcastResult>;
  /** Tells that a record was deleted. Call it after the commit. */
  delete<T extends TableName>(
    table: T,
    oldRecord: RecordOf<T>,
    target: Target,
    options?: RecordOptions<T>,
  ): Promise<BroadcastResult>;
  /** Sends an event that no namespace defines. */
  broadcast(
    event: string,
    payload: Loose,
    target: Target,
    options?: BroadcastOptions,
  ): Promise<BroadcastResult>;
}

/** A broadcast that failed: what `onError` hears and `throwOnError` throws. */
export class RealtimeError extends Error {
  /** What kind of failure it is. */
  readonly code: ErrorCode;
  /** The status of the worker's answer, if there was one. */
  readonly status: number | undefined;

  constructor(code: ErrorCode, message: string, status?: number) {
    super(message);
    this.name = "RealtimeError";
    this.code = code;
    this.status = status;
  }
}
