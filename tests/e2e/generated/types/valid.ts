// Every way to call the helper that its users' documentation shows, and what real code hands it.
import {
  type BroadcastResult,
  createRealtime,
  type Realtime,
  RealtimeError,
} from "../.out/src/lib/realtime";

declare const ctx: {
  env: {
    REALTIME_URL: string;
    ACCESS_TOKEN: string;
    DB: { prepare(sql: string): unknown };
  };
  userId: string;
  activeOrgId: string | null;
};

/** As drizzle infers a row. */
interface Claim {
  id: string;
  title: string;
  status: string;
  confidence: number | null;
  dueAt: Date | null;
  organizationId: string;
}
declare const newClaim: Claim;
declare const oldClaim: Claim;
declare const anything: { [key: string]: unknown };

/** An interface has no implicit index signature. */
interface Action {
  id: string;
  actor: { name: string };
}
declare const action: Action;
declare const wideName: string;
declare const either: "claims" | "employees";

export async function documented(): Promise<void> {
  const realtime = createRealtime(ctx.env);
  await realtime.insert("claims", newClaim, ctx.activeOrgId!);
  await realtime.update("claims", newClaim, oldClaim, ctx.activeOrgId!);
  await realtime.delete("claims", { id: "claim_1" }, ctx.activeOrgId!);
  await realtime.insert(
    "materials",
    { id: "mat_123", title: "Breaking News", status: "pending" },
    ctx.activeOrgId!,
  );
  await realtime.update(
    "materials",
    { id: "mat_123", status: "completed" },
    { id: "mat_123", status: "pending" },
    ctx.activeOrgId!,
  );
  await realtime.broadcast(
    "processing-complete",
    { materialId: "mat_123", claimCount: 5, stages: ["fetch", "extract"] },
    ctx.activeOrgId!,
  );
  await realtime.insert("notes", action, ctx.activeOrgId!, {
    userId: ctx.userId,
  });
  await realtime.insert("admin-actions", action, ctx.activeOrgId!, {
    targetRoles: ["admin", "editor"],
  });
  await realtime.update("sensitive-data", anything, anything, "org", {
    targetRoles: ["editor+", "hr"],
  });
  await realtime.insert(
    "employees",
    { ssn: "123-45-6789", salary: 1, email: "a@b.co" },
    ctx.activeOrgId!,
    {
      maskingConfig: {
        ssn: { type: "ssn", show: { roles: ["admin", "hr"], or: "owner" } },
        salary: { type: "redact", show: { roles: ["admin"] } },
        email: { type: "email" },
        mobile: { type: "phone", show: { roles: ["everyone"] } },
      },
    },
  );
  await realtime.extraction.started({ materialId: "mat_123" }, "org");
  await realtime.notifications.new({ id: "n1" }, { organizationId: "org" });
  await realtime.notifications["step-done"](
    { id: "n1" },
    { organizationId: "org", userId: ctx.userId },
    { maskingConfig: { id: { type: "name" } } },
  );
  await realtime.presence.joined({ userId: ctx.userId }, ctx.activeOrgId!);
}

export async function everyType(realtime: Realtime): Promise<void> {
  await realtime.insert(
    "employees",
    {
      badge: 9007199254740993n,
      photo: new Uint8Array(3),
      phoneVerified: null,
      name: undefined,
    },
    "org",
  );
  await realtime.insert(
    "materials",
    { createdAt: new Date(), modifiedAt: 1, deletedAt: "2026-01-15", tags: [] },
    "org",
  );
  // Ids are numbers in some projects, and lists may hold lists.
  await realtime.insert("employees", { id: 7 }, "org");
  await realtime.insert(
    "materials",
    { createdBy: 7, modifiedBy: "user_1", grid: [[1, 2], []], title: null },
    "org",
  );
  // Its columns are not all known.
  await realtime.insert("imports", { id: "1", whatever: [1] }, "org", {
    maskingConfig: { id: { type: "name" }, whatever: { type: "redact" } },
  });
  await realtime.insert(wideName, action, "org", {
    maskingConfig: { actor: { type: "redact" } },
  });
  await realtime.broadcast("call", { apply: 1, bind: "x", call: null }, "org");
  await realtime.delete(either, { id: "1" }, "org");
  await realtime.insert('weird-"table"', { constructor: 1 }, "org");
}

export function results(result: BroadcastResult): number | string {
  if (!result.ok) {
    const status: number | undefined = result.error.status;
    return status ?? result.error.code;
  }
  if (result.skipped) return result.skipped;
  return result.delivered;
}

declare const processEnv: { [key: string]: string | undefined; TZ?: string };
/** As SvelteKit hands it on. */
declare const platform: { env?: (typeof ctx)["env"] } | undefined;
declare const unrelated: { DB: unknown };
declare const unknowns: { [key: string]: unknown };

export const others: Realtime[] = [
  createRealtime(processEnv),
  createRealtime(unrelated),
  createRealtime(unknowns),
  createRealtime({}),
  createRealtime(platform?.env),
  createRealtime(null),
  createRealtime({ REALTIME: { fetch: () => null }, ACCESS_TOKEN: "t" }),
  createRealtime(ctx.env, {
    throwOnError: true,
    onError: (error) => {
      const known: RealtimeError = error;
      throw known;
    },
  }),
];
