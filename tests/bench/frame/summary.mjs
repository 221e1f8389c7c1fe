// What samples say.

/** Samples of one contestant in one measure. */
export class Summary {
  #sorted;

  /** @param {number[]} samples At least one. */
  constructor(samples) {
    if (!samples?.length) throw new Error('a summary of no samples');
    this.#sorted = [...samples].sort((a, b) => a - b);
  }

  /** The value that so large a part of the samples does not exceed, by the nearest rank. */
  quantile(part) {
    const rank = Math.ceil(part * this.#sorted.length);
    return this.#sorted[Math.max(rank, 1) - 1];
  }

  /** The middle; of an even number of samples, between the two in the middle. */
  get median() {
    const half = this.#sorted.length / 2;
    return (this.#sorted[Math.ceil(half) - 1] + this.#sorted[Math.floor(half)]) / 2;
  }
}
