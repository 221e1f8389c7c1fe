// How a definition comes to be the default export of its file.

/** Ways to do so, by the function that defines and its arguments. */
const WAYS = {
  direct: (helper, args) => `export default ${helper}(${args});`,
  'definition as a constant': (helper, args) => `const definition = ${helper}(${args});\nexport default definition;`,
  'definition by a clause': (helper, args) => `const definition = ${helper}(${args});\nexport { definition as default };`,
  'definition as any': (helper, args) => `export default (${helper}(${args})) as any;`,
  'definition satisfies': (helper, args) => `export default ${helper}(${args}) satisfies object;`,
  'definition by an alias': (helper, args) => `const again = ${helper};\nexport default again(${args});`,
  'definition by a function': (helper, args) => `const again = (subject: any, options: any) => ${helper}(subject, options);\nexport default again(${args});`,
  'definition by a function that adds': (helper, args) => `const again = (subject: any, options: any) => ${helper}(subject, { ...options, realtime: { ...options.realtime, requiredRoles: ['owner'] } });\nexport default again(${args});`,
  'definition by a function that overrides': (helper, args) => `function again(subject: any, options: any) { return ${helper}(subject, { ...options, masking: {} }); }\nexport default again(${args});`,
  'definition of a function': (helper, args) => `const made = () => ${helper}(${args});\nexport default made();`,
  'definition in a condition': (helper, args) => `export default 1 < 2 ? ${helper}(${args}) : undefined;`,
  'definition of a list': (helper, args) => `export default [${helper}(${args})][0];`,
  'definition of an object': (helper, args) => `const all = { one: ${helper}(${args}) };\nexport default all.one;`,
  'definition frozen': (helper, args) => `export default Object.freeze(${helper}(${args}));`,
  'definition by call': (helper, args) => `export default ${helper}.call(null, ${args});`,
  'definition by apply': (helper, args) => `export default ${helper}.apply(null, [${args}] as [any, any]);`,
  'definition by bind': (helper, args) => `const again: any = ${helper}.bind(null);\nexport default again(${args});`,
  'definition as any at once': (helper, args) => `export default (${helper} as any)(${args});`,
  'definition not null': (helper, args) => `export default ${helper}!(${args});`,
  'definition of spread arguments': (helper, args) => `export default ${helper}(...([${args}] as [any, any]));`,
  'definition with more arguments': (helper, args) => `export default (${helper} as any)(${args}, {});`,
  'definition by let': (helper, args) => `let definition: any;\ndefinition = ${helper}(${args});\nexport default definition;`,
};

/** Exports a definition in one of these ways. */
export function exportDefinition(project, file, helper, args, choices) {
  const ways = Object.keys(WAYS).filter((way) => !project.avoided.has(way));
  const way = choices.chance('exported otherwise', 0.25) ? choices.pick('export', ways) : 'direct';
  if (way !== 'direct') project.used.add(way);
  for (const text of WAYS[way](helper, args).split('\n')) file.add(text);
}
