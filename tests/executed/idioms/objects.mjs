// Objects.

import { isObject } from '../writer.mjs';

const object = isObject;
const filled = (value) => isObject(value) && Object.keys(value).length > 0;
const several = (value) => isObject(value) && Object.keys(value).length > 1;
const say = (name, fits, write) => ({ name, fits, write });

/** An object without one of its entries, the entry's key, and its value. */
function apart(w, value) {
  const key = w.choices.pick('key', Object.keys(value));
  const { [key]: one, ...rest } = value;
  return { key, one, rest };
}

/** An object that statements fill. */
function assigned(w, value, text, statements) {
  const name = w.name('filled');
  const statement = w.add(`const ${name}: any = ${text};`);
  for (const line of statements(name)) w.add(line);
  w.hold(name, value, { statement });
  return name;
}

/** Keys that a value of that kind may have too. */
const EXTRA = {
  options: ['masking', 'guards'],
  realtime: ['requiredRoles', 'fields', 'onInsert'],
  masking: ['email'],
  rule: ['show'],
  show: ['or', 'roles'],
};
/** Keys that the value could have, and lacks. */
const lacking = (w, value) => (EXTRA[w.kind] ?? ['description']).filter((key) => !(key in value));
const lacks = (value, w) => isObject(value) && lacking(w, value).length > 0;
const extra = (w, value) => w.choices.pick('extra', lacking(w, value));

