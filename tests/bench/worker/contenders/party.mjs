// The same on partyserver, which keeps the sockets.
import { getServerByName, Server } from "partyserver";
import { front, success, verify, views } from "./shared.mjs";

export class Broadcaster extends Server {
  static options = { hibernate: true };

  async onRequest(request) {
    const view = views(await request.json());
    let delivered = 0;
    for (const connection of this.getConnections()) {
      const role = connection.state?.role;
      if (role === undefined) continue;
      connection.send(view(role));
      delivered += 1;
    }
    return Response.json({ delivered });
  }

  async onMessage(connection, message) {
    const { type, token, organizationId } = JSON.parse(message);
    if (type !== "auth") return;
    const claims = await verify(token, this.env.BETTER_AUTH_SECRET);
    if (claims?.orgId !== organizationId || this.name !== organizationId) {
      connection.close(4401, "not authenticated");
      return;
    }
    connection.setState({ role: claims.role });
    connection.send(success(claims));
  }
}

export default front(async (request, env, organization) => (await getServerByName(env.BROADCASTER, organization)).fetch(request));
