// What a feature is about: its names, columns, masks and roles, whatever dialect it is written in.

import { Random } from './random.mjs';

/** From the lowest to the highest. */
export const HIERARCHY = ['member', 'viewer', 'contributor', 'agent', 'reviewer', 'editor', 'manager', 'admin', 'owner'];

/** The ways in which definitions are written; see `definitions.mjs`. */
export const DIALECTS = [
  'sqlite',
  'q.table',
  'sqlite-schema',
  'feature',
  'sqlite-shared',
  'pg-schema',
  'defineResource',
  'namespace-import',
];

const FIRST = [
  'account', 'archive', 'asset', 'audit', 'batch', 'booking', 'branch', 'budget', 'campaign', 'carrier', 'case',
  'catalog', 'channel', 'claim', 'client', 'clinic', 'contract', 'course', 'cycle', 'dealer', 'delivery', 'depot',
  'device', 'dispatch', 'donor', 'driver', 'energy', 'estate', 'exam', 'export', 'factory', 'fleet', 'freight',
  'garden', 'grant', 'harvest', 'hotel', 'import', 'incident', 'intake', 'kitchen', 'lab', 'lease', 'ledger',
  'library', 'loan', 'market', 'member', 'meter', 'museum', 'office', 'order', 'parcel', 'parking', 'patient',
  'payroll', 'pension', 'permit', 'plant', 'policy', 'project', 'quarry', 'rental', 'repair', 'retail', 'roster',
  'sales', 'school', 'season', 'shop', 'site', 'stock', 'studio', 'tenant', 'ticket', 'tour', 'trade', 'transit',
  'vendor', 'vessel', 'visit', 'voyage', 'warehouse', 'water',
];

const SECOND = [
  'Actions', 'Alerts', 'Answers', 'Approvals', 'Batches', 'Cards', 'Changes', 'Checks', 'Comments', 'Counts',
  'Drafts', 'Entries', 'Events', 'Fees', 'Files', 'Forms', 'Goals', 'Groups', 'Holds', 'Hours', 'Images', 'Items',
  'Jobs', 'Labels', 'Limits', 'Lines', 'Links', 'Lists', 'Logs', 'Maps', 'Marks', 'Moves', 'Notes', 'Offers',
  'Orders', 'Pages', 'Parts', 'Periods', 'Plans', 'Points', 'Prices', 'Questions', 'Quotes', 'Records', 'Refunds',
  'Reports', 'Requests', 'Results', 'Reviews', 'Rounds', 'Routes', 'Rules', 'Samples', 'Scores', 'Shifts', 'Slots',
  'Stages', 'Steps', 'Tasks', 'Terms', 'Tests', 'Topics', 'Units', 'Votes',
];

/** What a column may be: its name, what it holds, and what masks it. */
const COLUMNS = [
  ['title', 'text'], ['summary', 'text'], ['details', 'text'], ['reference', 'text'], ['location', 'text'],
  ['category', 'enum'], ['priority', 'enum'], ['channel', 'enum'], ['quantity', 'int'], ['position', 'int'],
  ['amount', 'real', 'redact'], ['weight', 'real'], ['urgent', 'boolean'], ['approved', 'boolean'],
  ['startsAt', 'timestamp'], ['endsAt', 'timestamp'], ['dueAt', 'timestamp'], ['metadata', 'json'],
  ['externalUrl', 'text'], ['assigneeName', 'text', 'name'], ['contactEmail', 'text', 'email'],
  ['workPhone', 'text', 'phone'], ['taxId', 'text', 'ssn'], ['cardNumber', 'text', 'creditCard'],
  ['payoutIban', 'text', 'redact'], ['currency', 'text'], ['revision', 'int'], ['parentId', 'text'],
];

const ENUMS = {
  category: ['standard', 'special', 'internal'],
  priority: ['low', 'normal', 'high', 'critical'],
  channel: ['web', 'mail', 'desk', 'import'],
};

const EVENTS = ['started', 'progressed', 'completed', 'failed', 'assigned', 'escalated', 'reopened', 'expired'];

/** `openClaims` as `open-claims` or `open_claims`. */
export function divided(name, by) {
  return name.replace(/[A-Z]/g, (letter) => by + letter.toLowerCase());
}

function upper(name) {
  return name[0].toUpperCase() + name.slice(1);
}

/** The name of a feature: two words, and a third once these are used up. */
function nameOf(index) {
  const pairs = FIRST.length * SECOND.length;
  const at = index % pairs;
  // Neighbours differ in both words.
  const second = SECOND[(at + Math.floor(at / FIRST.length)) % SECOND.length];
  const round = Math.floor(index / pairs);
  const first = FIRST[at % FIRST.length];
  return round === 0 ? first + second : `${first}${upper(FIRST[round % FIRST.length])}${second}`;
}

/**
 * A feature, by its number and the project's seed alone.
 *
 * @returns {object} `name` of the table, `folder`, `dialect`, `columns`, `fields` that are sent,
 *   `masked` columns, `roles` of the receivers, `owner` column or `null`, `namespace` or `null`,
 *   `handler`: `calls`, `plain` or `null`, `handlerIn`: `quickback` or `src`, and `random` for the rest.
 */
export function feature(index, seed) {
  const random = new Random(seed, index);
  const name = nameOf(index);
  const dialect = DIALECTS[index % DIALECTS.length];
  const owner = random.percent(40) ? (random.percent(50) ? 'ownerId' : 'userId') : null;
  const picked = random.some(COLUMNS, 8 + random.below(7));
  const columns = picked.map(([column, type, mask]) => ({ name: column, type, mask, values: ENUMS[column] }));
  // Who works with it: everyone from some role on.
  const lowest = HIERARCHY[1 + random.below(4)];
  const above = HIERARCHY.slice(HIERARCHY.indexOf(lowest) + 1, -2);
  const sent = random.some(columns, Math.max(5, columns.length - 2));
  const slot = index % 20;
  return {
    index,
    name,
    folder: divided(name, '-'),
    dialect,
    columns,
    owner,
    sent,
    masked: columns.filter((column) => column.mask),
    lowest,
    trusted: random.some(above, Math.min(2, above.length)),
    onDelete: !random.percent(20),
    namespace: index % 10 === 3 ? `${name}Flow` : null,
    events: random.some(EVENTS, 3 + random.below(3)),
    handler: slot < 7 ? 'calls' : slot < 13 ? 'plain' : null,
    handlerIn: slot % 3 === 0 ? 'src' : 'quickback',
    random,
  };
}

/** The columns that are sent, the key first. */
export function fieldsOf({ owner, sent }) {
  return ['id', ...(owner ? [owner] : []), ...sent.map((column) => column.name)];
}
