// Idioms that are known not to be read as they run, and are not mended yet: they are not used.

const HANDED = 'what a function does to what it is handed is not seen';
const ANSWERED = 'what is changed of a function\'s answer is not seen where it was handed that, or is a method';
const PUT = 'what is put into something after that was made, and changed there, is not seen';
const CALLED = 'a method that changes a list is seen only where it is called by its name';

const ELSEWISE = 'a definition is seen only where its function is called by its name';

const EXPORTED = 'what another file changes through something else that holds it is not seen';

/** Each with the reason; what mends one takes it out. */
export const known = [
  ['way parameter', HANDED],
  ['way parameter of an arrow', HANDED],
  ['way second parameter', HANDED],
  ['way destructured parameter', HANDED],
  ['way parameter in an object', HANDED],
  ['way rest parameter', HANDED],
  ['way arguments', HANDED],
  ['way spread argument', HANDED],
  ['way call', HANDED],
  ['way this', HANDED],
  ['way tag', HANDED],
  ['way called at once with it', HANDED],
  ['way function handed on', HANDED],
  ['way curried', HANDED],
  ['way forEach of a name', HANDED],
  ['way constructor', HANDED],
  ['way setter', HANDED],
  ['way function of another file', HANDED],
  ['way answer of what was given', ANSWERED],
  ['way answer with a part', ANSWERED],
  ['way answer of a method', ANSWERED],
  ['way getter', ANSWERED],
  ['way generator', ANSWERED],
  ['way object set later', PUT],
  ['way pushed to a list', PUT],
  ['way Map set later', PUT],
  ['way static field', PUT],
  ['way field of a class', PUT],
  ['way method of this', PUT],
  ['way Proxy', PUT],
  ['way promise', PUT],
  ['way awaited promise', PUT],
  ['way catch', PUT],
  ['change by push by string', CALLED],
  ['change by push of the prototype', CALLED],
  ['change by push by apply', CALLED],
  ['change by push bound', CALLED],
  ['change by Reflect.apply', CALLED],
  ['change by __defineGetter__', CALLED],
  ['change in a feature', 'a definition reads a constant by one name and changes it by another'],
  ['definition by an alias', ELSEWISE],
  ['definition by call', ELSEWISE],
  ['definition with more arguments', ELSEWISE],
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
  ['declared function assigned again', 'a declared function is taken for what it was declared as'],
  ['async function', 'what a promise is of is taken for what a function answers'],
  ['escaped key', 'a key with an escape is compared as it is written, and reported as unknown'],
];

// Another that is no idiom: where the columns are not known, one of them may be `q.scope("owner")`,
// yet the column of `firewall.owner` is taken. `firewall` in facts.mjs makes no table with both.
