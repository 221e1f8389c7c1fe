// Numbers that look random and are the same on every machine.

/** A source of numbers: Mulberry32, which passes the usual tests and fits on one screen. */
export class Random {
  #state;

  /** @param {...number} seeds Whole numbers; each of them matters. */
  constructor(...seeds) {
    this.#state = seeds.reduce((state, seed) => Math.imul(state ^ seed, 0x9e3779b1) ^ (state >>> 15), 0x2545f491);
  }

  /** A number from 0 up to, but without, 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, but without, `limit`. */
  below(limit) {
    return Math.floor(this.next() * limit);
  }

  /** Whether something happens that happens in so many of a hundred cases. */
  percent(chance) {
    return this.below(100) < chance;
  }

  /** One of the values. */
  pick(values) {
    return values[this.below(values.length)];
  }

  /** So many of the values, in their order. */
  some(values, count) {
    const rest = values.map((_, index) => index);
    while (rest.length > count) rest.splice(this.below(rest.length), 1);
    return rest.map((index) => values[index]);
  }
}
