// Changes after the fact: what a constant holds is changed once it has been made, before or after it
// is handed on, here or in another file, by its name or by a way around.

import { editsOf, isEdited } from './edits.mjs';
import { waysOut } from './exports.mjs';
import { Code } from './facts.mjs';
import { routes } from './routes.mjs';
import { Writer, isObject, partOf } from './writer.mjs';

/** How many changes a project has at most. */
const MOST = 3;

/** Adds some changes to a project. */
export function changes(project, choices) {
  for (let index = 0; index < MOST; index++) {
    if (choices.chance(`there${index}`, index === 0 ? 0.6 : 0.15)) change(project, choices.at(`${index}`));
  }
}

function change(project, choices) {
  // What is changed least deep in other idioms comes first: it is changed more often, and remains
  // when what is around it has been undressed.
  const holders = project.holders.filter((holder) => holder.statement && parts(holder).length > 0);
  if (holders.length === 0) return;
  const holder = choices.steady('holder', holders, ({ key }) => key);
  const { path, kind, value } = choices.steady('part', parts(holder), (part) => part.path.join());
  const edits = editsOf(kind, value, choices).filter(({ name }) => !project.avoided.has(`change by ${name}`));
  if (edits.length === 0) return;
  const edit = choices.pick('edit', edits);
  const spot = spotOf(project, holder, path, choices);
  const w = new Writer(project, spot.file, choices.at('write'), { density: 0 });
  const statements = along(w, spot.ref, spot.path, edit, choices.pick('routes', [0, 1, 1, 1, 2, 2, 3]));
  project.used.add(`change ${spot.place}`);
  project.used.add(`change by ${edit.name}`);
  if (holder.isFunction) project.used.add('change of an answer');
  let behind = spot.behind;
  for (const text of spot.around(statements)) behind = spot.file.add(text, behind);
}

/** The statements that edit what a path leads to, along some routes. */
function along(w, ref, path, edit, left, isInner = false) {
  if (left === 0) return [edit.write(path.reduce((object, key) => access(w, object, key), ref))];
  const inner = w.within(`route${left}`).collecting();
  // Names of its own: what lies in each other may not hide what it is handed.
  for (const name of ['given', 'one', 'key', 'held', 'caught']) inner[name] = w.name(name);
  const fits = ({ name, fits: of, isOuter }) => of({ path }) && !(isOuter && isInner) && !w.project.avoided.has(name);
  const route = inner.choices.pick('route', routes.filter(fits));
  w.project.used.add(route.name);
  // What the rest declares stands beside it: it may hold names that are known only there.
  const on = (next, rest, there = inner) => along(there, next, rest, edit, left - 1, true).join(' ');
  const text = route.write(inner, ref, path, on);
  return [...inner.collected, text];
}

function access(w, object, key) {
  if (typeof key === 'number') return `${object}[${key}]`;
  return w.choices.chance(`quoted${key}`, 0.2) ? `${object}['${key}']` : `${object}.${key}`;
}

