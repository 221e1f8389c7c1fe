// Compilers, formatters and linters find nothing in what is generated, and type mistakes are
// found in what calls it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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

/** Prettier, which otherwise passes over what git ignores, also where it is named. */
function prettier(...args) {
  run("prettier/bin/prettier.cjs", "--ignore-path=/dev/null", ...args);
}

// What the README shows compiles with the rest, given what it does not say.
const readme = readFileSync(new URL("../../../../README.md", import.meta.url));
const shown = [...String(readme).matchAll(/^```ts\n(.*?)^```/gms)];
assert.equal(shown.length, 2);
writeFileSync(
  `${here}/.out/src/readme.ts`,
  `${shown.map(([, code]) => code).join("\n")}
declare const env: import("./lib/realtime").RealtimeEnv;
declare const organizationId: string;
declare const userId: string;
declare const claim: { id: string; title: string; dueAt: Date | null };
declare const old: typeof claim;
declare function fetchToken(): Promise<string>;
declare function refetch(): Promise<void>;
declare function log(...values: unknown[]): void;
`,
);

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

test("projects whose names are of every kind", async () => {
  const config = ".out/tsconfig.odd.json";
  const extend = { extends: "../types/tsconfig.json", include: ["odd"] };
  writeFileSync(`${here}/${config}`, JSON.stringify(extend));
  for (const typescript of ["typescript5", "typescript7"]) {
    run(`${typescript}/bin/tsc`, "-p", config);
  }
  const projects = readdirSync(`${here}/.out/odd`);
  assert.equal(projects.length, 31);
  const helpers = projects.map((nth) => `.out/odd/${nth}/realtime.ts`);
  prettier("--check", ".out/odd");
  run("eslint/bin/eslint.js", "--max-warnings=0", ...helpers.slice(0, 3));
  run("@biomejs/biome/bin/biome", "check", "--error-on-warnings", ".out/odd");
  for (const nth of projects) {
    const { createRealtime } = await import(
      `../.out/js/odd/${nth}/realtime.mjs`
    );
    const realtime = createRealtime({});
    const names = Object.keys(realtime).slice(4);
    // The last project is idle.
    const known = nth === "30" ? [] : ["desk", "class", "$", "Tables"];
    assert.deepEqual(names, known);
    for (const method of names.flatMap((name) =>
      Object.values(realtime[name]),
    )) {
      assert.equal(typeof method, "function");
    }
  }
});

test("the templates by themselves", () => {
  run("typescript/bin/tsc", "-p", templates);
  prettier("--check", templates);
});

// What ends a statement is a taste of its own: see below.
const tastes = [
  [],
  ["--single-quote", "--use-tabs", "--print-width=40"],
  ["--tab-width=8", "--trailing-comma=none", "--prose-wrap=never"],
  ["--prose-wrap=always", "--print-width=40"],
];

test("prettier, whatever a project's taste", () => {
  prettier("--check", ".out/realtime-worker");
  for (const taste of tastes) {
    const limits = ".out/realtime-worker/LIMITS.md";
    prettier("--check", ...taste, ...outputs, limits);
  }
});

test("what prettier changes all the same is not generated again", () => {
  const folder = `${here}/.out/formatted`;
  const generate = () => {
    const example = ["--example", "newsroom", "--", folder];
    const { status, stderr } = spawnSync(
      "cargo",
      ["run", "-q", "-p", "quickback-realtime-generator", ...example],
      { cwd: here, encoding: "utf8" },
    );
    assert.equal(status, 0, stderr);
  };
  const files = [...outputs, ".out/realtime-worker/LIMITS.md"].map((file) =>
    file.replace(".out", ".out/formatted"),
  );
  const read = () =>
    files.map((file) => String(readFileSync(`${here}/${file}`)));
  for (const taste of [
    ["--no-semi"],
    ["--insert-pragma"],
    ["--no-semi", "--insert-pragma", "--end-of-line=crlf"],
  ]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    generate();
    const written = read();
    prettier("--write", ...taste, ...files);
    const formatted = read();
    assert.notDeepEqual(formatted, written, `${taste}`);
    // It replaces whatever it does not take for its own work.
    generate();
    assert.deepEqual(read(), formatted, `${taste}`);
  }
});

test("eslint, and no directive is unused", () => {
  run("eslint/bin/eslint.js", "--max-warnings=0", ...outputs);
});

test("biome", () => {
  run("@biomejs/biome/bin/biome", "check", "--error-on-warnings", ...outputs);
});
