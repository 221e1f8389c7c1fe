#!/usr/bin/env node
// Runs the server of this platform, which npm has installed beside this package.
'use strict';

const { spawn } = require('node:child_process');

const target = `${process.platform}-${process.arch}`;

function binary() {
  const name = process.platform === 'win32' ? 'quickback-realtime.exe' : 'quickback-realtime';
  try {
    return require.resolve(`@quickback-realtime/${target}/bin/${name}`);
  } catch {
    console.error(
      `error: the package @quickback-realtime/${target} is not installed, so there is no quickback-realtime for this platform. ` +
        'Install again without --omit=optional; if that package does not exist, build the server from its source.',
    );
    process.exit(2);
  }
}

const child = spawn(binary(), process.argv.slice(2), { stdio: 'inherit' });
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
for (const signal of signals) {
  process.on(signal, () => child.kill(signal));
}
child.on('error', (error) => {
  console.error(`error: ${child.spawnfile} cannot be run: ${error.message}`);
  process.exit(2);
});
child.on('exit', (code, signal) => {
  if (signal === null) {
    process.exit(code);
  }
  // It ended by a signal, and so do we.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
