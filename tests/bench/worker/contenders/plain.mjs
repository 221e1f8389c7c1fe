// A Durable Object written by hand: hibernating sockets, and sets of them by role in memory.
import { DurableObject } from "cloudflare:workers";
import { front, success, verify, views } from "./shared.mjs";

export class Broadcaster extends DurableObject {
  groups = new Map();

  constructor(context, env) {
    super(context, env);
    for (const ws of context.getWebSockets()) {
      const attachment = ws.deserializeAttachment();
      if (attachment?.role !== undefined) this.group(attachment.role).add(ws);
    }
    context.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  group(role) {
    let group = this.groups.get(role);
    if (group === undefined) this.groups.set(role, (group = new Set()));
    return group;
  }

  async fetch(request) {
    if (request.headers.get("upgrade") === "websocket") {
      const { 0: client, 1: server } = new WebSocketPair();
      this.ctx.acceptWebSocket(server);
      server.serializeAttachment({ organizationId: new URL(request.url).searchParams.get("organizationId") });
      return new Response(null, { status: 101, webSocket: client });
    }
    const view = views(await request.json());
    let delivered = 0;
    for (const [role, sockets] of this.groups) {
      const text = view(role);
      for (const ws of sockets) {
        try {
          ws.send(text);
          delivered += 1;
        } catch {
          sockets.delete(ws);
        }
      }
    }
    return Response.json({ delivered });
  }

  async webSocketMessage(ws, message) {
    const { type, token, organizationId } = JSON.parse(message);
    if (type !== "auth") return;
    const claims = await verify(token, this.env.BETTER_AUTH_SECRET);
    if (claims?.orgId !== organizationId || ws.deserializeAttachment().organizationId !== organizationId) {
      ws.close(4401, "not authenticated");
      return;
    }
    ws.serializeAttachment({ organizationId, role: claims.role });
    this.group(claims.role).add(ws);
    ws.send(success(claims));
  }

  webSocketClose(ws) {
    for (const sockets of this.groups.values()) sockets.delete(ws);
  }

  webSocketError(ws) {
    this.webSocketClose(ws);
  }
}

export default front((request, env, organization) => env.BROADCASTER.getByName(organization).fetch(request));
