// Idioms that are known not to be read as they run, and are not mended yet: they are not used.

/** Each with the reason; what mends one takes it out. */
export const known = [];
