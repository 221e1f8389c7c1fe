// Packs the server for npm: one package with the command, and one for each platform with its binary.
//
//   node pack.mjs OUT linux-x64=FILE [darwin-arm64=FILE ...]
//
// A target is what Node says of a platform, `process.platform` and `process.arch`. The tarballs are
// written into the folder OUT, and their names to standard output.

import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const NAME = 'quickback-realtime';
const TARGET = /^(linux|darwin|win32)-(x64|arm64)$/;

const here = import.meta.dirname;
const root = path.join(here, '../..');

const [out, ...pairs] = process.argv.slice(2);
if (out === undefined || pairs.length === 0) {
  fail('name the folder for the tarballs, and a binary for each target: node pack.mjs OUT linux-x64=FILE ...');
}
const binaries = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
const unknown = [...binaries.keys()].find((target) => !TARGET.test(target));
if (unknown !== undefined) {
  fail(`"${unknown}" is no target: they are linux, darwin and win32, each with -x64 or -arm64`);
}

// The version is the server's own.
const version = /^version = "([^"]+)"$/m.exec(readFileSync(path.join(root, 'Cargo.toml'), 'utf8'))?.[1] ?? fail('Cargo.toml has no version');
const common = {
  version,
  license: 'MIT OR Apache-2.0',
  engines: { node: '>=18' },
};

const work = mkdtempSync(path.join(tmpdir(), `${NAME}-npm-`));
try {
  mkdirSync(out, { recursive: true });
  for (const [target, file] of binaries) {
    packPlatform(target, file);
  }
  packCommand();
} finally {
  rmSync(work, { recursive: true });
}

function packPlatform(target, file) {
  const [os, cpu] = target.split('-');
  const binary = os === 'win32' ? `${NAME}.exe` : NAME;
  const folder = start(target, {
    name: `@${NAME}/${target}`,
    description: `The binary of ${NAME} for ${target}`,
    os: [os],
    cpu: [cpu],
    files: ['bin', 'LICENSE-*'],
    preferUnplugged: true,
  });
  mkdirSync(path.join(folder, 'bin'));
  copyFileSync(file, path.join(folder, 'bin', binary));
  chmodSync(path.join(folder, 'bin', binary), 0o755);
  pack(folder);
}

function packCommand() {
  const folder = start('command', {
    name: NAME,
    description: 'Language server and check for the realtime configuration of Quickback projects',
    bin: { [NAME]: `${NAME}.cjs` },
    files: [`${NAME}.cjs`, 'LICENSE-*'],
    optionalDependencies: Object.fromEntries([...binaries.keys()].map((target) => [`@${NAME}/${target}`, version])),
  });
  copyFileSync(path.join(here, `${NAME}.cjs`), path.join(folder, `${NAME}.cjs`));
  copyFileSync(path.join(here, 'README.md'), path.join(folder, 'README.md'));
  pack(folder);
}

function start(name, manifest) {
  const folder = path.join(work, name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify({ ...manifest, ...common }, null, 2)}\n`);
  for (const license of ['LICENSE-MIT', 'LICENSE-APACHE']) {
    copyFileSync(path.join(root, license), path.join(folder, license));
  }
  return folder;
}

function pack(folder) {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', path.resolve(out)], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
}

function fail(message) {
  console.error(`error: ${message}`);
  process.exit(2);
}
