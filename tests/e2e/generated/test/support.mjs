// A worker that answers as it is told, and fresh copies of what is generated.
import { createServer } from "node:http";

let copies = 0;

/** The generated helper, as if its module were loaded for the first time. */
export function loadHelper() {
  copies += 1;
  return import(`../.out/js/realtime.mjs?copy=${copies}`);
}

/**
 * A server on a free port. `answers` are used up one by one, the last one again and again: a
 * status with a body, or a function of the request.
 */
export async function startWorker(t, answers) {
  const requests = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { headers, method, url } = request;
    requests.push({ method, url, headers, text: body, body: parse(body) });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (typeof answer === "function") return answer(request, response);
    const [status, content] = answer;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(
      typeof content === "string" ? content : JSON.stringify(content),
    );
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address();
  const env = {
    REALTIME_URL: `http://127.0.0.1:${port}/`,
    ACCESS_TOKEN: "access-token",
  };
  return { env, requests, server };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the worker says when all is well. */
export const DELIVERED = [200, { delivered: 3 }];
