// What is done to a value after it was made.

import { Code } from './facts.mjs';
import { another, isObject } from './writer.mjs';

/** Kinds of values of which there are edits. */
const EDITED = new Set(['columns', 'firewall', 'argument', 'options', 'realtime', 'masking', 'rule', 'show', 'roles', 'fields', 'hierarchy', 'events', 'auth']);

/** Whether there are edits of values of a kind. */
export const isEdited = (kind) => kind.startsWith('box ') || EDITED.has(kind);

/** What may be done to a value of a kind: each has a name and writes a statement. */
export function editsOf(kind, value, choices) {
  if (kind.startsWith('box ')) return boxEdits(kind.slice('box '.length), value, choices);
  const role = choices.pick('role', ["'viewer'", "'hr'", "'member'"]);
  switch (kind) {
    case 'roles': case 'hierarchy': return listEdits(value, role);
    case 'fields': return listEdits(value, choices.pick('field', ["'email'", "'ssn'", "'phone'", "'amount'"]));
    case 'firewall': return objectEdits(value, 'owner', `{ column: ${choices.pick('owner', ["'createdBy'", "'id'"])} }`);
    case 'argument': return Array.isArray(value) ? listEdits(value, "'c'") : setOnly('mode', "'number'");
    // One more is a column, or another than it was; one less would be no column that is sent.
    case 'columns': return objectEdits({}, choices.pick('column', ['email', 'webhook', 'iban', 'amount']), 'COLUMN')
      .map(({ name, write }) => edit(name, (ref) => write(ref).replace('COLUMN', () => `Object.values(${ref})[0]`)));
    case 'events': return listEdits(value, "'changed'");
    case 'masking': {
      const column = choices.pick('column', ['email', 'phone', 'ssn', 'name', 'amount']);
      return objectEdits(value, column, choices.pick('rule', ["{ type: 'redact' }", "{ type: 'email', show: { roles: ['viewer'] } }"]));
    }
    case 'rule': return choices.chance('show', 0.6) ? objectEdits(value, 'show', `{ roles: [${role}] }`) : setOnly('type', "'redact'");
    case 'show': return choices.chance('owner', 0.3) ? objectEdits(value, 'or', "'owner'") : objectEdits(value, 'roles', `[${role}]`);
    case 'realtime': {
      const key = choices.pick('key', ['requiredRoles', 'fields', 'enabled', 'onInsert']);
      const text = { requiredRoles: `[${role}]`, fields: "['id', 'amount']", enabled: choices.pick('on', ['false', 'true']), onInsert: 'false' }[key];
      return key === 'enabled' ? setOnly(key, text) : objectEdits(value, key, text);
    }
    case 'options': {
      const key = choices.pick('key', ['masking', 'realtime']);
      const text = { masking: choices.pick('masks', ["{ email: { type: 'redact' } }", '{}']), realtime: `{ enabled: true, requiredRoles: [${role}] }` }[key];
      return objectEdits(value, key, text);
    }
    case 'auth': return setOnly('roleHierarchy', "['member', 'editor', 'viewer', 'admin', 'owner']");
    default: return [];
  }
}

/** Another value is put into a box. */
function boxEdits(kind, value, choices) {
  const [key, one] = Object.entries(value)[0];
  if (one === undefined || one instanceof Code || isObject(one) && 'b' in one) return [];
  const text = JSON.stringify(another(one, kind, choices));
  const spot = Array.isArray(value) ? `[${key}]` : `.${key}`;
  const of = (name, write) => edit(`${name} in a box`, write);
  return [
    of('assignment', (ref) => `${ref}${spot} = ${text};`),
    of('Object.assign', (ref) => `Object.assign(${ref}, { '${key}': ${text} });`),
    of('destructuring', (ref) => `({ a: ${ref}${spot} } = { a: ${text} });`),
    of('computed assignment', (ref) => `${ref}[['${key}'].join()] = ${text};`),
    of('Reflect.set', (ref) => `Reflect.set(${ref}, '${key}', ${text});`),
    of('for in', (ref) => `for (const key in ${ref} as any) if (key === '${key}') ${ref}[key] = ${text};`),
  ];
}

