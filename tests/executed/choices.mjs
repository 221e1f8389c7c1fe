// Chance that can be repeated and taken back: each choice has a name, and the same seed answers the
// same at that name, whatever is chosen elsewhere. Where choices are taken back, the plainest
// answer is given: so a project that fails is made smaller choice by choice, and the rest stays.

/** Text to 32 bits (FNV-1a, stirred). */
function hash(text) {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

/** The choices under one name. */
export class Choices {
  /** Those of a seed; `plain` are names at which, and below which, everything is the plainest. */
  static of(seed, plain = new Set()) {
    return new Choices(`${seed}`, false, { plain, made: new Map(), seed: `${seed}` });
  }

  constructor(path, isPlain, shared) {
    this.path = path;
    this.isPlain = isPlain || shared.plain.has(path);
    this.shared = shared;
  }

  /** The choices below a name. */
  at(name) {
    return new Choices(`${this.path}/${name}`, this.isPlain, this.shared);
  }

  /** A whole number in [0, limit); the plainest is 0. */
  below(name, limit) {
    const path = `${this.path}/${name}`;
    if (this.isPlain || this.shared.plain.has(path)) return 0;
    const chosen = Math.floor((hash(path) / 4294967296) * limit);
    if (chosen > 0) this.shared.made.set(path, chosen);
    return chosen;
  }

  /** Whether something of that probability happens; the plainest is no. */
  chance(name, probability) {
    return this.below(name, 1000) >= 1000 - Math.round(probability * 1000);
  }

  /** One of a list; the plainest is the first. */
  pick(name, list) {
    return list[this.below(name, list.length)];
  }

  /** One of a list, by what `key` calls each: the same as long as it is there. The plainest is the first. */
  steady(name, list, key) {
    const path = `${this.path}/${name}`;
    if (this.isPlain || this.shared.plain.has(path)) return list[0];
    const drawn = list.map((one) => hash(`${path}/${key(one)}`));
    const chosen = list[drawn.indexOf(Math.min(...drawn))];
    if (chosen !== list[0]) this.shared.made.set(path, key(chosen));
    return chosen;
  }

  /** Those of a list that are chosen, each with that probability; the plainest is none. */
  some(name, list, probability) {
    return list.filter((_, index) => this.chance(`${name}${index}`, probability));
  }

  /** The names at which something else than the plainest was chosen. */
  get made() {
    return [...this.shared.made.keys()];
  }
}
