// Compilers, formatters and linters find nothing in what is generated, and type mistakes are
// found in what calls it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const templates = fileURLToPath(
  new URL("../../../../generator/templates", import.meta.url),
);
const outputs = readdirSync(`${here}/.out/src/lib`).map(
  (file) => `.out/src/lib/${file}`,
);

function run(script, ...args) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`${here}/node_modules/${script}`, ...args],
    { cwd: here, encoding: "utf8" },
  );
  assert.equal(status, 0, `${script} ${args.join(" ")}\n${stdout}${stderr}`);
}

// What a project may compile against; the first knows nothing of any runtime.
const libraries = {
  nothing: {},
  browser: { lib: ["ES2022", "DOM", "DOM.Iterable"] },
  node: { types: ["node"] },
  workers: { types: ["@cloudflare/workers-types"] },
};
for (const [library, compilerOptions] of Object.entries(libraries)) {
  const config = `.out/tsconfig.${library}.json`;
  writeFileSync(
    `${here}/${config}`,
    JSON.stringify({
      extends: "../types/tsconfig.json",
      compilerOptions: { ...compilerOptions, skipLibCheck: true },
      include: ["src", "../types"],
    }),
  );
  for (const typescript of ["typescript5", "typescript", "typescript7"]) {
    test(`${typescript} --strict with the types of ${library}`, () => {
      run(`${typescript}/bin/tsc`, "-p", config);
    });
  }
}

test("the templates by themselves", () => {
  run("typescript/bin/tsc", "-p", templates);
  run("prettier/bin/prettier.cjs", "--check", templates);
});

test("prettier, whatever a project's taste", () => {
  const taste = [
    "--no-semi",
    "--single-quote",
    "--use-tabs",
    "--print-width=40",
  ];
  for (const options of [
    [],
    taste,
    ["--tab-width=8", "--trailing-comma=none"],
  ]) {
    const all = [...outputs, ".out/realtime-worker"];
    run("prettier/bin/prettier.cjs", "--check", ...options, ...all);
  }
});

test("eslint, and no directive is unused", () => {
  run("eslint/bin/eslint.js", "--max-warnings=0", ...outputs);
});

test("biome", () => {
  run("@biomejs/biome/bin/biome", "check", "--error-on-warnings", ...outputs);
});
