// Mistakes that must not compile. Each directive fails the build if its line has no error.
import { createRealtime } from "../.out/src/lib/realtime";

const realtime = createRealtime({});
const org = "org_1";
const later = Promise.resolve({ id: "1" });

export async function tables(): Promise<void> {
  // @ts-expect-error: no such column
  await realtime.insert("claims", { id: "1", titel: "x" }, org);
  // @ts-expect-error: no such column in the old record
  await realtime.update("claims", { id: "1" }, { id: "1", titel: "x" }, org);
  // @ts-expect-error: another type
  await realtime.insert("claims", { id: 1 }, org);
  // @ts-expect-error: a UUID is text
  await realtime.insert("materials", { imageId: 1 }, org);
  // @ts-expect-error: a list of lists
  await realtime.insert("materials", { grid: [1] }, org);
  // @ts-expect-error: not among the enum's values
  await realtime.insert("materials", { status: "done" }, org);
  // @ts-expect-error: the old record is missing
  await realtime.update("claims", { id: "1" }, org);
  // @ts-expect-error: a function is no record
  await realtime.insert("notes", () => ({ id: "1" }), org);
  // @ts-expect-error: nor where the columns are known
  await realtime.insert("claims", () => ({ id: "1" }), org);
  // @ts-expect-error: nor where not all of them are
  await realtime.insert("imports", () => ({ id: "1" }), org);
  // @ts-expect-error: a list is no record
  await realtime.insert("notes", [{ id: "1" }], org);
  // @ts-expect-error: neither is a text
  await realtime.insert("notes", "x", org);
  // @ts-expect-error: the target is missing
  await realtime.delete("claims", { id: "1" });
  // @ts-expect-error: there may be no organization
  await realtime.delete("claims", { id: "1" }, null);
}

export async function narrowing(): Promise<void> {
  // @ts-expect-error: no such role
  await realtime.insert("claims", {}, org, { targetRoles: ["admn"] });
  // @ts-expect-error: not in the hierarchy
  await realtime.insert("claims", {}, org, { targetRoles: ["hr+"] });
  // @ts-expect-error: nobody has this role
  await realtime.insert("claims", {}, org, { targetRoles: ["*"] });
  // @ts-expect-error: not a list
  await realtime.insert("claims", {}, org, { targetRoles: "admin" });
  // @ts-expect-error: not an option
  await realtime.insert("claims", {}, org, { roles: ["admin"] });
  // @ts-expect-error: not supported
  await realtime.insert("claims", {}, org, { scopeKey: "x" });
  // @ts-expect-error: not supported
  await realtime.insert("claims", {}, { organizationId: org, scopeKey: "x" });
  // @ts-expect-error: no organization
  await realtime.insert("claims", {}, { userId: "u1" });
  // @ts-expect-error: not in a target
  await realtime.insert("claims", {}, { organizationId: org, roles: [] });
}

export async function masks(): Promise<void> {
  await realtime.insert("employees", {}, org, {
    // @ts-expect-error: no such column
    maskingConfig: { sn: { type: "ssn" } },
  });
  await realtime.insert("employees", {}, org, {
    // @ts-expect-error: no such type
    maskingConfig: { ssn: { type: "SSN" } },
  });
  await realtime.insert("employees", {}, org, {
    // @ts-expect-error: a function cannot be sent
    maskingConfig: { ssn: { type: "custom" } },
  });
  await realtime.insert("employees", {}, org, {
    // @ts-expect-error: no such role
    maskingConfig: { ssn: { type: "ssn", show: { roles: ["admn"] } } },
  });
  await realtime.insert("employees", {}, org, {
    // @ts-expect-error: only the owner may be named
    maskingConfig: { ssn: { type: "ssn", show: { or: "admin" } } },
  });
  await realtime.insert("employees", {}, org, {
    // @ts-expect-error: there is no such key
    maskingConfig: { ssn: { type: "ssn", shows: {} } },
  });
}

export async function events(): Promise<void> {
  // @ts-expect-error: no such event
  await realtime.extraction.finished({}, org);
  // @ts-expect-error: no such namespace
  await realtime.extractions.started({}, org);
  // @ts-expect-error: the payload is missing
  await realtime.extraction.started(org);
  // @ts-expect-error: a function is no payload
  await realtime.extraction.started(() => 1, org);
  // @ts-expect-error: neither is a class
  await realtime.broadcast("x", Date, org);
  // @ts-expect-error: a list is no payload
  await realtime.extraction.started([1], org);
  // @ts-expect-error: its `await` is missing
  await realtime.extraction.started(later, org);
  // @ts-expect-error: its `await` is missing
  await realtime.insert("notes", later, org);
  // @ts-expect-error: its `await` is missing
  await realtime.insert("claims", later, org);
  // @ts-expect-error: methods are not replaced
  realtime.extraction.started = () => Promise.resolve({ ok: true });
}

export async function results(): Promise<void> {
  const result = await realtime.broadcast("x", {}, org);
  // @ts-expect-error: it may have failed
  result.delivered.toFixed();
  // @ts-expect-error: it may have succeeded
  result.error.message.trim();
}

// @ts-expect-error: not an environment
createRealtime("https://example.com");
// @ts-expect-error: another type
createRealtime({ REALTIME_URL: 1 });
// @ts-expect-error: not an option
createRealtime({}, { onErrors: () => undefined });
