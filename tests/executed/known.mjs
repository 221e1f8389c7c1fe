// Idioms that are known not to be read as they run, and are not mended yet: they are not used.

const HANDED = 'what a function of another file does to what it is handed is not seen';
const EXPORTED = 'what another file changes through something else that holds it is not seen';

/** Each with the reason; what mends one takes it out. */
export const known = [
  ['way function of another file', HANDED],
  ['change in a module', 'who is no member and changes a constant by the name of a second one that stands for it is not seen'],
  ['change in a feature', 'a definition reads a constant by one name and changes it by another'],
  ['export by an alias', EXPORTED],
  ['export by a clause', EXPORTED],
  ['export in an object', EXPORTED],
  ['export in a list', EXPORTED],
  ['export of a part', EXPORTED],
  ['export of a destructured part', EXPORTED],
  ['export of a copy', EXPORTED],
  ['export of a function', EXPORTED],
  ['export of a declared function', EXPORTED],
  ['export of a function with an object', EXPORTED],
  ['export of a function with a copy', EXPORTED],
  ['export of a function with a part', EXPORTED],
  ['export of a method', EXPORTED],
  ['export of a getter', EXPORTED],
  ['export of a class', EXPORTED],
  ['export of a Map', EXPORTED],
  ['export of a namespace', EXPORTED],
  ['export of a variable', EXPORTED],
];
