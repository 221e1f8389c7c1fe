// Strings and booleans.

const text = (value) => typeof value === 'string';
const long = (value) => text(value) && value.length > 1;
const flag = (value) => typeof value === 'boolean';
const on = (value) => value === true;
const off = (value) => value === false;
const say = (name, fits, write) => ({ name, fits, write });

/** The two halves of a string. */
const halves = (value) => [value.slice(0, 2), value.slice(2)];

export const words = [
  say('template', text, (w, value) => `\`${value}\``),
  say('template with a name', long, (w, value) => {
    const [head, tail] = halves(value);
    return `\`\${${w.constant(head, { stem: 'head' })}}${tail}\``;
  }),
  say('sum of strings', long, (w, value) => {
    const [head, tail] = halves(value);
    return `(${w.value(head)} + '${tail}')`;
  }),
  say('enum', text, (w, value) => {
    const name = w.name('Word');
    w.add(`enum ${name} { Other = 'other', Held = '${value}' }`);
    return `${name}.Held`;
  }),
  say('const enum', text, (w, value) => {
    const name = w.name('Word');
    w.add(`const enum ${name} { Held = '${value}', Other = 'other' }`);
    return `${name}.Held`;
  }),
  say('enum member by another', text, (w, value) => {
    const name = w.name('Word');
    w.add(`enum ${name} { Held = '${value}', Same = Held }`);
    return `${name}.Same`;
  }),
  say('enum of another enum', text, (w, value) => {
    const [one, other] = [w.name('Word'), w.name('Word')];
    w.add(`enum ${one} { Held = '${value}' }`);
    w.add(`enum ${other} { Held = ${one}.Held }`);
    return `${other}.Held`;
  }),
  say('enum by a sum', long, (w, value) => {
    const name = w.name('Word');
    const [head, tail] = halves(value);
    w.add(`enum ${name} { Head = '${head}', Held = \`\${Head}${tail}\` }`);
    return `${name}.Held`;
  }),
  say('enum by a string', text, (w, value) => {
    const name = w.name('Word');
    w.add(`enum ${name} { 'the one' = '${value}', 'the other' = 'other' }`);
    return `${name}['the one']`;
  }),
  say('enum declared twice', text, (w, value) => {
    const name = w.name('Word');
    w.add(`enum ${name} { Other = 'other' }`);
    w.add(`enum ${name} { Held = '${value}' }`);
    return `${name}.Held`;
  }),
  say('escaped', long, (w, value) => `'\\u${value.charCodeAt(0).toString(16).padStart(4, '0')}${value.slice(1)}'`),
  say('escaped in a template', long, (w, value) => `\`\\x${value.charCodeAt(0).toString(16)}${value.slice(1)}\``),
  say('continued line', long, (w, value) => `'${halves(value).join('\\\n')}'`),
  say('toLowerCase', (value) => text(value) && value.toLowerCase() === value, (w, value) => `'${value.toUpperCase()}'.toLowerCase()`),
  say('trim', text, (w, value) => `' ${value} '.trim()`),
  say('join', long, (w, value) => `['${halves(value).join("', '")}'].join('')`),
  say('replace', text, (w, value) => `'${value}?'.replace('?', '')`),
  say('String', text, (w, value) => `String(${w.value(value)})`),
  say('String.raw', text, (w, value) => `String.raw\`${value}\``),
  say('first key', text, (w, value) => `Object.keys({ ${value.match(/^\w+$/) ? value : `'${value}'`}: 1 })[0]`),
  say('added to', long, (w, value) => {
    const name = w.name('grown');
    const [head, tail] = halves(value);
    w.add(`let ${name} = '${head}';`);
    w.add(`${name} += '${tail}';`);
    return name;
  }),

  say('not', flag, (w, value) => `!${w.value(!value)}`),
  say('not not', flag, (w, value) => `!!${w.value(value)}`),
  say('Boolean', flag, (w, value) => `Boolean(${value ? 1 : 0})`),
  say('comparison', flag, (w, value) => `(${w.constant('a', { stem: 'side' })} === '${value ? 'a' : 'b'}')`),
  say('includes', flag, (w, value) => `['a', 'b'].includes('${value ? 'b' : 'c'}')`),
  say('in', flag, (w, value) => `('${value ? 'a' : 'b'}' in { a: 1 })`),
  say('some', flag, (w, value) => `[1, 2].some((one) => one > ${value ? 1 : 2})`),
  say('and', on, (w) => `(${w.value(true)} && ${w.within('b').value(true)})`),
  say('and not', off, (w) => `(${w.value(true)} && ${w.within('b').value(false)})`),
  say('or', on, (w) => `(${w.value(false)} || ${w.within('b').value(true)})`),
  say('or not', off, (w) => `(${w.value(false)} || ${w.within('b').value(false)})`),
];
