// Values of other files.

import { isData } from '../writer.mjs';
import { Code } from '../facts.mjs';

const any = () => true;
const plainable = (value) => value !== undefined && !(value instanceof Code);

/** An idiom that declares a constant in a deeper file; `write` imports it. */
const there = (name, write, fits = any) => ({
  name,
  fits,
  write(w, value) {
    const file = w.deeperFile();
    return write(w, value, file, w.in(file));
  },
});

/** Declares an exported constant in a deeper file. */
function exported(w, value, before = 'export const ') {
  const text = w.value(value);
  const name = w.name('SHARED');
  const statement = w.add(`${before}${name} = ${text};`);
  w.hold(name, value, { statement, isExported: true });
  return name;
}

/** A file of its own at the level of another, for what there is one of in a file. */
function alone(w, file, stem) {
  const name = w.name(stem);
  return w.project.sources.file(`quickback/shared/${name}.ts`, file.level);
}

export const modules = [
  there('named import', (w, value, file, inner) => {
    const name = exported(inner, value);
    w.file.import(`import { ${name} } from '${w.file.to(file)}';`);
    return name;
  }),
  there('renamed import', (w, value, file, inner) => {
    const [name, local] = [exported(inner, value), w.name('renamed')];
    w.file.import(`import { ${name} as ${local} } from '${w.file.to(file)}';`);
    w.hold(local, value);
    return local;
  }),
  there('renamed export', (w, value, file, inner) => {
    const [name, outer] = [inner.constant(value), w.name('outer')];
    inner.add(`export { ${name} as ${outer} };`);
    w.file.import(`import { ${outer} } from '${w.file.to(file)}';`);
    return outer;
  }),
  there('namespace import', (w, value, file, inner) => {
    const [name, all] = [exported(inner, value), w.name('all')];
    w.file.import(`import * as ${all} from '${w.file.to(file)}';`);
    return `${all}.${name}`;
  }),
  there('import with an extension', (w, value, file, inner) => {
    const name = exported(inner, value);
    const path = w.file.to(file);
    w.file.import(`import { ${name} } from '${path.endsWith('.mjs') ? path : `${path}${file.path.endsWith('/index.ts') ? '/index' : ''}.js`}';`);
    return name;
  }),
  there('import by paths', (w, value, file, inner) => {
    const name = exported(inner, value);
    w.file.import(`import { ${name} } from '${file.alias}';`);
    return name;
  }),
  there('import by a package', (w, value, file, inner) => {
    const name = exported(inner, value);
    w.file.import(`import { ${name} } from '${file.hashed}';`);
    return name;
  }),
  there('default import', (w, value, file) => {
    const own = alone(w, file, 'whole');
    const local = w.name('whole');
    own.add(`export default ${w.in(own).value(value)};`);
    w.file.import(`import ${local} from '${w.file.to(own)}';`);
    w.hold(local, value);
    return local;
  }),
  there('default import of a constant', (w, value, file) => {
    const own = alone(w, file, 'whole');
    const local = w.name('whole');
    const name = w.in(own).constant(value);
    own.add(w.choices.pick('as', [`export default ${name};`, `export { ${name} as default };`, `export default (${name} as any);`, `export default ${name} satisfies any;`, `export default (((${name})));`]));
    w.file.import(w.choices.pick('by', [`import ${local} from '${w.file.to(own)}';`, `import { default as ${local} } from '${w.file.to(own)}';`]));
    w.hold(local, value);
    return local;
  }),
  there('default export before it changes', (w, value, file) => {
    const own = alone(w, file, 'whole');
    const [local, inner] = [w.name('whole'), w.in(own)];
    const name = inner.constant(value, { before: 'let ' });
    own.add(`export default ${name};`);
    own.add(`${name} = ${inner.another(value)};`);
    w.file.import(`import ${local} from '${w.file.to(own)}';`);
    return local;
  }, plainable),
  there('live default export', (w, value, file) => {
    const own = alone(w, file, 'whole');
    const [local, inner] = [w.name('whole'), w.in(own)];
    const name = inner.constant(value, { before: 'let ', text: inner.another(value) });
    own.add(`export { ${name} as default };`);
    own.add(`${name} = ${inner.value(value)};`);
    w.file.import(`import ${local} from '${w.file.to(own)}';`);
    return local;
  }, plainable),
  there('live export', (w, value, file, inner) => {
    const name = w.name('live');
    inner.add(`export let ${name} = ${inner.another(value)};`);
    inner.add(`${name} = ${inner.value(value)};`);
    w.file.import(`import { ${name} } from '${w.file.to(file)}';`);
    return name;
  }, plainable),
  there('function of another file', (w, value, file, inner) => {
    const name = w.name('make');
    const text = inner.value(value);
    const statement = inner.add(w.choices.pick('as', [`export const ${name} = () => (${text});`, `export function ${name}() { return ${text}; }`]));
    inner.hold(name, value, { statement, isExported: true, isFunction: true });
    w.file.import(`import { ${name} } from '${w.file.to(file)}';`);
    return `${name}()`;
  }),
  there('barrel', (w, value, file) => {
    const own = alone(w, { level: file.level + 1 }, 'part');
    const name = exported(w.in(own), value);
    file.add(w.choices.pick('as', [`export * from '${file.to(own)}';`, `export { ${name} } from '${file.to(own)}';`]));
    w.file.import(`import { ${name} } from '${w.file.to(file)}';`);
    return name;
  }),
  there('barrel that renames', (w, value, file) => {
    const own = alone(w, { level: file.level + 1 }, 'part');
    const [name, outer] = [exported(w.in(own), value), w.name('outer')];
    file.add(`export { ${name} as ${outer} } from '${file.to(own)}';`);
    w.file.import(`import { ${outer} } from '${w.file.to(file)}';`);
    return outer;
  }),
  there('barrel with a namespace', (w, value, file) => {
    const own = alone(w, { level: file.level + 1 }, 'part');
    const [name, all] = [exported(w.in(own), value), w.name('all')];
    file.add(`export * as ${all} from '${file.to(own)}';`);
    w.file.import(`import { ${all} } from '${w.file.to(file)}';`);
    return `${all}.${name}`;
  }),
  there('barrel of a default', (w, value, file) => {
    const own = alone(w, { level: file.level + 1 }, 'part');
    const outer = w.name('outer');
    own.add(`export default ${w.in(own).value(value)};`);
    file.add(`export { default as ${outer} } from '${file.to(own)}';`);
    w.file.import(`import { ${outer} } from '${w.file.to(file)}';`);
    w.hold(outer, value);
    return outer;
  }),
  there('barrel that is overridden', (w, value, file) => {
    const own = alone(w, file, 'over');
    const under = alone(w, { level: file.level + 1 }, 'under');
    const name = w.name('both');
    under.add(`export const ${name} = ${w.in(under).another(value)};`);
    own.add(`export * from '${own.to(under)}';`);
    own.add(`export const ${name} = ${w.in(own).value(value)};`);
    w.file.import(`import { ${name} } from '${w.file.to(own)}';`);
    return name;
  }, plainable),
  there('imported and exported', (w, value, file) => {
    const own = alone(w, { level: file.level + 1 }, 'part');
    const [name, outer] = [exported(w.in(own), value), w.name('outer')];
    file.import(`import { ${name} } from '${file.to(own)}';`);
    file.add(w.choices.pick('as', [`export const ${outer} = ${name};`, `export { ${name} as ${outer} };`]));
    w.file.import(`import { ${outer} } from '${w.file.to(file)}';`);
    return outer;
  }),
  there('member of a default export', (w, value, file) => {
    const own = alone(w, file, 'whole');
    const local = w.name('whole');
    own.add(`export default { a: ${w.in(own).value(value)}, b: 1 };`);
    w.file.import(`import ${local} from '${w.file.to(own)}';`);
    return `${local}.a`;
  }),
  there('exported by destructuring', (w, value, file, inner) => {
    const name = w.name('TAKEN');
    inner.add(`export const { a: ${name} } = { a: ${inner.value(value)}, b: 1 };`);
    w.file.import(`import { ${name} } from '${w.file.to(file)}';`);
    return name;
  }),
  there('namespace taken apart', (w, value, file, inner) => {
    const [name, all, local] = [exported(inner, value), w.name('all'), w.name('taken')];
    w.file.import(`import * as ${all} from '${w.file.to(file)}';`);
    w.add(`const { ${name}: ${local} } = ${all};`);
    return local;
  }),
  there('member of a namespace by string', (w, value, file, inner) => {
    const [name, all] = [exported(inner, value), w.name('all')];
    w.file.import(`import * as ${all} from '${w.file.to(file)}';`);
    return `${all}['${name}']`;
  }),
  there('barrels in a circle', (w, value, file) => {
    const [one, other] = [alone(w, file, 'circle'), alone(w, file, 'circle')];
    const name = exported(w.in(other), value);
    one.add(`export * from '${one.to(other)}';`);
    other.add(`export * from '${other.to(one)}';`);
    w.file.import(`import { ${name} } from '${w.file.to(one)}';`);
    return name;
  }),
  there('import beside a type', (w, value, file, inner) => {
    const [name, type] = [exported(inner, value), w.name('Type')];
    inner.add(`export type ${type} = string;`);
    w.file.import(`import { type ${type}, ${name} } from '${w.file.to(file)}';`);
    return name;
  }),
  there('exported by a string', (w, value, file, inner) => {
    const [name, local] = [inner.constant(value), w.name('local')];
    inner.add(`export { ${name} as 'the ${name}' };`);
    w.file.import(`import { 'the ${name}' as ${local} } from '${w.file.to(file)}';`);
    return local;
  }),
  there('declared and exported', (w, value, file, inner) => {
    const name = w.name('HELD');
    const statement = inner.add(`const ${name} = ${inner.value(value)};`);
    inner.hold(name, value, { statement, isExported: true });
    inner.add(`export { ${name} };`);
    w.file.import(`import { ${name} } from '${w.file.to(file)}';`);
    return name;
  }),
  there('exported before it is made', (w, value, file, inner) => {
    const name = w.name('HELD');
    inner.add(`export { ${name} };`);
    const statement = inner.add(`const ${name} = ${inner.value(value)};`);
    inner.hold(name, value, { statement, isExported: true });
    w.file.import(`import { ${name} } from '${w.file.to(file)}';`);
    return name;
  }),
  there('swapped exports', (w, value, file) => {
    const own = alone(w, file, 'swap');
    const inner = w.in(own);
    const [name, other] = [w.name('LEFT'), w.name('RIGHT')];
    own.add(`const ${name} = ${inner.another(value)}; const ${other} = ${inner.value(value)};`);
    own.add(`export { ${name} as ${other}, ${other} as ${name} };`);
    w.file.import(`import { ${name} } from '${w.file.to(own)}';`);
    return name;
  }, plainable),
  there('swapped imports', (w, value, file) => {
    const own = alone(w, file, 'swap');
    const inner = w.in(own);
    const [name, other] = [w.name('LEFT'), w.name('RIGHT')];
    own.add(`export const ${name} = ${inner.another(value)}; export const ${other} = ${inner.value(value)};`);
    w.file.import(`import { ${name} as ${other}, ${other} as ${name} } from '${w.file.to(own)}';`);
    return name;
  }, plainable),
  there('default and named import', (w, value, file) => {
    const own = alone(w, file, 'whole');
    const inner = w.in(own);
    const [name, local] = [w.name('NAMED'), w.name('whole')];
    own.add(`export const ${name} = ${inner.another(value)};`);
    own.add(`export default ${inner.value(value)};`);
    w.file.import(`import ${local}, { ${name} as ${w.name('unused')} } from '${w.file.to(own)}';`);
    return local;
  }, plainable),
  there('namespace of a default', (w, value, file) => {
    const own = alone(w, file, 'whole');
    const all = w.name('all');
    own.add(`export default ${w.in(own).value(value)};`);
    w.file.import(`import * as ${all} from '${w.file.to(own)}';`);
    return `${all}.default`;
  }),
  there('default export of a function', (w, value, file) => {
    const own = alone(w, file, 'whole');
    const local = w.name('whole');
    const text = w.in(own).value(value);
    own.add(w.choices.pick('as', [`export default () => (${text});`, `export default function () { return ${text}; }`, `export default function ${w.name('make')}() { return ${text}; }`]));
    w.file.import(`import ${local} from '${w.file.to(own)}';`);
    return `${local}()`;
  }),
  there('namespace that is handed on', (w, value, file) => {
    const own = alone(w, { level: file.level + 1 }, 'part');
    const [name, all] = [exported(w.in(own), value), w.name('all')];
    file.import(`import * as ${all} from '${file.to(own)}';`);
    file.add(w.choices.pick('as', [`export { ${all} };`, `export const ${all}2 = ${all};`]));
    const local = w.choices.pick('as', [all, `${all}2`]);
    w.file.import(`import { ${local} } from '${w.file.to(file)}';`);
    return `${local}.${name}`;
  }),
  there('two barrels of which one has it', (w, value, file) => {
    const own = alone(w, file, 'barrel');
    const [one, other] = [alone(w, { level: file.level + 1 }, 'part'), alone(w, { level: file.level + 1 }, 'part')];
    const name = exported(w.in(one), value);
    other.add(`const ${name} = ${w.in(other).another(value)}; export default ${name};`);
    own.add(`export * from '${own.to(other)}'; export * from '${own.to(one)}';`);
    w.file.import(`import { ${name} } from '${w.file.to(own)}';`);
    return name;
  }, plainable),
  there('barrel that overrides by a clause', (w, value, file) => {
    const own = alone(w, file, 'barrel');
    const [one, other] = [alone(w, { level: file.level + 1 }, 'part'), alone(w, { level: file.level + 1 }, 'part')];
    const name = w.name('both');
    one.add(`export const ${name} = ${w.in(one).another(value)};`);
    const inner = exported(w.in(other), value);
    own.add(`export * from '${own.to(one)}'; export { ${inner} as ${name} } from '${own.to(other)}';`);
    w.file.import(`import { ${name} } from '${w.file.to(own)}';`);
    return name;
  }, plainable),
  there('file beside a folder', (w, value, file) => {
    const stem = w.name('both');
    const own = w.project.sources.file(`quickback/shared/${stem}.ts`, file.level);
    const folder = w.project.sources.file(`quickback/shared/${stem}/index.ts`, file.level);
    const name = exported(w.in(own), value);
    folder.add(`export const ${name} = ${w.in(folder).another(value)};`);
    w.file.import(`import { ${name} } from '${w.file.to(own)}';`);
    return name;
  }, plainable),
  there('longest of paths', (w, value, file) => {
    const name = w.name('far');
    const own = w.project.sources.file(`quickback/shared/special/${name}.ts`, file.level);
    const short = w.project.sources.file(`quickback/special/${name}.ts`, file.level);
    const held = exported(w.in(own), value);
    short.add(`export const ${held} = ${w.in(short).another(value)};`);
    w.file.import(`import { ${held} } from '~/special/${name}';`);
    return held;
  }, plainable),
  there('class with a static field elsewhere', (w, value, file, inner) => {
    const name = w.name('Held');
    inner.add(`export class ${name} { static held: any = ${inner.value(value)}; }`);
    w.file.import(`import { ${name} } from '${w.file.to(file)}';`);
    return `${name}.held`;
  }),
  there('exported enum', (w, value, file, inner) => {
    const name = w.name('Word');
    inner.add(`export enum ${name} { Other = 'other', Held = '${value}' }`);
    w.file.import(`import { ${name} } from '${w.file.to(file)}';`);
    return `${name}.Held`;
  }, (value) => typeof value === 'string'),
  {
    name: 'constant of another definition',
    fits: (value, w) => value !== undefined && !(value instanceof Code) && w.project.later(w.file).length > 0,
    write(w, value) {
      const file = w.choices.pick('which', w.project.later(w.file));
      const name = exported(w.in(file), value);
      w.file.import(`import { ${name} } from '${w.file.to(file)}';`);
      return name;
    },
  },
  {
    name: 'JSON',
    fits: (value) => value !== undefined && isData(value),
    write(w, value) {
      const name = w.name('data');
      const file = w.project.sources.file(`quickback/shared/${name}.json`, w.file.level + 1);
      file.add(JSON.stringify({ held: value }));
      w.file.import(`import ${name} from '${w.file.to(file)}';`);
      return `${name}.held`;
    },
  },
];
