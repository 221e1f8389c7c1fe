// Stands in for what is rendered from a project's definitions, so that the modules beside it can
// be checked by themselves. It is not part of any output.

export interface Tables {
  claims: {
    record: { id?: string | null; title?: string | null };
    events: "INSERT" | "UPDATE";
  };
}

export type NamespaceName = "presence";
export type EventName = "presence:joined";
