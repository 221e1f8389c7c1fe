// Constants, variables, members, destructuring, and expressions that choose.

import { isData, isObject } from '../writer.mjs';
import { Code } from '../facts.mjs';

const any = () => true;
const plainable = (value) => value !== undefined && !(value instanceof Code);
const composite = (value) => typeof value === 'object' && value !== null && !(value instanceof Code);
const truthy = (value) => Boolean(value) && !(value instanceof Code);

const say = (name, fits, write) => ({ name, fits, write });

export const names = [
  say('const', any, (w, value) => w.constant(value)),
  say('const as const', composite, (w, value) => w.constant(value, { text: w.literal(value), after: ' as const' })),
  say('satisfies', composite, (w, value) => w.constant(value, { after: ' satisfies object' })),
  say('as any', any, (w, value) => `(${w.value(value)} as any)`),
  say('as unknown as', any, (w, value) => w.constant(value, { after: ' as unknown as any' })),
  say('const assertion', composite, (w, value) => w.constant(value, { text: `<const>${w.literal(value)}` })),
  say('several casts', any, (w, value) => `((<any>(${w.value(value)}) as unknown) satisfies any as any)!`),
  say('import alias', any, (w, value) => {
    const [outer, name] = [w.name('Outer'), w.name('alias')];
    w.add(`namespace ${outer} { export const held: any = ${w.value(value)}; }`);
    w.add(`import ${name} = ${outer}.held;`);
    return name;
  }),
  say('not null', any, (w, value) => `${w.constant(value)}!`),
  say('typed const', any, (w, value) => w.constant(value, { type: ': any' })),
  say('alias', any, (w, value) => w.constant(value, { text: w.constant(value) })),
  say('several in one declaration', plainable, (w, value) => {
    const [name, other] = [w.name('first'), w.name('second')];
    const statement = w.add(`const ${other} = ${w.another(value)}, ${name} = ${w.value(value)};`);
    w.hold(name, value, { statement });
    return name;
  }),
  say('swapped by destructuring', plainable, (w, value) => {
    const [name, other] = [w.name('first'), w.name('second')];
    const statement = w.add(`const { a: ${name}, b: ${other} } = { b: ${w.another(value)}, a: ${w.value(value)} };`);
    w.hold(name, value, { statement });
    return name;
  }),
  say('duplicate in a box', plainable, (w, value) => `${w.box({ a: value }, { text: `{ a: ${w.another(value)}, b: 1, a: ${w.value(value)} }` })}.a`),
  say('member of a spread box', any, (w, value) => `${w.box({ a: value }, { text: `{ ...${w.box({ a: value }, { text: `{ a: ${w.value(value)} }` })} }` })}.a`),
  say('member with a spread of what is not known', plainable, (w, value) => {
    const given = w.name('given');
    w.add(`const ${given} = ((): any => { const made: any = {}; ${w.choices.chance('set', 0.5) ? `made.a = ${w.another(value)};` : ''} return made; })();`);
    const pairs = [`a: ${w.value(value)}`, `...${given}`];
    return `({ ${(w.choices.chance('before', 0.5) ? pairs.reverse() : pairs).join(', ')} }).a`;
  }),
  say('comma', any, (w, value) => `(0, ${w.value(value)})`),
  say('let', any, (w, value) => w.constant(value, { before: 'let ' })),
  say('var', any, (w, value) => w.constant(value, { before: 'var ' })),
  say('let assigned later', any, (w, value) => {
    const name = w.name('later');
    w.add(`let ${name};`);
    const statement = w.add(`${name} = ${w.value(value)};`);
    w.hold(name, value, { statement });
    return name;
  }),
  say('let assigned again', plainable, (w, value) => {
    const name = w.constant(value, { before: 'let ', text: w.another(value) });
    w.add(`${name} = ${w.value(value)};`);
    return name;
  }),
  say('let assigned again afterwards', plainable, (w, value) => {
    const name = w.constant(value, { before: 'let ' });
    const used = w.name('used');
    w.add(`const ${used} = ${name};`);
    w.add(`${name} = ${w.another(value)};`);
    return used;
  }),
  say('let assigned in a branch', plainable, (w, value) => {
    const name = w.constant(value, { before: 'let ', text: w.another(value) });
    w.add(`if (${w.flag(true)}) ${name} = ${w.value(value)};`);
    return name;
  }),
  say('let assigned in no branch', plainable, (w, value) => {
    const name = w.constant(value, { before: 'let ' });
    w.add(`if (${w.flag(false)}) ${name} = ${w.another(value)};`);
    return name;
  }),
  say('let assigned by a function', plainable, (w, value) => {
    const name = w.constant(value, { before: 'let ', text: w.another(value) });
    const change = w.name('change');
    w.add(`function ${change}() { ${name} = ${w.value(value)}; }`);
    w.add(`${change}();`);
    return name;
  }),
  say('let assigned by destructuring', plainable, (w, value) => {
    const name = w.constant(value, { before: 'let ', text: w.another(value) });
    w.add(`${w.choices.pick('by', [`({ a: ${name} } = { a: ${w.value(value)} });`, `[${name}] = [${w.within('b').value(value)}];`])}`);
    return name;
  }),
  say('var declared twice', plainable, (w, value) => {
    const name = w.name('twice');
    w.add(`var ${name}: any = ${w.another(value)};`);
    w.add(`var ${name}: any = ${w.value(value)};`);
    return name;
  }),
  say('logical assignment', plainable, (w, value) => {
    const name = w.name('maybe');
    w.add(`let ${name}: any;`);
    const statement = w.add(`${name} ${w.choices.pick('by', ['??=', '||='])} ${w.value(value)};`);
    w.hold(name, value, { statement });
    return name;
  }),
  say('shadowed in a block', plainable, (w, value) => {
    const name = w.name('shadowed');
    const outer = w.name('outer');
    w.add(`let ${outer};`);
    w.add(`const ${name} = ${w.another(value)};`);
    w.add(`{ const ${name} = ${w.value(value)}; ${outer} = ${name}; }`);
    return outer;
  }),
  say('shadow that plays no part', plainable, (w, value) => {
    const name = w.constant(value);
    const other = w.another(value);
    w.add(w.choices.pick('by', [
      `{ const ${name} = ${other}; void ${name}; }`,
      `{ let ${name}: any = ${other}; ${name} = ${other}; }`,
      `{ function ${name}() { return ${other}; } void ${name}; }`,
      `{ class ${name} { static a = ${other}; } void ${name}; }`,
      `function ${w.name('unused')}(${name}: any) { return ${name}; }`,
      `function ${w.name('unused')}() { if (${w.flag(true)}) { var ${name}: any = ${other}; } return ${name}; }`,
      `for (const ${name} of [${other}]) void ${name};`,
      `for (let ${name}: any = ${other}, once = 0; once < 1; once++) ${name} = ${other};`,
      `try { throw ${other}; } catch (${name}: any) { void ${name}; }`,
      `void function ${name}() { return ${name}; };`,
      `void (({ ${name} }: any) => ${name});`,
      `void (({ a: [${name}] }: any) => ${name});`,
      `void ((${name}: any = ${other}) => ${name});`,
      `type ${name} = string;`,
      `interface ${name} { a: string }`,
      `{ const { a: ${name} } = { a: ${other} }; void ${name}; }`,
      `{ enum ${name} { A = 'a' } void ${name}; }`,
      `switch (1 as number) { default: { const ${name} = ${other}; void ${name}; } }`,
    ]));
    return name;
  }),
  say('shadow that is changed', composite, (w, value) => {
    const name = w.constant(value);
    const other = w.another(value);
    w.add(w.choices.pick('by', [
      `{ const ${name}: any = ${other}; ${name}.length = 0; }`,
      `((${name}: any) => { ${name}.length = 0; })(${other});`,
      `for (const ${name} of [${other}] as any[]) ${name}.a = 1;`,
      `function ${w.name('shadow')}() { var ${name}: any = ${other}; ${name}.push?.(1); }`,
    ]));
    return name;
  }),
  say('used before', (value, w) => composite(value) && w.before().length > 0, (w) => {
    const holder = w.choices.pick('which', w.before());
    if (holder.file !== w.file) w.file.import(`import { ${holder.name} } from '${w.file.to(holder.file)}';`);
    return holder.isFunction ? `${holder.name}()` : holder.name;
  }),
  say('odd member', any, (w, value) => {
    const key = w.choices.pick('key', ['constructor', 'toString', 'length', 'default', 'prototype', 'name', '$', '\u00e4', 'undefined', 'if']);
    return `${w.box({ [key]: value }, { text: `{ ${key}: ${w.value(value)} }` })}.${key}`;
  }),
  say('odd name', any, (w, value) => {
    const name = w.name(w.choices.pick('stem', ['$', '_', '\u00e4', 'undefined', 'constructor', 'let', 'of', 'async', 'type', 'satisfies']));
    const statement = w.add(`const ${name} = ${w.value(value)};`);
    w.hold(name, value, { statement });
    return name;
  }),

  say('member', any, (w, value) => `${w.box({ a: value, b: 1 }, { text: `{ a: ${w.value(value)}, b: 1 }` })}.a`),
  say('member by string', any, (w, value) => `${w.box({ a: value }, { text: `{ a: ${w.value(value)} }` })}['a']`),
  say('member by name', any, (w, value) => {
    const key = w.name('KEY');
    w.add(`const ${key} = 'a';`);
    return `${w.box({ a: value }, { text: `{ a: ${w.value(value)}, b: ${plainable(value) ? w.another(value) : '1'} }` })}[${key}]`;
  }),
  say('optional member', any, (w, value) => `${w.box({ a: value }, { text: `{ a: ${w.value(value)} }` })}?.a`),
  say('nested member', any, (w, value) => `${w.box({ a: { b: value } }, { text: `{ a: { b: ${w.value(value)} } }` })}.a.b`),
  say('member of a literal', any, (w, value) => `({ a: ${w.value(value)} }).a`),
  say('member that a spread overrides', plainable, (w, value) => {
    const box = w.box({ a: value }, { text: `{ a: ${w.another(value)}, ...{ a: ${w.value(value)} } }` });
    return `${box}.a`;
  }),
  say('element', any, (w, value) => `${w.box([value], { stem: 'list', text: `[${w.value(value)}]` })}[0]`),
  say('last element', any, (w, value) => `[1, ${w.value(value)}].at(-1)`),

  say('destructured', any, (w, value) => {
    const name = w.name('part');
    const statement = w.add(`const { ${name} } = { ${name}: ${w.value(value)} };`);
    w.hold(name, value, { statement });
    return name;
  }),
  say('destructured and renamed', any, (w, value) => {
    const name = w.name('part');
    const from = w.box({ a: value }, { text: `{ a: ${w.value(value)} }` });
    const statement = w.add(`const { a: ${name} } = ${from};`);
    w.hold(name, value, { statement });
    return name;
  }),
  say('destructured deeply', any, (w, value) => {
    const name = w.name('part');
    const statement = w.add(`const { a: { b: [${name}] } } = { a: { b: [${w.value(value)}] } };`);
    w.hold(name, value, { statement });
    return name;
  }),
  say('destructured with its default', plainable, (w, value) => {
    const name = w.name('part');
    const statement = w.add(`const { a: ${name} = ${w.value(value)} }: any = {};`);
    w.hold(name, value, { statement });
    return name;
  }),
  say('destructured without its default', plainable, (w, value) => {
    const name = w.name('part');
    const statement = w.add(`const { ${name} = ${w.another(value)} }: any = { ${name}: ${w.value(value)} };`);
    w.hold(name, value, { statement });
    return name;
  }),
  say('destructured from a list', any, (w, value) => {
    const name = w.name('part');
    const statement = w.add(`const [, ${name}] = [1, ${w.value(value)}];`);
    w.hold(name, value, { statement });
    return name;
  }),
  say('rest of an object', isObject, (w, value) => {
    const name = w.name('rest');
    const left = w.name('left');
    const statement = w.add(`const { ${left}, ...${name} } = { ${left}: 1, ...${w.value(value)} };`);
    w.hold(name, value, { statement });
    return name;
  }),
  say('rest without a part', isObject, (w, value) => {
    const name = w.name('rest');
    const extra = w.choices.pick('extra', ['requiredRoles', 'email', 'masking', 'enabled'].filter((key) => !(key in value)).concat('zz'));
    const statement = w.add(`const { ${extra}: ${w.name('left')}, ...${name} }: any = { ${extra}: {}, ...${w.value(value)} };`);
    w.hold(name, value, { statement });
    return name;
  }),
  say('rest of a list', Array.isArray, (w, value) => {
    const name = w.name('rest');
    const statement = w.add(`const [, ...${name}] = ['first', ...${w.value(value)}];`);
    w.hold(name, value, { statement });
    return name;
  }),

  say('condition', plainable, (w, value) => (w.choices.chance('not', 0.5)
    ? `(${w.flag(false)} ? ${w.another(value)} : ${w.value(value)})`
    : `(${w.flag(true)} ? ${w.value(value)} : ${w.another(value)})`)),
  say('??', any, (w, value) => `(${w.choices.pick('left', ['undefined', 'null'])} ?? ${w.value(value)})`),
  say('?? that is not needed', plainable, (w, value) => `(${w.value(value)} ?? ${w.another(value)})`),
  say('||', any, (w, value) => `(false || ${w.value(value)})`),
  say('|| that is not needed', truthy, (w, value) => `(${w.value(value)} || ${w.another(value)})`),
  say('&&', any, (w, value) => `(${w.flag(true)} && ${w.value(value)})`),

  say('structuredClone', isData, (w, value) => `structuredClone(${w.value(value)})`),
  say('through JSON', (value) => composite(value) && isData(value), (w, value) => `JSON.parse(JSON.stringify(${w.value(value)}))`),
  say('Object.freeze', composite, (w, value) => `Object.freeze(${w.value(value)})`),
  say('Map', any, (w, value) => `new Map([['a', ${w.value(value)}]]).get('a')`),
];
