// Chance that can be repeated: the same seed makes the same session.

/** Numbers in [0, 1) from a seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit) => Math.floor(next() * limit);
  return {
    next,
    /** A whole number in [0, limit). */
    below,
    /** Whether something of that probability happens. */
    chance: (probability) => next() < probability,
    /** One of a list. */
    pick: (list) => list[below(list.length)],
  };
}
