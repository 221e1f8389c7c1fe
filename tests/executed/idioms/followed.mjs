// The idioms that the tool follows. Most projects are written with them alone: of one that is not
// followed the table is closed, and nothing else of it can be wrong.

/** Their names. */
export const followed = new Set([
  'const', 'const as const', 'satisfies', 'as any', 'as unknown as', 'not null', 'typed const', 'alias',
  'shadow that plays no part', 'member', 'member by string', 'optional member', 'nested member',
  'member of a literal', 'member that a spread overrides', 'destructured', 'destructured and renamed',
  'arrow', 'arrow of a constant', 'arrow with a body', 'function', 'function expression', 'named import',
  'renamed import', 'renamed export', 'namespace import', 'import with an extension', 'import by paths',
  'default import', 'default import of a constant', 'function of another file', 'barrel', 'barrel that renames',
  'barrel with a namespace', 'barrel of a default', 'barrel that is overridden', 'imported and exported',
  'template', 'enum', 'const enum', 'escaped', 'escaped in a template', 'continued line', 'spread of a list',
  'spread of a constant list', 'spread of list parts', 'spread behind elements', 'spread before elements',
  'spread of no list', 'spread of an object', 'spread of a constant object', 'spread with an entry behind',
  'spread with an entry before', 'spread that is overridden', 'spread that overrides', 'spread that takes away',
  'shadow that is changed', 'odd name', 'odd member', 'several in one declaration', 'swapped by destructuring',
  'member of a spread box', 'duplicate in a box', 'used before', 'swapped exports', 'swapped imports',
  'default and named import', 'default export of a function', 'namespace of a default', 'namespace that is handed on',
  'two barrels of which one has it', 'file beside a folder', 'barrel that overrides by a clause', 'longest of paths',
  'exported enum', 'constant of another definition', 'optional call', 'call with what is not asked for',
  'function of a function', 'parameter', 'parameter that shadows', 'second parameter', 'default parameter',
  'default parameter for undefined', 'default parameter that is not taken', 'destructured parameter',
  'destructured parameter with a default', 'rest parameter', 'rest parameters as a list', 'let', 'var', 'Object.freeze', 'element', 'member by name', 'condition', '??',
  '?? that is not needed', '||', '|| that is not needed', '&&', 'destructured deeply', 'destructured with its default',
  'destructured without its default', 'destructured from a list', 'computed key', 'computed key that overrides',
  'computed key of an enum', 'spread of a condition', 'spread of &&', 'spread of what does not hold',
  'spread of a condition that does not hold', 'and', 'and not', 'or', 'or not',
  'comments', 'spread of an enum', 'empty key', 'nested spread', 'spread of a call', 'spread of a called list',
  'nested spread of lists', 'trailing comma', 'list of an enum', 'member of a default export', 'namespace taken apart',
  'member of a namespace by string', 'barrels in a circle', 'import beside a type', 'spread of a string', 'overloads', 'const assertion', 'several casts',
  'declared and exported', 'exported before it is made', 'exported by a string', 'enum of another enum', 'enum by a string',
  'spread of parts', 'spread of nothing', 'computed key of a string', 'quoted keys',
]);
