// Every way to use the client, and the types that arrive.
import {
  createRealtimeClient,
  type RealtimeClient,
  type Status,
} from "../.out/src/lib/realtime-client";

declare function show(...values: unknown[]): void;
declare const wideName: string;
declare const either: "INSERT" | "UPDATE";

export const client: RealtimeClient = createRealtimeClient({
  url: "https://realtime.example.com",
  organizationId: "org_1",
  token: () => Promise.resolve("token"),
  onStatus: (status, { code, retryInMs }) => {
    const known: Status = status;
    show(known, code?.toFixed(), retryInMs?.toFixed());
  },
  onReconnect: () => undefined,
  timing: { ping: 1000 },
});

const endings: (() => void)[] = [
  client.on("claims", "INSERT", (record) => {
    const title: string | undefined = record.title;
    const dueAt: string | number | null | undefined = record.dueAt;
    show(title, dueAt);
  }),
  client.on("employees", "UPDATE", (record, old) => {
    const salary: number | string | undefined = record.salary;
    show(salary, old.email?.trim());
  }),
  client.on("materials", "INSERT", (record) => {
    const cell: number | undefined = record.grid?.[0]?.[0];
    const author: string | null | undefined = record.createdBy;
    show(cell, author, record.imageId?.trim());
  }),
  client.on("claims", "DELETE", (old) => {
    show(old.id);
  }),
  client.on("claims", "DELETE", () => undefined),
  client.on("claims", either, (record) => {
    show(record.title?.trim());
  }),
  ...(["INSERT", "UPDATE", "DELETE"] as const).map((change) =>
    client.on("claims", change, (record) => {
      show(record.title?.trim());
    }),
  ),
  client.on("imports", "INSERT", (record) => {
    show(record.id, record["anything"]);
  }),
  client.on("admin-actions", "DELETE", (old) => {
    show(old["id"]);
  }),
  client.on(wideName, "UPDATE", (record, old) => {
    show(record["id"], old["id"]);
  }),
  client.on("extraction:started", (payload) => {
    show(payload["materialId"]);
  }),
  client.on("extraction:progress", (payload: { percent: number }) => {
    show(payload.percent.toFixed());
  }),
  client.on("processing-complete", (payload) => {
    show(payload["claimCount"]);
  }),
  client.on("unknown:event", () => undefined),
  client.on(wideName, (payload) => {
    show(payload["anything"]);
  }),
  client.on("claims" as string, (payload) => {
    show(payload["an event with a table's name"]);
  }),
];
for (const end of endings) end();
show(client.status === "connected");
client.connect();
client.close();