/** Where a change stands: the file, behind which statement of it, and what leads to the holder. */
function spotOf(project, holder, path, choices) {
  const answered = (name) => (holder.isFunction ? `${name}()` : name);
  const here = (place, behind) => ({ place, file: holder.file, ref: answered(holder.name), path, behind, around: (statements) => statements });
  const all = ['at the end of the file', 'right after it was made', 'in a feature', 'in a file of its own', 'in a module'];
  const places = all.filter((place) => !project.avoided.has(`change ${place}`));
  const place = choices.pick('spot', places);
  if (place === 'at the end of the file') return here(place);
  if (place === 'right after it was made') return here(place, holder.statement);
  // What is exported of it, under which name, and what that leads to.
  let [name, ref, rest] = [holder.name, answered, path];
  if (!holder.isExported || choices.chance('way out', 0.4)) {
    const ways = waysOut.filter(({ name: way, fits }) => !project.avoided.has(`export ${way}`) && fits(holder, path));
    if (ways.length === 0) return here(places[0]);
    const way = choices.pick('out', ways);
    project.used.add(`export ${way.name}`);
    name = project.sources.name('OUT');
    const made = way.write(name, answered(holder.name), path);
    holder.file.add(made.text);
    [ref, rest] = [made.ref, made.path ?? path];
  }
  const importing = [...project.sources.files.values()].filter(({ path: at, level }) => level < 1 && level < holder.file.level && at.startsWith('quickback/features/'));
  let file;
  if (place === 'in a feature' && importing.length > 0) {
    file = choices.steady('feature', importing, ({ path: at }) => at);
  } else if (place === 'in a module' && importing.length > 0) {
    // Loaded because the file of a feature imports it.
    file = project.sources.file(`quickback/shared/${project.sources.name('setup')}.ts`, 0);
    importing[0].import(`import '${importing[0].to(file)}';`);
  } else {
    file = project.sources.file(`quickback/features/${choices.pick('own', ['aa', 'zz'])}-${project.sources.name('setup')}.ts`, 0);
  }
  const { local, around = (statements) => statements } = imported(project, file, holder.file, name, choices);
  return { place, file, ref: ref(local), path: rest, around };
}

/** Imports what a file exports: what it is called, and what has to stand around its uses, if anything. */
function imported(project, file, from, name, choices) {
  const other = project.sources.name('renamed');
  const ways = ['named', 'named', 'renamed', 'namespace', 'by paths', 'barrel', 'default', 'dynamic', 'destructured dynamic', 'namespace taken apart'];
  const way = choices.pick('import', ways.filter((one) => !project.avoided.has(`import ${one}`)));
  if (way !== 'named') project.used.add(`import ${way}`);
  const dynamic = (pattern) => (statements) => [`import('${file.to(from)}').then((${pattern}) => { ${statements.join(' ')} });`];
  switch (way) {
    case 'renamed':
      file.import(`import { ${name} as ${other} } from '${file.to(from)}';`);
      return { local: other };
    case 'namespace':
      file.import(`import * as ${other} from '${file.to(from)}';`);
      return { local: `${other}.${name}` };
    case 'namespace taken apart':
      file.import(`import * as ${other} from '${file.to(from)}';`);
      file.add(`const { ${name} } = ${other};`);
      return { local: name };
    case 'by paths':
      file.import(`import { ${name} } from '${from.alias}';`);
      return { local: name };
    case 'barrel': {
      const barrel = project.sources.file(`quickback/shared/${project.sources.name('barrel')}.ts`, 0);
      barrel.add(choices.pick('barrels', [`export * from '${barrel.to(from)}';`, `export { ${name} } from '${barrel.to(from)}';`]));
      file.import(`import { ${name} } from '${file.to(barrel)}';`);
      return { local: name };
    }
    case 'default': {
      const whole = project.sources.file(`quickback/shared/${project.sources.name('whole')}.ts`, 0);
      whole.import(`import { ${name} } from '${whole.to(from)}';`);
      whole.add(`export default ${name};`);
      file.import(`import ${other} from '${file.to(whole)}';`);
      return { local: other };
    }
    case 'dynamic':
      return { local: `${other}.${name}`, around: dynamic(`${other}: any`) };
    case 'destructured dynamic':
      return { local: other, around: dynamic(`{ ${name}: ${other} }: any`) };
    default:
      file.import(`import { ${name} } from '${file.to(from)}';`);
      return { local: name };
  }
}

/** Everything in a holder's value that can be changed: the path to it, its kind and its value. */
function parts({ value, kind }, path = []) {
  if (typeof value !== 'object' || value === null || value instanceof Code) return [];
  const isBox = kind.startsWith('box ');
  const found = isEdited(kind) ? [{ path, kind, value }] : [];
  // What lies in a box may lie in another.
  const inner = (key, one) => (isBox && isObject(one) && 'b' in one ? kind : partOf(kind, key));
  return [...found, ...Object.entries(value).flatMap(([key, one]) => parts({ value: one, kind: inner(key, one) }, [...path, Array.isArray(value) ? Number(key) : key]))];
}
