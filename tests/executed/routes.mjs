// Ways from what is changed to the change. A route is handed what leads to an object and a path from
// there, and answers statements; `on` writes the change, given what leads there now.

const any = () => true;
const deep = ({ path }) => path.length > 0;
const way = (name, fits, write) => ({ name: `way ${name}`, fits, write });
/** A way that stands in no function. */
const outer = (name, fits, write) => ({ ...way(name, fits, write), isOuter: true });

/** One step of a path behind something. */
export const step = (ref, key) => (typeof key === 'number' ? `${ref}[${key}]` : `${ref}.${key}`);
/** A pattern that takes one entry out. */
export const pattern = (key, name) => (typeof key === 'number' ? `[${', '.repeat(key)}${name}]` : `{ ${key}: ${name} }`);

export const routes = [
  way('by itself', any, (w, ref, path, on) => on(ref, path)),
  way('alias', any, (w, ref, path, on) => {
    const name = w.name('other');
    w.add(`const ${name}: any = ${ref};`);
    return on(name, path);
  }),
  way('let alias', any, (w, ref, path, on) => {
    const name = w.name('other');
    w.add(`let ${name}: any; ${name} = ${ref};`);
    return on(name, path);
  }),
  way('alias in a block', any, (w, ref, path, on) => {
    const name = w.name('other');
    return `{ const ${name}: any = ${ref}; ${on(name, path)} }`;
  }),
  way('part', deep, (w, ref, [key, ...rest], on) => {
    const name = w.name('part');
    w.add(`const ${name}: any = ${step(ref, key)};`);
    return on(name, rest);
  }),
  way('destructured part', deep, (w, ref, [key, ...rest], on) => {
    const name = w.name('part');
    w.add(`const ${pattern(key, name)}: any = ${ref};`);
    return on(name, rest);
  }),
  way('destructured by assignment', deep, (w, ref, [key, ...rest], on) => {
    const name = w.name('part');
    w.add(`let ${name}: any; (${pattern(key, name)} = ${ref});`);
    return on(name, rest);
  }),
  way('part with a default', deep, (w, ref, [key, ...rest], on) => {
    if (typeof key === 'number') return on(step(ref, key), rest);
    const name = w.name('part');
    w.add(`const { ${key}: ${name} = {} }: any = ${ref};`);
    return on(name, rest);
  }),
  way('rest of a pattern', deep, (w, ref, [key, ...rest], on) => {
    const name = w.name('rest');
    w.add(typeof key === 'number' ? `const [...${name}]: any = ${ref};` : `const { ...${name} }: any = ${ref};`);
    return on(step(name, key), rest);
  }),
  way('copy', deep, (w, ref, [key, ...rest], on) => {
    const name = w.name('copy');
    w.add(typeof key === 'number' ? `const ${name}: any = [...${ref}];` : `const ${name}: any = { ...${ref} };`);
    return on(step(name, key), rest);
  }),
  way('Object.assign copy', deep, (w, ref, [key, ...rest], on) => {
    const name = w.name('copy');
    w.add(`const ${name}: any = Object.assign(${typeof key === 'number' ? '[]' : '{}'}, ${ref});`);
    return on(step(name, key), rest);
  }),
  way('answer of Object.assign', any, (w, ref, path, on) => on(`Object.assign(${ref}, {})`, path)),
  way('parameter', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`function ${name}(${w.given}: any) { ${on(w.given, path)} }`);
    return `${name}(${ref});`;
  }),
  way('parameter of an arrow', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`const ${name} = (${w.given}: any) => { ${on(w.given, path)} };`);
    return `${name}(${ref});`;
  }),
  way('second parameter', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`function ${name}(_: any, ${w.given}: any) { ${on(w.given, path)} }`);
    return `${name}({}, ${ref});`;
  }),
  way('destructured parameter', deep, (w, ref, [key, ...rest], on) => {
    const name = w.name('change');
    w.add(`const ${name} = (${pattern(key, w.given)}: any) => { ${on(w.given, rest)} };`);
    return `${name}(${ref});`;
  }),
  way('parameter in an object', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`const ${name} = ({ ${w.given} }: any) => { ${on(w.given, path)} };`);
    return `${name}({ ${w.given}: ${ref} });`;
  }),
  way('default parameter', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`function ${name}(${w.given}: any = ${ref}) { ${on(w.given, path)} }`);
    return `${name}();`;
  }),
  way('rest parameter', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`function ${name}(...${w.given}: any[]) { ${on(`${w.given}[0]`, path)} }`);
    return `${name}(${ref});`;
  }),
  way('arguments', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`function ${name}(..._: any[]) { ${on('arguments[0]', path)} }`);
    return `${name}(${ref});`;
  }),
  way('spread argument', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`function ${name}(${w.given}: any) { ${on(w.given, path)} }`);
    return `${name}(...[${ref}]);`;
  }),
  way('call', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`function ${name}(${w.given}: any) { ${on(w.given, path)} }`);
    return w.choices.pick('how', [`${name}.call(null, ${ref});`, `${name}.apply(null, [${ref}]);`, `${name}.bind(null, ${ref})();`, `Reflect.apply(${name}, null, [${ref}]);`]);
  }),
  way('this', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`function ${name}(this: any) { ${on('this', path)} }`);
    return `${name}.call(${ref});`;
  }),
  way('tag', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`function ${name}(_: any, ${w.given}: any) { ${on(w.given, path)} }`);
    return `${name}\`\${${ref}}\`;`;
  }),
  way('function', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`const ${name} = () => { ${on(ref, path)} };`);
    return `${name}();`;
  }),
  way('function called before it stands', any, (w, ref, path, on) => {
    const name = w.name('change');
    return `${name}(); function ${name}() { ${on(ref, path)} }`;
  }),
  way('called at once', any, (w, ref, path, on) => `(() => { ${on(ref, path)} })();`),
  way('called at once with it', any, (w, ref, path, on) => `((${w.given}: any) => { ${on(w.given, path)} })(${ref});`),
  way('function handed on', any, (w, ref, path, on) => {
    const name = w.name('apply');
    w.add(`const ${name} = (what: any, to: any) => what(to);`);
    return `${name}((${w.given}: any) => { ${on(w.given, path)} }, ${ref});`;
  }),
  way('curried', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`const ${name} = (${w.given}: any) => () => { ${on(w.given, path)} };`);
    return `${name}(${ref})();`;
  }),
  way('answer', any, (w, ref, path, on) => {
    const name = w.name('get');
    w.add(`const ${name} = (): any => ${ref};`);
    return on(`${name}()`, path);
  }),
  way('answer of a function with a body', any, (w, ref, path, on) => {
    const name = w.name('get');
    w.add(`function ${name}(): any { const held = ${ref}; return held; }`);
    return on(`${name}()`, path);
  }),
  way('answer of what was given', any, (w, ref, path, on) => {
    const name = w.name('same');
    w.add(`const ${name} = (${w.given}: any) => ${w.given};`);
    return on(`${name}(${ref})`, path);
  }),
  way('answer with a part', deep, (w, ref, [key, ...rest], on) => {
    const name = w.name('get');
    w.add(`const ${name} = (${w.given}: any) => ${step(w.given, key)};`);
    return on(`${name}(${ref})`, rest);
  }),
  way('answer in an object', any, (w, ref, path, on) => {
    const name = w.name('get');
    w.add(`const ${name} = (): any => ({ held: ${ref} });`);
    return on(`${name}().held`, path);
  }),
  way('answer of a method', any, (w, ref, path, on) => {
    const name = w.name('box');
    w.add(`const ${name}: any = { get() { return ${ref}; } };`);
    return on(`${name}.get()`, path);
  }),
  way('getter', any, (w, ref, path, on) => {
    const name = w.name('box');
    w.add(`const ${name}: any = { get held() { return ${ref}; } };`);
    return on(`${name}.held`, path);
  }),
  way('method of this', any, (w, ref, path, on) => {
    const name = w.name('box');
    w.add(`const ${name}: any = { held: ${ref}, change() { ${on('this.held', path)} } };`);
    return `${name}.change();`;
  }),
  way('setter', any, (w, ref, path, on) => {
    const name = w.name('box');
    w.add(`const ${name}: any = { set held(${w.given}: any) { ${on(w.given, path)} } };`);
    return `${name}.held = ${ref};`;
  }),
  way('constructor', any, (w, ref, path, on) => {
    const name = w.name('Box');
    w.add(`class ${name} { constructor(${w.given}: any) { ${on(w.given, path)} } }`);
    return `new ${name}(${ref});`;
  }),
  way('field of a class', any, (w, ref, path, on) => {
    const name = w.name('Box');
    w.add(`class ${name} { constructor(public held: any) {} change() { ${on('this.held', path)} } }`);
    return `new ${name}(${ref}).change();`;
  }),
  way('static block', any, (w, ref, path, on) => `class ${w.name('Box')} { static { ${on(ref, path)} } }`),
  way('static field', any, (w, ref, path, on) => {
    const name = w.name('Box');
    w.add(`class ${name} { static held: any = ${ref}; }`);
    return on(`${name}.held`, path);
  }),
  way('object', any, (w, ref, path, on) => {
    const name = w.name('box');
    w.add(`const ${name}: any = { held: ${ref} };`);
    return on(`${name}.held`, path);
  }),
  way('object by a string', any, (w, ref, path, on) => {
    const name = w.name('box');
    w.add(`const ${name}: any = { 'the held': ${ref} };`);
    return on(`${name}['the held']`, path);
  }),
  way('object set later', any, (w, ref, path, on) => {
    const name = w.name('box');
    w.add(`const ${name}: any = {}; ${name}.held = ${ref};`);
    return on(`${name}.held`, path);
  }),
  way('shorthand', any, (w, ref, path, on) => {
    const [name, held] = [w.name('box'), w.name('held')];
    w.add(`const ${held}: any = ${ref}; const ${name} = { ${held} };`);
    return on(`${name}.${held}`, path);
  }),
  way('list', any, (w, ref, path, on) => {
    const name = w.name('list');
    w.add(`const ${name}: any[] = [${ref}];`);
    return on(`${name}[0]`, path);
  }),
  way('pushed to a list', any, (w, ref, path, on) => {
    const name = w.name('list');
    w.add(`const ${name}: any[] = []; ${name}.push(${ref});`);
    return on(`${name}[0]`, path);
  }),
  way('element by a method', any, (w, ref, path, on) => on(w.choices.pick('how', [`[${ref}].at(0)`, `[${ref}].pop()`, `[${ref}].find(() => true)`, `[${ref}].slice()[0]`, `[[${ref}]].flat()[0]`, `[].concat(${ref})[0]`]).replace('[].concat', '([] as any[]).concat'), path)),
  way('Map', any, (w, ref, path, on) => on(`new Map<any, any>([['a', ${ref}]]).get('a')`, path)),
  way('Map set later', any, (w, ref, path, on) => {
    const name = w.name('map');
    w.add(`const ${name} = new Map<any, any>(); ${name}.set('a', ${ref});`);
    return on(`${name}.get('a')`, path);
  }),
  way('Set', any, (w, ref, path, on) => `new Set<any>([${ref}]).forEach((${w.one}) => { ${on(w.one, path)} });`),
  way('for of', any, (w, ref, path, on) => `for (const ${w.one} of [${ref}] as any[]) { ${on(w.one, path)} }`),
  way('for of an object', any, (w, ref, path, on) => `for (const { ${w.held} } of [{ ${w.held}: ${ref} }] as any[]) { ${on(w.held, path)} }`),
  way('forEach', any, (w, ref, path, on) => `[${ref}].forEach((${w.one}: any) => { ${on(w.one, path)} });`),
  way('forEach of a name', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`function ${name}(${w.one}: any) { ${on(w.one, path)} }`);
    return `[${ref}].forEach(${name});`;
  }),
  way('map', any, (w, ref, path, on) => `[${ref}].map((${w.one}: any) => { ${on(w.one, path)} return ${w.one}; });`),
  way('reduce', any, (w, ref, path, on) => `[1].reduce((${w.one}: any) => { ${on(w.one, path)} return ${w.one}; }, ${ref});`),
  way('filter and forEach', any, (w, ref, path, on) => `[${ref}].filter(Boolean).forEach((${w.one}: any) => { ${on(w.one, path)} });`),
  way('values', deep, (w, ref, [key, ...rest], on) => {
    const test = `${w.key} === '${key}'`;
    return `for (const [${w.key}, ${w.one}] of Object.entries<any>(${ref})) { if (${test}) { ${on(w.one, rest)} } }`;
  }),
  way('keys', deep, (w, ref, [key, ...rest], on) => `Object.keys(${ref}).forEach((${w.key}) => { if (${w.key} === '${key}') { ${on(`(${ref} as any)[${w.key}]`, rest)} } });`),
  way('for in', deep, (w, ref, [key, ...rest], on) => `for (const ${w.key} in ${ref}) { if (${w.key} === '${key}') { const ${w.one}: any = (${ref} as any)[${w.key}]; ${on(w.one, rest)} } }`),
  way('Object.values', ({ path }) => path.length > 0 && typeof path[0] === 'string', (w, ref, [key, ...rest], on) => {
    const name = w.name('values');
    w.add(`const ${name}: any[] = Object.values(${ref}).filter((${w.one}) => ${w.one} === ${step(ref, key)});`);
    return `${name}.forEach((${w.one}) => { ${on(w.one, rest)} });`;
  }),
  way('if', any, (w, ref, path, on) => `if (${w.flag(true)}) { ${on(ref, path)} }`),
  way('&&', any, (w, ref, path, on) => `${w.flag(true)} && (() => { ${on(ref, path)} })();`),
  way('try', any, (w, ref, path, on) => `try { ${on(ref, path)} } catch {}`),
  way('catch', any, (w, ref, path, on) => `try { throw ${ref}; } catch (${w.caught}: any) { ${on(w.caught, path)} }`),
  way('promise', any, (w, ref, path, on) => `Promise.resolve(${ref}).then((${w.one}: any) => { ${on(w.one, path)} });`),
  way('then', any, (w, ref, path, on) => `Promise.resolve().then(() => { ${on(ref, path)} });`),
  way('async', any, (w, ref, path, on) => `(async () => { ${on(ref, path)} })();`),
  way('awaited', any, (w, ref, path, on) => `(async () => { const ${w.one}: any = await ${ref}; ${on(w.one, path)} })();`),
  way('awaited promise', any, (w, ref, path, on) => `(async () => { const [${w.one}]: any[] = await Promise.all([${ref}]); ${on(w.one, path)} })();`),
  way('async function', any, (w, ref, path, on) => {
    const name = w.name('change');
    w.add(`async function ${name}() { ${on(ref, path)} }`);
    return `void ${name}();`;
  }),
  way('answer of an async function', any, (w, ref, path, on) => {
    const name = w.name('get');
    w.add(`const ${name} = async (): Promise<any> => ${ref};`);
    return `${name}().then((${w.one}) => { ${on(w.one, path)} });`;
  }),
  way('loop', any, (w, ref, path, on) => `for (let index = 0; index < 1; index++) { ${on(ref, path)} }`),
  way('switch', any, (w, ref, path, on) => `switch (${w.flag(true)}) { default: ${on(ref, path)} }`),
  way('label', any, (w, ref, path, on) => `once: { ${on(ref, path)} break once; }`),
  way('cast', any, (w, ref, path, on) => on(w.choices.pick('how', [`(${ref} as any)`, `(${ref} satisfies any)`, `${ref}!`, `(<any>${ref})`, `(((${ref})))`]), path)),
  way('comma', any, (w, ref, path, on) => on(`(0, ${ref})`, path)),
  way('condition', any, (w, ref, path, on) => on(`(${w.flag(true)} ? ${ref} : {} as any)`, path)),
  way('??', any, (w, ref, path, on) => on(`(${ref} ?? {} as any)`, path)),
  way('||', any, (w, ref, path, on) => on(`(${ref} || {} as any)`, path)),
  way('&& answer', any, (w, ref, path, on) => on(`(${w.flag(true)} && ${ref} as any)`, path)),
  way('assignment answer', any, (w, ref, path, on) => {
    const name = w.name('other');
    w.add(`let ${name}: any;`);
    return on(`(${name} = ${ref})`, path);
  }),
  way('??=', any, (w, ref, path, on) => {
    const name = w.name('other');
    w.add(`let ${name}: any; ${name} ??= ${ref};`);
    return on(name, path);
  }),
  way('seal', any, (w, ref, path, on) => on(`Object.seal(${ref})`, path)),
  way('Proxy', any, (w, ref, path, on) => on(`new Proxy<any>(${ref}, {})`, path)),
  way('generator', any, (w, ref, path, on) => {
    const name = w.name('walk');
    w.add(`function* ${name}(): any { yield ${ref}; }`);
    return `for (const ${w.one} of ${name}()) { ${on(w.one, path)} }`;
  }),
  outer('namespace', any, (w, ref, path, on) => `namespace ${w.name('Inner')} { ${on(ref, path)} }`),
  way('function of another file', any, (w, ref, path, on) => {
    const name = w.name('changes');
    const file = w.project.sources.file(`quickback/shared/${name}.ts`, 100);
    file.add(`export function ${name}(${w.given}: any) { ${on(w.given, path, w.in(file))} }`);
    w.file.import(`import { ${name} } from '${w.file.to(file)}';`);
    return `${name}(${ref});`;
  }),
];
