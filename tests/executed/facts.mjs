// What the tables, namespaces and roles of a project say, as plain data.

/** A piece of code that is a value by itself, as a column's builder. */
export class Code {
  /** `names` are what has to be imported for it, of drizzle or `q`; `argument` stands for `ARGUMENT` in it. */
  constructor(text, names = [], argument) {
    this.text = text;
    this.names = names;
    this.argument = argument;
  }
}

export const HIERARCHY = ['viewer', 'member', 'hr', 'editor', 'admin', 'owner'];
const TABLES = ['claims', 'patients', 'invoices', 'visits', 'notes'];
const MASKS = ['email', 'phone', 'ssn', 'creditCard', 'name', 'redact'];

const drizzle = (name, maker, rest = '') => new Code(`${maker}('${name}')${rest}`, [maker]);
const mode = (name, maker, options) => new Code(`${maker}('${name}', ARGUMENT)`, [maker], options);
const quickback = (text, argument) => new Code(`q.${text}`, ['q'], argument);
const scope = (whose) => quickback('scope(ARGUMENT)', whose);

/** Columns that tables choose from, as drizzle and as Quickback write them. */
const COLUMNS = {
  email: [drizzle('email', 'text', '.notNull()'), quickback('email()')],
  phone: [drizzle('phone', 'text'), quickback('text().optional()')],
  ssn: [drizzle('ssn', 'text'), quickback('text()')],
  name: [drizzle('name', 'text', '.notNull()'), quickback('text().required()')],
  amount: [drizzle('amount', 'integer'), quickback('int()')],
  status: [drizzle('status', 'text'), quickback("enum(['open', 'closed'])")],
  iban: [drizzle('iban', 'text'), quickback('text()')],
  // Named like secrets, but of types that are never masked by themselves; and one that is.
  webhook: [mode('webhook', 'integer', { mode: 'boolean' }), quickback('boolean()')],
  token: [mode('token', 'integer', { mode: 'timestamp' }), quickback('timestamp()')],
  secret: [mode('secret', 'text', { enum: ['a', 'b'] }), quickback('enum(ARGUMENT)', ['a', 'b'])],
  ownerId: [drizzle('owner_id', 'text'), scope('owner')],
  createdBy: [drizzle('created_by', 'text'), quickback('text()')],
};

/** The facts of the tables of a project. */
export function tables(choices) {
  return TABLES.map((name, index) => [name, choices.at(name), index])
    .filter(([, at, index]) => index === 0 || at.chance('there', index === 1 ? 0.7 : 0.3))
    .map(([name, at]) => table(name, at));
}

function table(name, choices) {
  const form = choices.pick('form', ['table', 'table', 'table', 'table', 'q', 'feature', 'resource']);
  const kind = form === 'q' || form === 'feature' || form === 'resource' ? 1 : 0;
  const columns = {
    id: kind === 0 ? drizzle('id', 'text', '.primaryKey()') : quickback('id()'),
    organizationId: kind === 0 ? drizzle('organization_id', 'text') : scope('organization'),
  };
  const rest = choices.some('column', Object.keys(COLUMNS), 0.6);
  for (const column of rest) columns[column] = COLUMNS[column][kind];
  const options = { firewall: firewall(choices, columns), masking: masking(choices, rest), realtime: realtime(choices, rest) };
  if (choices.chance('unmasked', 0.15)) delete options.masking;
  else if (choices.chance('no masking', 0.02)) options.masking = undefined;
  if (choices.chance('silent', 0.05)) delete options.realtime;
  return { name, constant: name, database: `${name}_rows`, form, columns, options };
}

function firewall(choices, columns) {
  const wall = { organization: {} };
  // The owner's column by its scope goes before that of the firewall.
  if (choices.chance('owned', 0.2)) wall.owner = { column: choices.pick('owner', Object.keys(columns)) };
  return wall;
}

function masking(choices, columns) {
  const masked = columns.filter((column) => choices.at('masks').chance(column, 0.5));
  return Object.fromEntries(masked.map((column) => [column, rule(choices.at('masks').at(column))]));
}

function rule(choices) {
  if (choices.chance('custom', 0.05)) return { type: 'custom', mask: new Code('(value: unknown) => value') };
  const made = { type: choices.pick('type', MASKS) };
  if (!choices.chance('shown', 0.5)) return made;
  made.show = {};
  if (choices.chance('toRoles', 0.8)) made.show.roles = roles(choices.at('roles'));
  if (choices.chance('toOwner', 0.3)) made.show.or = 'owner';
  return made;
}

/** Some roles, of which one may stand for all above it. */
export function roles(choices) {
  const chosen = HIERARCHY.filter((role) => choices.chance(role, 0.3));
  if (chosen.length === 0) chosen.push('admin');
  return choices.chance('up', 0.2) ? [...chosen.slice(0, -1), `${chosen.at(-1)}+`] : chosen;
}

function realtime(choices, columns) {
  const at = choices.at('realtime');
  const block = { enabled: !at.chance('off', 0.1) };
  for (const event of ['onInsert', 'onUpdate', 'onDelete']) {
    if (at.chance(event, 0.25)) block[event] = at.chance(`${event}On`, 0.4);
  }
  if (at.chance('roles', 0.6)) block.requiredRoles = roles(at.at('roles'));
  if (at.chance('fields', 0.6)) block.fields = ['id', ...at.some('field', columns, 0.5)];
  if (block.fields && at.chance('unknown field', 0.05)) block.fields.push('missing');
  if (block.requiredRoles && at.chance('unknown role', 0.05)) block.requiredRoles.push('boss');
  // As a key that is there, and says nothing.
  for (const key of ['requiredRoles', 'fields', 'onUpdate', 'enabled']) if (at.chance(`no ${key}`, 0.02)) block[key] = undefined;
  return block;
}

/** What the configuration says. */
export function config(choices) {
  const auth = choices.chance('undeclared', 0.1) ? {} : { roleHierarchy: HIERARCHY };
  return { name: 'executed', auth };
}

/** The event namespaces. */
export function namespaces(choices) {
  const all = [
    { name: 'desk', events: ['opened', 'closed'] },
    { name: 'billing', events: ['started', 'finished', 'failed'], description: 'What billing does.' },
  ];
  return all.filter((_, index) => choices.chance(`namespace${index}`, 0.25));
}
