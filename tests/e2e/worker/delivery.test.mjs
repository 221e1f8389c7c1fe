// Who receives what: every frame, byte for byte.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CONFIG_HASH, custom, insert, startWorker, unique } from "./harness.mjs";

let worker;
before(async () => {
  worker = await startWorker();
});
after(() => worker.stop());

const ANN = { id: 7, name: "Ann Lee", email: "ann@press.org", ssn: "123-45-6789", salary: 5000, userId: "ann" };
const OWNED = { owner: { new: "ann" } };

test("a client receives one masked insert", async () => {
  const orgId = unique("org");
  const member = await worker.join({ orgId, sub: "bob" });
  assert.deepEqual(member.success, {
    type: "auth_success", organizationId: orgId, userId: "bob", role: "member", roles: ["member"], authMethod: "session",
  });
  const answer = await worker.broadcast(insert("employees", ANN, { organizationId: orgId, ...OWNED }));
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.text, `{"delivered":1,"configHash":"${CONFIG_HASH}"}`);
  assert.equal(
    await member.text(),
    '{"type":"postgres_changes","table":"employees","eventType":"INSERT","schema":"public","new":{"id":7,"name":"Ann Lee","email":"a**@p****.org","ssn":"*****6789","salary":"[REDACTED]","userId":"ann"},"old":null}',
  );
});
