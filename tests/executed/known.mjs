// Idioms that are known not to be read as they run, and are not mended yet: they are not used.

const HANDED = 'what a function of another file does to what it is handed is not seen';
const PUT = 'what is put into something after that was made, and changed there, is not seen';
const CALLED = 'a method that changes a list is seen only where it is called by its name';
const ELSEWISE = 'a definition is seen only where its function is called by its name';
const EXPORTED = 'what another file changes through something else that holds it is not seen';

/** Each with the reason; what mends one takes it out. */
export const known = [
  ['way function of another file', HANDED],
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
  ['change in a module', 'who is no member and changes a constant by the name of a second one that stands for it is not seen'],
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
  ['column argument', 'a column whose `mode` is not known is taken for one without'],
  ['owner of a firewall beside a scope', 'where the columns are not known, one of them may be such a scope, yet the column of the firewall is taken'],
  ['escaped key', 'a key with an escape is compared as it is written, and reported as unknown'],
];
