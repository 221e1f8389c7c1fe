// Lists.

import { isData } from '../writer.mjs';

const list = (value) => Array.isArray(value);
const several = (value) => list(value) && value.length > 1;
const texts = (value) => list(value) && value.every((one) => typeof one === 'string');
const say = (name, fits, write) => ({ name, fits, write });
const halves = (value) => [value.slice(0, 1), value.slice(1)];

/** A list that statements fill. */
function filled(w, value, statements) {
  const name = w.name('filled');
  const statement = w.add(`const ${name}: any[] = [];`);
  for (const text of statements(name)) w.add(text);
  w.hold(name, value, { statement });
  return name;
}

export const lists = [
  say('spread of a list', list, (w, value) => `[...${w.value(value)}]`),
  say('spread of a constant list', list, (w, value) => `[...${w.constant(value)}]`),
  say('spread of list parts', several, (w, value) => {
    const [head, tail] = halves(value);
    return `[...${w.value(head)}, ...${w.within('b').value(tail)}]`;
  }),
  say('spread behind elements', several, (w, value) => `[${w.plain(value[0])}, ...${w.value(value.slice(1))}]`),
  say('spread before elements', several, (w, value) => `[...${w.value(value.slice(0, -1))}, ${w.plain(value.at(-1))}]`),
  say('spread of no list', list, (w, value) => `[...${w.value(value)}, ...[]]`),
  say('spread of a condition', several, (w, value) => `[${w.plain(value[0])}, ...(${w.flag(true)} ? ${w.value(value.slice(1))} : [])]`),
  say('spread of a condition that does not hold', list, (w, value) => `[...${w.value(value)}, ...(${w.flag(false)} ? ['viewer', 'phone'] : [])]`),
  say('spread of a called list', list, (w, value) => {
    const name = w.name('make');
    w.add(`const ${name} = () => ${w.value(value)};`);
    return `[...${name}()]`;
  }),
  say('nested spread of lists', list, (w, value) => `[...[...[...${w.value(value)}]]]`),
  say('trailing comma', several, (w, value) => `[${value.map((one, index) => w.part(`${index}`).value(one)).join(', ')}, ]`),
  say('list of an enum', (value) => texts(value) && value.every((one) => /^\w+$/.test(one)), (w, value) => {
    const name = w.name('Words');
    w.add(`enum ${name} { ${value.map((one, index) => `K${index} = '${one}'`).join(', ')} }`);
    return `[${value.map((_, index) => `${name}.K${index}`).join(', ')}]`;
  }),
  say('spread of a set', list, (w, value) => `[...new Set(${w.value(value)})]`),
  say('concat', several, (w, value) => {
    const [head, tail] = halves(value);
    return `${w.value(head)}.concat(${w.within('b').value(tail)})`;
  }),
  say('concat of elements', several, (w, value) => `${w.value(value.slice(0, -1))}.concat(${w.plain(value.at(-1))})`),
  say('map', list, (w, value) => `${w.value(value)}.map((one: any) => one)`),
  say('map of members', texts, (w, value) => `[${value.map((one) => `{ held: '${one}' }`).join(', ')}].map((one) => one.held)`),
  say('filter', list, (w, value) => `[...${w.value(value)}, 'viewer2'].filter((one) => one !== 'viewer2')`),
  say('filter of all', list, (w, value) => `${w.value(value)}.filter(Boolean)`),
  say('slice', list, (w, value) => `[...${w.value(value)}, 'viewer'].slice(0, ${value.length})`),
  say('slice of all', list, (w, value) => `${w.value(value)}.slice()`),
  say('flat', several, (w, value) => `[${w.value(value.slice(0, 1))}, ${w.within('b').value(value.slice(1))}].flat()`),
  say('flatMap', list, (w, value) => `${w.value(value)}.flatMap((one: any) => [one])`),
  say('Array.from', list, (w, value) => `Array.from(${w.value(value)})`),
  say('Array.of', several, (w, value) => `Array.of(${value.map((one) => w.plain(one)).join(', ')})`),
  say('Object.keys', texts, (w, value) => `Object.keys({ ${value.map((one) => `'${one}': 1`).join(', ')} })`),
  say('Object.values', list, (w, value) => `Object.values({ ${value.map((one, index) => `key${index}: ${w.plain(one)}`).join(', ')} })`),
  say('Object.values of a name', list, (w, value) => {
    const name = w.constant({}, { stem: 'words', text: `{ ${value.map((one, index) => `key${index}: ${w.plain(one)}`).join(', ')} }` });
    return `Object.values(${name})`;
  }),
  say('split', (value) => texts(value) && value.length > 0, (w, value) => `'${value.join(' ')}'.split(' ')`),
  say('reverse', list, (w, value) => `${w.plain([...value].reverse())}.reverse()`),
  say('reverse of a name', list, (w, value) => {
    const name = w.constant(value, { text: w.plain([...value].reverse()) });
    w.add(`${name}.reverse();`);
    return name;
  }),
  say('toReversed', list, (w, value) => `${w.plain([...value].reverse())}.toReversed()`),
  say('reduce', list, (w, value) => `${w.value(value)}.reduce((all: any[], one: any) => [...all, one], [])`),
  say('cut off', list, (w, value) => `[...${w.value(value)}, 'viewer'].splice(0, ${value.length})`),
  say('pushed', several, (w, value) => filled(w, value, (name) => value.map((one) => `${name}.push(${w.plain(one)});`))),
  say('pushed at once', list, (w, value) => filled(w, value, (name) => [`${name}.push(...${w.value(value)});`])),
  say('pushed in a loop', list, (w, value) => filled(w, value, (name) => [`for (const one of ${w.value(value)}) ${name}.push(one);`])),
  say('pushed by forEach', list, (w, value) => filled(w, value, (name) => [`${w.value(value)}.forEach((one: any) => ${name}.push(one));`])),
  say('set by index', list, (w, value) => filled(w, value, (name) => value.map((one, index) => `${name}[${index}] = ${w.plain(one)};`))),
  say('shortened', list, (w, value) => {
    const name = w.constant(value, { text: `[...${w.value(value)}, 'viewer', 'phone']` });
    w.add(w.choices.pick('by', [`${name}.length = ${value.length};`, `${name}.pop(); ${name}.pop();`, `${name}.splice(${value.length});`]));
    return name;
  }),
  say('grown by a function', several, (w, value) => {
    const name = w.name('grow');
    w.add(`function ${name}(list: any[]) { list.push(${w.plain(value.at(-1))}); return list; }`);
    return `${name}(${w.value(value.slice(0, -1))})`;
  }),
  say('function that fills', several, (w, value) => {
    const name = w.name('fill');
    w.add(`function ${name}() { const list = ${w.value(value.slice(0, -1))}; list.push(${w.plain(value.at(-1))}); return list; }`);
    return `${name}()`;
  }),
  say('fallback by length', (value) => list(value) && value.length > 0 && isData(value), (w, value) => {
    const name = w.constant([], { stem: 'none', text: '[]' });
    return `(${name}.length > 0 ? ${name} : ${w.value(value)})`;
  }),
];