const edit = (name, write) => ({ name, write });

function setOnly(key, text) {
  return [edit('assignment', (ref) => `${ref}.${key} = ${text};`), edit('assignment by string', (ref) => `${ref}['${key}'] = ${text};`)];
}

function objectEdits(value, key, text) {
  const edits = [
    ...setOnly(key, text),
    edit('Object.assign', (ref) => `Object.assign(${ref}, { ${key}: ${text} });`),
    edit('Reflect.set', (ref) => `Reflect.set(${ref}, '${key}', ${text});`),
    edit('defineProperty', (ref) => `Object.defineProperty(${ref}, '${key}', { value: ${text}, enumerable: true, configurable: true, writable: true });`),
    edit('defineProperties', (ref) => `Object.defineProperties(${ref}, { ${key}: { value: ${text}, enumerable: true } });`),
    edit('destructuring', (ref) => `({ a: ${ref}.${key} } = { a: ${text} });`),
    edit('destructuring of a list', (ref) => `[${ref}.${key}] = [${text}];`),
    edit('for of', (ref) => `for (${ref}.${key} of [${text}]);`),
    edit('logical assignment', (ref) => `${ref}.${key} &&= ${text};`),
    edit('logical assignment of what lacks', (ref) => `${ref}.${key} ??= ${text};`),
    edit('computed assignment', (ref) => `${ref}[['${key}'].join()] = ${text};`),
    edit('__defineGetter__', (ref) => `${ref}.__defineGetter__('${key}', () => (${text}));`),
  ];
  // What is gone is often what was narrow.
  for (const gone of Object.keys(value)) {
    if (['type', 'enabled', 'id', 'auth'].includes(gone)) continue;
    edits.push(
      edit('delete', (ref) => `delete ${ref}.${gone};`),
      edit('delete by string', (ref) => `delete ${ref}['${gone}'];`),
      edit('deleteProperty', (ref) => `Reflect.deleteProperty(${ref}, '${gone}');`),
      edit('delete in a loop', (ref) => `for (const key of Object.keys(${ref})) if (key === '${gone}') delete ${ref}[key];`),
    );
  }
  return edits;
}

function listEdits(value, text) {
  const edits = [
    edit('push', (ref) => `${ref}.push(${text});`),
    edit('push by string', (ref) => `${ref}['push'](${text});`),
    edit('push of the prototype', (ref) => `Array.prototype.push.call(${ref}, ${text});`),
    edit('push by apply', (ref) => `${ref}.push.apply(${ref}, [${text}]);`),
    edit('push bound', (ref) => `${ref}.push.bind(${ref})(${text});`),
    edit('Reflect.apply', (ref) => `Reflect.apply([].push, ${ref}, [${text}]);`),
    edit('push by optional call', (ref) => `${ref}?.push?.(${text});`),
    edit('unshift', (ref) => `${ref}.unshift(${text});`),
    edit('element', (ref) => `${ref}[${ref}.length] = ${text};`),
    edit('first element', (ref) => `${ref}[0] = ${text};`),
    edit('splice', (ref) => `${ref}.splice(0, 0, ${text});`),
    edit('fill', (ref) => `${ref}.fill(${text}, 0, 1);`),
    edit('Object.assign to a list', (ref) => `Object.assign(${ref}, [${text}]);`),
    edit('swap', (ref) => `[${ref}[0]] = [${text}];`),
    edit('forEach push', (ref) => `[${text}].forEach((one) => ${ref}.push(one));`),
  ];
  if (value.length > 1) {
    edits.push(
      edit('pop', (ref) => `${ref}.pop();`),
      edit('shift', (ref) => `${ref}.shift();`),
      edit('length', (ref) => `${ref}.length = 1;`),
      edit('length decreased', (ref) => `${ref}.length--;`),
      edit('splice out', (ref) => `${ref}.splice(1);`),
      edit('copyWithin', (ref) => `${ref}.copyWithin(0, 1);`),
      edit('reverse', (ref) => `${ref}.reverse();`),
    );
  }
  return edits;
}
