// What a careful author writes by hand in JavaScript: session tokens, and one text for each
// distinct view of an event. Both JavaScript contenders use it.

/** The table `orders` of tests/e2e/worker/config.rs: its columns, and who sees the masked ones. */
const COLUMNS = ["id", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "note"];
const SHOWN = new Map(Array.from({ length: 9 }, (_, n) => [`c${n + 1}`, [`r${n + 1}`]]));

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

/** The claims of a session token, or `null`. */
export async function verify(token, secret) {
  const [header, payload, signature] = token.split(".");
  if (JSON.parse(decoder.decode(bytes(header))).alg !== "HS256") return null;
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  if (!(await crypto.subtle.verify("HMAC", key, bytes(signature), encoder.encode(`${header}.${payload}`)))) return null;
  const claims = JSON.parse(decoder.decode(bytes(payload)));
  return claims.exp * 1000 > Date.now() ? claims : null;
}

/** The answer to `auth`, as the realtime worker gives it. */
export const success = ({ orgId: organizationId, sub: userId, role }) =>
  JSON.stringify({ type: "auth_success", organizationId, userId, role, roles: role.split(","), authMethod: "session" });

function masked(record, roles) {
  if (record === null || record === undefined) return null;
  const out = {};
  for (const column of COLUMNS) {
    if (!(column in record)) continue;
    const shown = SHOWN.get(column);
    out[column] = shown === undefined || shown.some((role) => roles.includes(role)) ? record[column] : "[REDACTED]";
  }
  return out;
}

/** A function from roles to the text that a holder of them receives, each made once. */
export function views({ table, eventType, new: now, old }) {
  const made = new Map();
  return (role) => {
    let text = made.get(role);
    if (text === undefined) {
      const roles = role.split(",");
      text = JSON.stringify({ type: "postgres_changes", table, eventType, schema: "public", new: masked(now, roles), old: masked(old, roles) });
      made.set(role, text);
    }
    return text;
  };
}

/** The Worker in front of the object: the same routes and the same check of the caller. */
export const front = (upgrade) => ({
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/healthz") return new Response('{"ok":true}');
    if (url.pathname === "/realtime/v1/websocket") return upgrade(request, env, url.searchParams.get("organizationId"));
    if (request.headers.get("authorization") !== `Bearer ${env.ACCESS_TOKEN}`) return new Response("{}", { status: 401 });
    const text = await request.text();
    const { organizationId } = JSON.parse(text);
    const object = env.BROADCASTER.getByName(organizationId);
    return object.fetch("https://object/broadcast", { method: "POST", body: text });
  },
});
