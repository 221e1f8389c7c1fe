// The API worker: calls the generated helper as it is told.
import { createRealtime, type RealtimeEnv } from "generated-helper";

interface Call {
  readonly path: readonly string[];
  readonly args: readonly unknown[];
}

export default {
  async fetch(request: Request, env: RealtimeEnv): Promise<Response> {
    const { path, args } = (await request.json()) as Call;
    let at: unknown = createRealtime(env);
    for (const name of path) at = (at as { [key: string]: unknown })[name];
    const method = at as (...values: readonly unknown[]) => Promise<unknown>;
    return Response.json(await method(...args));
  },
};
