// Mistakes that must not compile. Each directive fails the build if its line has no error.
import { client } from "./client-valid";

declare const either: "INSERT" | "UPDATE";

// @ts-expect-error: no such column
client.on("claims", "INSERT", (record) => record.titel);
// @ts-expect-error: this column is not sent
client.on("claims", "INSERT", (record) => record.organizationId);
// @ts-expect-error: it may be masked, and then it is text
client.on("employees", "INSERT", (record) => record.salary?.toFixed());
// @ts-expect-error: this column may hold null
client.on("claims", "INSERT", (record) => record.dueAt === undefined || record.dueAt.toString());
// @ts-expect-error: a list of lists
client.on("materials", "INSERT", (record) => record.grid?.[0]?.toFixed());
// @ts-expect-error: deletes are switched off
client.on("employees", "DELETE", () => undefined);
// @ts-expect-error: no such change
client.on("claims", "UPSERT", () => undefined);
// @ts-expect-error: changes are in capitals
client.on("claims", "insert", () => undefined);
// @ts-expect-error: an insert has no old record
client.on("claims", "INSERT", (record, old) => [record, old]);
// @ts-expect-error: an insert has none, and it may be one
client.on("claims", either, (record, old) => [record, old]);
// @ts-expect-error: no such event in this namespace
client.on("extraction:finished", () => undefined);
// @ts-expect-error: the change is missing
client.on("claims", () => undefined);
// @ts-expect-error: the listener is missing
client.on("extraction:started");
// @ts-expect-error: records are not changed
client.on("claims", "INSERT", (record) => (record.title = "x"));
// @ts-expect-error: only the client says how it is
client.status = "closed";
