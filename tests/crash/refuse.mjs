// Lets the disk refuse: full, read-only, in the way, or led elsewhere by links. Each time nothing
// changes, in the project or outside of it, and what is said names the file and what to do.
//
//   refuse.mjs PROGRAM WORK [--without-mount]

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertSame, define, files, run, write } from './project.mjs';

const [program, work, option] = process.argv.slice(2);
const CONFIG = 'realtime-worker/src/config.rs';
/** Whoever may do all has to become somebody who may not. */
const nobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];

function mount(folder, options) {
  const end = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder], { encoding: 'utf8' });
  if (end.status !== 0) throw new Error(`mount: ${end.stderr}`);
}

/** A project whose outputs are those of version 0 and whose definitions are those of version 1. */
function changed(root) {
  define(root, 0);
  run(program, ['generate'], root);
  define(root, 1);
}

const cases = [
  {
    name: 'a full disk',
    mounts: true,
    make: (root) => {
      mount(root, 'size=2m');
      changed(root);
      // All that is left, but for too little.
      spawnSync('dd', ['if=/dev/zero', `of=${join(root, 'ballast')}`, 'bs=4k'], { stdio: 'ignore' });
    },
    says: [/cannot be written/, /No space left/, /Free some space, then try again/],
    mend: (root) => rmSync(join(root, 'ballast')),
  },
  {
    name: 'a read-only disk',
    mounts: true,
    make: (root) => {
      mount(root, 'size=4m');
      changed(root);
      spawnSync('mount', ['-o', 'remount,ro', root]);
    },
    says: [/cannot be written/, /Read-only file system/, /Make that disk writable/],
    mend: (root) => spawnSync('mount', ['-o', 'remount,rw', root]),
  },
  {
    name: 'a read-only folder',
    by: nobody,
    make: (root) => {
      changed(root);
      spawnSync('chmod', ['-R', 'a+rwX', root]);
      chmodSync(join(root, 'realtime-worker/src'), 0o555);
    },
    says: [new RegExp(`\`${CONFIG}\` cannot be written`), /Permission denied/, /Make the file and its folder writable/],
    mend: (root) => chmodSync(join(root, 'realtime-worker/src'), 0o777),
  },
  {
    name: 'a locked file',
    mounts: true,
    make: (root) => {
      changed(root);
      // A mount point can be neither renamed over nor removed, as a file that Windows holds.
      const place = join(root, CONFIG);
      if (spawnSync('mount', ['--bind', place, place]).status !== 0) throw new Error('mount --bind');
    },
    says: [new RegExp(`\`${CONFIG}\` cannot be written`), /busy/, /Close the program that holds it/],
    mend: (root) => spawnSync('umount', [join(root, CONFIG)]),
  },
  {
    name: 'a folder in the place of a file',
    make: (root) => {
      changed(root);
      rmSync(join(root, CONFIG));
      mkdirSync(join(root, CONFIG));
      writeFileSync(join(root, CONFIG, 'inner'), '');
    },
    status: 1,
    says: [new RegExp(CONFIG), /it is a folder or a device/],
    mend: (root) => rmSync(join(root, CONFIG), { recursive: true }),
  },
  {
    name: 'a link out of the project',
    make: (root, outside) => {
      changed(root);
      rmSync(join(root, CONFIG));
      symlinkSync(join(outside, 'theirs.rs'), join(root, CONFIG));
    },
    status: 1,
    says: [new RegExp(CONFIG), /leads out of the project/, /Remove that link, or choose another path/],
    mend: (root) => rmSync(join(root, CONFIG)),
  },
  {
    name: 'a folder above that is a link out of the project',
    make: (root, outside) => {
      changed(root);
      rmSync(join(root, 'realtime-worker'), { recursive: true });
      symlinkSync(outside, join(root, 'realtime-worker'));
    },
    status: 1,
    says: [/"realtime-worker" leads out of the project through a symbolic link/, /Choose another path, or remove the link/],
    mend: (root) => rmSync(join(root, 'realtime-worker')),
  },
];

let tried = 0;
for (const { name, make, says, mend, mounts = false, by = [], status = 2 } of cases) {
  if (mounts && option === '--without-mount') continue;
  tried += 1;
  const [root, outside] = ['project', 'outside'].map((folder) => join(work, String(tried), folder));
  for (const folder of [root, outside]) mkdirSync(folder, { recursive: true });
  spawnSync('chmod', ['-R', 'a+rX', work]);
  write(outside, 'theirs.rs', '// theirs\n');
  make(root, outside);
  const before = [files(root), files(outside)];
  const [command, ...args] = [...by, program, 'generate'];
  const end = run(command, args, root, status);
  for (const text of says) if (!text.test(end.stderr)) throw new Error(`${name}: ${text} is not said:\n${end.stderr}`);
  assertSame(files(root), before[0], name);
  assertSame(files(outside), before[1], `${name}, outside`);
  mend(root);
  run(program, ['generate'], root);
  run(program, ['--check', '--no-cache'], root);
  console.log(`${name}: ${end.stderr.trim().split('\n')[0]}`);
  if (mounts) spawnSync('umount', [root]);
}
