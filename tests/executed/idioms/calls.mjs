// Functions of all forms that answer a value.

import { Code } from '../facts.mjs';
import { isObject } from '../writer.mjs';

const any = () => true;
const plainable = (value) => value !== undefined && !(value instanceof Code);

const composite = (value) => typeof value === 'object' && value !== null && !(value instanceof Code);

/** An idiom whose `write` answers the declaration of a function, given its name, and the call. */
const made = (name, fits, write) => ({
  name,
  fits,
  write(w, value) {
    const called = w.name('make');
    const { text, call = `${called}()` } = write(w, value, called);
    const statement = w.add(text);
    if (call === `${called}()`) w.hold(called, value, { statement, isFunction: true });
    return call;
  },
});

const inline = (name, fits, write) => ({ name, fits, write });

export const calls = [
  made('arrow', any, (w, value, name) => ({ text: `const ${name} = () => (${w.value(value)});` })),
  made('arrow of a constant', any, (w, value, name) => ({ text: `const ${name} = () => ${w.constant(value)};` })),
  made('arrow with a body', any, (w, value, name) => ({ text: `const ${name} = () => { return ${w.value(value)}; };` })),
  made('function', any, (w, value, name) => ({ text: `function ${name}() { return ${w.value(value)}; }` })),
  made('function expression', any, (w, value, name) => ({ text: `const ${name} = function () { return ${w.value(value)}; };` })),
  made('function with a local', any, (w, value, name) => ({ text: `function ${name}() { const local = ${w.value(value)}; return local; }` })),
  made('function that shadows', plainable, (w, value, name) => {
    const inner = w.name('inner');
    w.add(`const ${inner} = ${w.another(value)};`);
    return { text: `function ${name}() { const ${inner} = ${w.value(value)}; return ${inner}; }` };
  }),
  made('return and a line break', composite, (w, value, name) => ({ text: `function ${name}(): any { return\n${w.constant(value)}; }` })),
  made('label instead of an object', (value) => isObject(value) && Object.keys(value).length === 1, (w, value, name) => ({ text: `const ${name}: any = () => ${w.literal(value)};` })),
  made('what follows the return', composite, (w, value, name) => {
    const held = w.constant(value);
    return { text: `function ${name}(): any { return ${held}; Object.assign(${held}, ${w.another(value)}); }` };
  }),
  made('overloads', any, (w, value, name) => ({ text: `function ${name}(): any; function ${name}(given?: string): any; function ${name}() { return ${w.value(value)}; }` })),
  made('directive', any, (w, value, name) => ({ text: `function ${name}() { 'use strict'; return ${w.value(value)}; }` })),
  made('comments', any, (w, value, name) => ({ text: `function ${name}() { /* return 1; */ // return 2;\n return /* 3 */ ${w.value(value)} /* 4 */; }` })),
  made('function in a function', any, (w, value, name) => ({ text: `function ${name}() { return inner(); function inner() { return ${w.value(value)}; } }` })),
  made('return in a block', any, (w, value, name) => ({ text: `function ${name}() { { return ${w.value(value)}; } }` })),
  made('early return', plainable, (w, value, name) => ({
    text: `function ${name}() { if (${w.flag(true)}) return ${w.value(value)}; return ${w.another(value)}; }`,
  })),
  made('early return that is not taken', plainable, (w, value, name) => ({
    text: `function ${name}() { if (${w.flag(false)}) return ${w.another(value)}; return ${w.value(value)}; }`,
  })),
  made('switch', plainable, (w, value, name) => ({
    text: `function ${name}(which = 'a') { switch (which) { case 'a': return ${w.value(value)}; default: return ${w.another(value)}; } }`,
  })),
  made('finally', plainable, (w, value, name) => ({
    text: `function ${name}() { try { return ${w.another(value)}; } finally { return ${w.value(value)}; } }`,
  })),
  made('parameter', any, (w, value, name) => ({ text: `const ${name} = (given: any) => given;`, call: `${name}(${w.value(value)})` })),
  made('parameter that shadows', plainable, (w, value, name) => {
    const outer = w.name('given');
    w.add(`const ${outer} = ${w.another(value)};`);
    return { text: `const ${name} = (${outer}: any) => ${outer};`, call: `${name}(${w.value(value)})` };
  }),
  made('second parameter', plainable, (w, value, name) => ({
    text: `function ${name}(a: any, b: any) { return b; }`, call: `${name}(${w.another(value)}, ${w.value(value)})`,
  })),
  made('default parameter', any, (w, value, name) => ({ text: `const ${name} = (given = ${w.value(value)}) => given;` })),
  made('default parameter for undefined', any, (w, value, name) => ({
    text: `const ${name} = (given: any = ${w.value(value)}) => given;`, call: `${name}(undefined)`,
  })),
  made('default parameter that is not taken', plainable, (w, value, name) => ({
    text: `const ${name} = (given: any = ${w.another(value)}) => given;`, call: `${name}(${w.value(value)})`,
  })),
  made('destructured parameter', any, (w, value, name) => ({
    text: `const ${name} = ({ given }: any) => given;`, call: `${name}({ given: ${w.value(value)} })`,
  })),
  made('destructured parameter with a default', any, (w, value, name) => ({
    text: `const ${name} = ({ given = ${w.value(value)} }: any = {}) => given;`,
  })),
  made('rest parameter', any, (w, value, name) => ({
    text: `function ${name}(...given: any[]) { return given[0]; }`, call: `${name}(${w.value(value)})`,
  })),
  made('rest parameters as a list', Array.isArray, (w, value, name) => ({
    text: `const ${name} = (...given: any[]) => given;`, call: `${name}(...${w.value(value)})`,
  })),
  made('arguments', any, (w, value, name) => ({
    text: `function ${name}(..._: any[]) { return arguments[0]; }`, call: `${name}(${w.value(value)})`,
  })),
  made('curried', any, (w, value, name) => ({ text: `const ${name} = (a: any) => (b: any) => (a ? b : a);`, call: `${name}(1)(${w.value(value)})` })),
  made('closure', any, (w, value, name) => ({
    text: `const ${name} = (() => { const held = ${w.value(value)}; return () => held; })();`,
  })),
  made('parameter assigned again', plainable, (w, value, name) => ({
    text: `function ${name}(given: any = ${w.another(value)}) { given = ${w.value(value)}; return given; }`,
  })),
  made('method', any, (w, value, name) => ({ text: `const ${name} = { get() { return ${w.value(value)}; } };`, call: `${name}.get()` })),
  made('method that is an arrow', any, (w, value, name) => ({ text: `const ${name} = { get: () => (${w.value(value)}) };`, call: `${name}.get()` })),
  made('method of this', any, (w, value, name) => ({
    text: `const ${name} = { held: ${w.value(value)}, get() { return this.held; } };`, call: `${name}.get()`,
  })),
  made('getter', any, (w, value, name) => ({ text: `const ${name} = { get held() { return ${w.value(value)}; } };`, call: `${name}.held` })),
  made('getter beside a member', plainable, (w, value, name) => ({
    text: `const ${name} = { held: ${w.another(value)}, ...{ get held() { return ${w.value(value)}; } } };`, call: `${name}.held`,
  })),
  made('static field', any, (w, value, name) => ({ text: `class ${name} { static held: any = ${w.value(value)}; }`, call: `${name}.held` })),
  made('static field set in a block', plainable, (w, value, name) => ({
    text: `class ${name} { static held: any = ${w.another(value)}; static { this.held = ${w.value(value)}; } }`, call: `${name}.held`,
  })),
  made('static method', any, (w, value, name) => ({ text: `class ${name} { static get() { return ${w.value(value)}; } }`, call: `${name}.get()` })),
  made('field of an instance', any, (w, value, name) => ({ text: `class ${name} { held: any = ${w.value(value)}; }`, call: `new ${name}().held` })),
  made('function with a property', any, (w, value, name) => ({
    text: `const ${name}: any = Object.assign(() => 1, { held: ${w.value(value)} });`, call: `${name}.held`,
  })),
  made('namespace', any, (w, value, name) => ({ text: `namespace ${name} { export const held: any = ${w.value(value)}; }`, call: `${name}.held` })),
  made('generator', any, (w, value, name) => ({
    text: `function* ${name}() { yield ${w.value(value)}; }`, call: `[...${name}()][0]`,
  })),
  made('by call', any, (w, value, name) => ({ text: `function ${name}(given: any) { return given; }`, call: `${name}.call(null, ${w.value(value)})` })),
  made('bound', any, (w, value, name) => ({ text: `const ${name} = ((given: any) => given).bind(null, ${w.value(value)});` })),
  made('async function', composite, (w, value, name) => ({
    text: w.choices.pick('as', [`const ${name}: any = async () => (${w.value(value)});`, `async function ${name}(): Promise<any> { return ${w.value(value)}; }`, `const ${name}: any = async function () { return ${w.value(value)}; };`]),
    call: `(${name}() as any)`,
  })),
  made('generator that is not walked', composite, (w, value, name) => ({ text: `function* ${name}(): any { return ${w.value(value)}; }` })),
  made('made by new', composite, (w, value, name) => ({ text: `function ${name}(this: any) { return ${w.value(value)}; }`, call: `new (${name} as any)()` })),
  made('not called', composite, (w, value, name) => ({ text: `const ${name}: any = () => (${w.value(value)});`, call: name })),
  made('optional call', any, (w, value, name) => ({ text: `const ${name} = () => (${w.value(value)});`, call: `${name}?.()` })),
  made('call by tag', any, (w, value, name) => ({ text: `const ${name}: any = () => (${w.value(value)});`, call: `${name}\`\`` })),
  made('call with what is not asked for', any, (w, value, name) => ({ text: `const ${name}: any = () => (${w.value(value)});`, call: `${name}(1, {})` })),
  made('function assigned again', plainable, (w, value, name) => ({
    text: `let ${name}: any = () => (${w.another(value)}); ${name} = () => (${w.value(value)});`,
  })),
  made('declared function assigned again', plainable, (w, value, name) => ({
    text: `function ${name}(): any { return ${w.another(value)}; } (${name} as any) = () => (${w.value(value)});`,
  })),
  made('method assigned again', plainable, (w, value, name) => ({
    text: `const ${name}: any = { get: () => (${w.another(value)}) }; ${name}.get = () => (${w.value(value)});`, call: `${name}.get()`,
  })),
  made('constant function in a box', any, (w, value, name) => ({ text: `const ${name} = { get: { inner: () => (${w.value(value)}) } };`, call: `${name}.get.inner()` })),
  made('function of a function', any, (w, value, name) => {
    const inner = w.name('inner');
    return { text: `const ${inner} = () => (${w.value(value)}); const ${name} = () => ${inner}();` };
  }),
  made('function that changes before it answers', composite, (w, value, name) => {
    const held = w.constant(value);
    return { text: `function ${name}() { Object.assign(${held}, ${w.another(value)}); return ${held}; }` };
  }),
  made('function with an effect in its answer', composite, (w, value, name) => {
    const held = w.constant(value);
    return { text: `const ${name} = () => (Object.assign(${held}, ${w.another(value)}), ${held});` };
  }),
  made('answer of Object.assign', composite, (w, value, name) => {
    const held = w.constant(value);
    return { text: `const ${name} = () => Object.assign(${held}, ${w.another(value)});` };
  }),
  inline('called at once', any, (w, value) => `(() => ${w.constant(value)})()`),
  inline('called at once with a body', any, (w, value) => `(() => { const held = ${w.value(value)}; return held; })()`),
  inline('function called at once', any, (w, value) => `(function () { return ${w.value(value)}; })()`),
  inline('called at once with it', any, (w, value) => `((given: any) => given)(${w.value(value)})`),
];