export const objects = [
  say('spread of an object', object, (w, value) => `{ ...${w.value(value)} }`),
  say('spread of a constant object', object, (w, value) => `{ ...${w.constant(value)} }`),
  say('spread with an entry behind', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    return `{ ...${w.value(rest)}, ${key}: ${w.part(key).value(one)} }`;
  }),
  say('spread with an entry before', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    return `{ ${key}: ${w.part(key).value(one)}, ...${w.value(rest)} }`;
  }),
  say('spread that is overridden', filled, (w, value) => {
    const { key, one } = apart(w, value);
    return `{ ...${w.constant(value, { text: w.plain({ ...value, [key]: undefined }) })}, ${key}: ${w.part(key).value(one)} }`;
  }),
  say('spread that overrides', filled, (w, value) => {
    const { key, one } = apart(w, value);
    return `{ ${key}: ${w.part(key).another(one)}, ...${w.value(value)} }`;
  }),
  say('spread that takes away', (value, w) => lacks(value, w) && !['masking', 'columns'].includes(w.kind), (w, value) => {
    const key = extra(w, value);
    return `{ ...{ ${key}: ['admin'] }, ...${w.value(value)}, ...{ ${key}: undefined } }`;
  }),
  say('spread of parts', several, (w, value) => {
    const { key, one, rest } = apart(w, value);
    return `{ ...${w.value({ [key]: one })}, ...${w.within('b').value(rest)} }`;
  }),
  say('spread of a condition', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    return `{ ...${w.value(rest)}, ...(${w.flag(true)} ? { ${key}: ${w.part(key).value(one)} } : {}) }`;
  }),
  say('spread of &&', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    return `{ ...${w.value(rest)}, ...(${w.flag(true)} && { ${key}: ${w.part(key).value(one)} }) }`;
  }),
  say('spread of what does not hold', lacks, (w, value) => {
    const key = extra(w, value);
    return `{ ...${w.value(value)}, ...(${w.flag(false)} && { ${key}: ['viewer'] }) }`;
  }),
  say('spread of nothing', object, (w, value) => `{ ...${w.value(value)}, ...${w.choices.pick('what', ['undefined', 'null', '{}'])} }`),
  say('Object.assign', object, (w, value) => `Object.assign({}, ${w.value(value)})`),
  say('Object.assign of parts', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    return `Object.assign(${w.value(rest)}, { ${key}: ${w.part(key).value(one)} })`;
  }),
  say('Object.assign to a constant', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    const name = w.constant(value, { text: w.value(rest) });
    w.add(`Object.assign(${name}, { ${key}: ${w.part(key).value(one)} });`);
    return name;
  }),
  say('Object.fromEntries', object, (w, value) => {
    const entries = Object.entries(value).map(([key, one]) => `['${key}', ${w.part(key).value(one)}]`);
    return `Object.fromEntries([${entries.join(', ')}])`;
  }),
  say('Object.fromEntries of a map', (value) => filled(value) && new Set(Object.values(value).map((one) => JSON.stringify(one))).size === 1, (w, value) => {
    const one = w.value(Object.values(value)[0]);
    return `Object.fromEntries(${w.plain(Object.keys(value))}.map((key) => [key, ${one}]))`;
  }),
  say('Object.entries and back', object, (w, value) => `Object.fromEntries(Object.entries(${w.value(value)}))`),
  say('Object.entries filtered', lacks, (w, value) => {
    const key = extra(w, value);
    return `Object.fromEntries(Object.entries({ ${key}: ['admin'], ...${w.value(value)} }).filter(([key]) => key !== '${key}'))`;
  }),
  say('computed key', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    const name = w.name('KEY');
    w.add(`const ${name} = '${key}';`);
    return `{ ...${w.value(rest)}, [${name}]: ${w.part(key).value(one)} }`;
  }),
  say('computed key of a string', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    return `{ ...${w.value(rest)}, ['${key}']: ${w.part(key).value(one)} }`;
  }),
  say('computed key that overrides', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    const name = w.name('KEY');
    w.add(`const ${name} = '${key}';`);
    return `{ ${key}: ${w.part(key).another(one)}, ...${w.value(rest)}, [${name}]: ${w.part(key).value(one)} }`;
  }),
  say('computed key of an enum', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    const name = w.name('Key');
    w.add(`enum ${name} { Held = '${key}' }`);
    return `{ ...${w.value(rest)}, [${name}.Held]: ${w.part(key).value(one)} }`;
  }),
  say('spread of an enum', (value) => filled(value) && Object.values(value).every((one) => typeof one === 'string'), (w, value) => {
    const name = w.name('Words');
    w.add(`enum ${name} { ${Object.entries(value).map(([key, one]) => `${key} = '${one}'`).join(', ')} }`);
    return `{ ...${name} }`;
  }),
  say('spread of a namespace', filled, (w, value) => {
    const file = w.project.sources.file(`quickback/shared/${w.name('whole')}.ts`, Math.floor(w.file.level) + 1);
    const all = w.name('all');
    const names = Object.entries(value).map(([key, one]) => {
      const local = w.name('part');
      file.add(`const ${local} = ${w.in(file).part(key).value(one)};`);
      return `${local} as ${key}`;
    });
    file.add(`export { ${names.join(', ')} };`);
    w.file.import(`import * as ${all} from '${w.file.to(file)}';`);
    return `{ ...${all} }`;
  }),
  say('namespace as an object', filled, (w, value) => {
    const file = w.project.sources.file(`quickback/shared/${w.name('whole')}.ts`, Math.floor(w.file.level) + 1);
    const all = w.name('all');
    for (const [key, one] of Object.entries(value)) file.add(`const ${key}Held = ${w.in(file).part(key).value(one)};`);
    file.add(`export { ${Object.keys(value).map((key) => `${key}Held as ${key}`).join(', ')} };`);
    w.file.import(`import * as ${all} from '${w.file.to(file)}';`);
    return all;
  }),
  say('spread of a string', object, (w, value) => `{ ...'', ...${w.value(value)} }`),
  say('spread of a list in an object', object, (w, value) => `{ ...([] as any), ...${w.value(value)} }`),
  say('empty key', object, (w, value) => `{ ...${w.value(value)}, ...{} , }`),
  say('numeric key of a box', object, (w, value) => `({ 0: ${w.another(value)}, 1: ${w.value(value)} } as any)[1]`),
  say('nested spread', object, (w, value) => `{ ...{ ...{ ...${w.value(value)} } } }`),
  say('spread of a call', object, (w, value) => {
    const name = w.name('make');
    w.add(`const ${name} = () => (${w.value(value)});`);
    return `{ ...${name}() }`;
  }),
  say('quoted keys', object, (w, value) => `{ ${Object.entries(value).map(([key, one]) => `'${key}': ${w.part(key).value(one)}`).join(', ')} }`),
  say('escaped key', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    return `{ ...${w.value(rest)}, \\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}: ${w.part(key).value(one)} }`;
  }),
  say('shorthand', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    const name = w.name('held');
    w.add(`const ${name} = (${key}: any) => ({ ...${w.value(rest)}, ${key} });`);
    return `${name}(${w.part(key).value(one)})`;
  }),
  say('shorthand of a constant', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    const name = w.name('whole');
    const part = w.part(key);
    w.add(`let ${name}: any;`);
    w.add(`{ const ${key} = ${part.value(one)}; ${name} = { ...${w.value(rest)}, ${key} }; }`);
    w.hold(name, value);
    return name;
  }),
  say('getter for an entry', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    return `{ ${w.pairs(rest).concat(`get ${key}() { return ${w.part(key).value(one)}; }`).join(', ')} }`;
  }),
  say('getter that overrides', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    const pairs = [`...{ ${key}: ${w.part(key).another(one)} }`, `...${w.value(rest)}`, `get ${key}() { return ${w.part(key).value(one)}; }`];
    return `{ ${pairs.join(', ')} }`;
  }),
  say('filled by assignments', filled, (w, value) => assigned(w, value, '{}', (name) => Object.entries(value).map(([key, one]) => `${name}.${key} = ${w.part(key).value(one)};`))),
  say('one assigned afterwards', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    return assigned(w, value, w.value(rest), (name) => [`${name}${w.choices.pick('by', [`.${key}`, `['${key}']`])} = ${w.part(key).value(one)};`]);
  }),
  say('one assigned again', filled, (w, value) => {
    const { key, one } = apart(w, value);
    return assigned(w, value, `{ ...${w.value(value)}, ${key}: ${w.part(key).another(one)} }`, (name) => [`${name}.${key} = ${w.part(key).value(one)};`]);
  }),
  say('one deleted', lacks, (w, value) => {
    const key = extra(w, value);
    return assigned(w, value, `{ ${key}: ['admin'], ...${w.value(value)} }`, (name) => [w.choices.pick('by', [`delete ${name}.${key};`, `delete ${name}['${key}'];`, `Reflect.deleteProperty(${name}, '${key}');`])]);
  }),
  say('filled in a loop', filled, (w, value) => assigned(w, value, '{}', (name) => [`for (const [key, one] of Object.entries(${w.value(value)})) ${name}[key] = one;`])),
  say('filled by forEach', filled, (w, value) => assigned(w, value, '{}', (name) => [`Object.entries(${w.value(value)}).forEach(([key, one]) => { ${name}[key] = one; });`])),
  say('filled for a list', (value) => filled(value) && new Set(Object.values(value).map((one) => JSON.stringify(one))).size === 1, (w, value) => assigned(w, value, '{}', (name) => {
    const one = w.value(Object.values(value)[0]);
    return [`for (const key of ${w.plain(Object.keys(value))}) ${name}[key] = ${one};`];
  })),
  say('reduced', filled, (w, value) => `Object.entries(${w.value(value)}).reduce((all: any, [key, one]) => ({ ...all, [key]: one }), {})`),
  say('defineProperty', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    return assigned(w, value, w.value(rest), (name) => [`Object.defineProperty(${name}, '${key}', { value: ${w.part(key).value(one)}, enumerable: true });`]);
  }),
  say('function that fills', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    const name = w.name('fill');
    w.add(`function ${name}() { const made: any = ${w.value(rest)}; made.${key} = ${w.part(key).value(one)}; return made; }`);
    return `${name}()`;
  }),
  say('function that adds', filled, (w, value) => {
    const { key, one, rest } = apart(w, value);
    const name = w.name('add');
    w.add(`const ${name} = (made: any) => { made.${key} = ${w.part(key).value(one)}; return made; };`);
    return `${name}(${w.value(rest)})`;
  }),
  say('function that overrides', filled, (w, value) => {
    const { key, one } = apart(w, value);
    const name = w.name('over');
    w.add(`const ${name} = (made: any = {}) => ({ ...${w.plain({ ...value, [key]: undefined })}, ...made });`);
    return `${name}({ ${key}: ${w.part(key).value(one)} })`;
  }),
  say('fields of a class', filled, (w, value) => {
    const name = w.name('Held');
    w.add(`class ${name} { ${Object.entries(value).map(([key, one]) => `${key}: any = ${w.part(key).value(one)};`).join(' ')} }`);
    return `{ ...new ${name}() }`;
  }),
];
