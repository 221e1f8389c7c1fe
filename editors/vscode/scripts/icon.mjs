// Draws icon.png (128 x 128): one event, sent out in waves. Run it after changing the drawing.

import { writeFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';

const SIZE = 128;
const SAMPLES = 4;
const BACKGROUND = [16, 24, 40];
const WAVE = [94, 234, 212];
const DOT = [250, 204, 21];

/** The color at a point, or undefined outside the rounded square. */
function color(x, y) {
  const corner = 26;
  const dx = Math.max(corner - x, x - (SIZE - corner), 0);
  const dy = Math.max(corner - y, y - (SIZE - corner), 0);
  if (Math.hypot(dx, dy) > corner) {
    return undefined;
  }
  const distance = Math.hypot(x - 36, y - 92);
  const angle = Math.atan2(92 - y, x - 36);
  if (distance < 12) {
    return DOT;
  }
  const inside = angle > -0.12 && angle < Math.PI / 2 + 0.12;
  const waves = [28, 48, 68];
  return inside && waves.some((radius) => Math.abs(distance - radius) < 5) ? WAVE : BACKGROUND;
}

function pixel(x, y) {
  const sum = [0, 0, 0, 0];
  for (let i = 0; i < SAMPLES * SAMPLES; i++) {
    const found = color(x + ((i % SAMPLES) + 0.5) / SAMPLES, y + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES);
    if (found !== undefined) {
      found.forEach((channel, at) => (sum[at] += channel));
      sum[3] += 1;
    }
  }
  const [red, green, blue, hits] = sum;
  const part = (channel) => (hits === 0 ? 0 : Math.round(channel / hits));
  return [part(red), part(green), part(blue), Math.round((255 * hits) / SAMPLES ** 2)];
}

function crc(bytes) {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
    }
  }
  return ~value >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc(body), body.length + 4);
  return framed;
}

const rows = [];
for (let y = 0; y < SIZE; y++) {
  rows.push(0);
  for (let x = 0; x < SIZE; x++) {
    rows.push(...pixel(x, y));
  }
}
const header = Buffer.alloc(13);
header.writeUInt32BE(SIZE, 0);
header.writeUInt32BE(SIZE, 4);
header.set([8, 6, 0, 0, 0], 8);
await writeFile(
  fileURLToPath(new URL('../icon.png', import.meta.url)),
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]),
);
