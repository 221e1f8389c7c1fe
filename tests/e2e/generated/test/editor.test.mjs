// What an editor offers while a call of the client is written, and says of one that is wrong.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const library = fileURLToPath(new URL("../.out/src/lib/", import.meta.url));

/** A language service whose one file calls the client. */
function start(ts) {
  const file = `${library}call.ts`;
  let version = 0;
  let text = "";
  const options = {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  const read = (path) => (path === file ? text : ts.sys.readFile(path));
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: () => String(version),
    getScriptSnapshot: (path) => {
      const content = read(path);
      return content && ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => library,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (path) => path === file || ts.sys.fileExists(path),
    readFile: read,
  });
  const write = (call) => {
    version += 1;
    text = `import type { RealtimeClient } from "./realtime-client";
declare const client: RealtimeClient;
${call}`;
  };
  return {
    /** What is offered at the bar. */
    offered(call) {
      write(call);
      const at = text.indexOf("|");
      write(call.replace("|", ""));
      const { entries } = service.getCompletionsAtPosition(file, at, {});
      return entries.map(({ name }) => name);
    },
    said(call) {
      write(call);
      return service
        .getSemanticDiagnostics(file)
        .map(({ messageText }) =>
          ts.flattenDiagnosticMessageText(messageText, "\n"),
        );
    },
  };
}

for (const typescript of ["typescript5", "typescript"]) {
  const editor = start(require(typescript));

  test(`${typescript} offers tables and events, and of a table what is broadcast`, () => {
    const names = editor.offered('client.on("|");');
    assert.ok(names.includes("claims"), names.join());
    assert.ok(names.includes("extraction:started"), names.join());
    const changes = (call) => editor.offered(call).sort();
    assert.deepEqual(changes('client.on("employees", "|");'), [
      "INSERT",
      "UPDATE",
    ]);
    assert.deepEqual(changes('client.on("nobody-declares-it", "|");'), [
      "DELETE",
      "INSERT",
      "UPDATE",
    ]);
    const columns = editor.offered(
      'client.on("claims", "INSERT", (record) => record.|);',
    );
    assert.ok(columns.includes("title"), columns.join());
  });

  test(`${typescript} says in a line what is wrong with a call`, () => {
    for (const name of ["claims", "extraction:finished"]) {
      assert.deepEqual(editor.said(`client.on("${name}", () => undefined);`), [
        `Argument of type '"${name}"' is not assignable to parameter of type 'EventName'.`,
      ]);
    }
    for (const call of [
      'client.on("claims" as string, (payload) => payload);',
      'client.on("nobody-declares-it", (payload) => payload);',
    ]) {
      assert.deepEqual(editor.said(call), []);
    }
  });
}
