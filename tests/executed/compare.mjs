// Holds what the tool makes of a dressed project against what it makes of its plain counterpart.

/** The codes of findings that say that something is not known. */
const UNKNOWN = new Set(['unresolved-value']);

/**
 * What is wrong, if anything is, and how the projects compare: `equal`, `closed` (something is not
 * known, which is said) or `stopped`. `files` are the definition files of the tables, by name.
 */
export function compare(dressed, plain, files) {
  const problems = [];
  const unknown = new Set(dressed.findings.filter(({ code }) => UNKNOWN.has(code)).map(({ file }) => file));
  if (dressed.stopped) {
    if (!plain.stopped && !/unresolved-value/.test(dressed.stopped)) problems.push({ kind: 'stopped wrongly', text: dressed.stopped });
    // What is changed elsewhere is known only then, and what is read before is looked at all the same.
    if (!/unresolved-value/.test(dressed.stopped)) problems.push(...falseAlarms(dressed, plain, unknown));
    return { verdict: 'stopped', problems };
  }
  let verdict = 'equal';
  const differ = (name, found, expected) => {
    verdict = 'closed';
    const file = files.get(name);
    const wider = found && isWider(found, expected);
    if (wider) problems.push({ kind: 'more open', name, text: wider, found, expected });
    else if (!unknown.has(file) && !isOpen(found, expected)) problems.push({ kind: 'closed without a word', name, found, expected });
    unknown.add(file);
  };
  if (plain.stopped) {
    // What stops the plain one is not known of the dressed one: nothing of that is sent then.
    for (const [name, policy] of dressed.tables) {
      if (isSending(policy) && plain.stopped.includes(files.get(name))) problems.push({ kind: 'not stopped', name, text: plain.stopped, found: policy });
    }
    return { verdict: 'closed', problems };
  }
  for (const [name, expected] of plain.tables) {
    const found = withoutWhatIsNoColumn(dressed.tables.get(name), plain.findings.filter(({ file }) => file === files.get(name)));
    if (!found) problems.push({ kind: 'lost table', name });
    else if (!isEqual(found, expected)) differ(name, found, expected);
  }
  // Nothing is said of what is not known where nothing is sent.
  for (const [name, policy] of plain.tables) if (!isSending(policy)) unknown.add(files.get(name));
  for (const name of dressed.tables.keys()) if (!plain.tables.has(name)) problems.push({ kind: 'another table', name });
  for (const [name, events] of plain.namespaces) {
    const found = dressed.namespaces.get(name);
    if (found && `${found}` === `${events}`) continue;
    verdict = 'closed';
    if (found) problems.push({ kind: 'other events', name, found, expected: events });
    else if (!unknown.has(files.get(name))) problems.push({ kind: 'namespace left out without a word', name, expected: events });
  }
  for (const name of dressed.namespaces.keys()) if (!plain.namespaces.has(name)) problems.push({ kind: 'another namespace', name });
  // Without one, `role+` is refused, and nothing is said of roles.
  const isKnown = dressed.hierarchy.length > 0;
  if (isKnown && `${dressed.hierarchy}` !== `${plain.hierarchy}`) problems.push({ kind: 'other hierarchy', found: dressed.hierarchy, expected: plain.hierarchy });
  if (!isKnown) verdict = 'closed';
  if (verdict === 'equal') problems.push(...otherTypes(dressed.types, plain.types));
  problems.push(...falseAlarms(dressed, plain, unknown, isKnown), ...lostFindings(dressed, plain, unknown, isKnown));
  return { verdict, problems };
}

/**
 * Whether a policy is as narrow as it is only since not all columns are known, or not which of them
 * holds the owner: nothing needs to be said of that where nobody wrote a rule that asks for it.
 */
function isOpen(found, expected) {
  if (found.open && !expected.open) return true;
  // Of columns whose types are not known, those with such names are masked: that is said, too.
  const more = found.masks.filter((mask) => mask.automatic && expected.masks.every(({ column }) => column !== mask.column));
  const masks = [...expected.masks, ...more].map((mask) => (mask.automatic ? { ...mask, showOwner: found.owner !== null && mask.showOwner } : mask));
  return (found.owner === null || found.owner === expected.owner) && isEqual(found, { ...expected, owner: found.owner, masks });
}

/** Columns whose types in the helper are others, and not wider since something of them is not known. */
function otherTypes(dressed, plain) {
  const expected = columnTypes(plain);
  const isAlike = (type, other) => type === other || /\bunknown\b/.test(type) || type === other?.replace(/"[^"]*"( \| "[^"]*")*/, 'string');
  const others = [...columnTypes(dressed)].filter(([column, type]) => !isAlike(type, expected.get(column)));
  return others.map(([column, type]) => ({ kind: 'other type', name: column, found: type, expected: expected.get(column) }));
}

/** The types of columns by their names, each behind that of its table. */
function columnTypes(text) {
  const types = new Map();
  let table = '';
  for (const line of text.split('\n')) {
    table = /^ {2}(\S+): \{$/.exec(line)?.[1] ?? table;
    const [, column, type] = /^ {4}(\S+?)\??: (.*);$/.exec(line) ?? [];
    if (column) types.set(`${table}.${column}`, type);
  }
  return types;
}

/** A policy without the entries of `fields` that findings say are no columns: they hold no data. */
function withoutWhatIsNoColumn(policy, findings) {
  const nowhere = findings.filter(({ code }) => code === 'unknown-field').map(({ message }) => /"(.*?)"/.exec(message)[1]);
  return policy && { ...policy, columns: policy.columns.filter((column) => !nowhere.includes(column)) };
}

function isSending({ events }) {
  return events.insert || events.update || events.delete;
}

/** Whether two policies are the same, whatever the order of their columns, roles and masks. */
function isEqual(one, other) {
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));
}

function ordered({ events, requiredRoles, columns, open, owner, masks }) {
  const sorted = [...masks].sort((a, b) => (a.column < b.column ? -1 : 1));
  return {
    events,
    requiredRoles: requiredRoles && [...requiredRoles].sort(),
    columns: [...columns].sort(),
    open,
    owner,
    masks: sorted.map((mask) => ({ ...mask, showRoles: [...mask.showRoles].sort() })),
  };
}

/** What a policy sends that the expected one does not, or how it is another. */
function isWider(found, expected) {
  if (!isSending(found)) return undefined;
  for (const event of ['insert', 'update', 'delete']) {
    if (found.events[event] && !expected.events[event]) return `${event} is sent`;
  }
  const beyond = (some, all) => some.filter((one) => !all.includes(one));
  if (expected.requiredRoles) {
    if (!found.requiredRoles) return 'everybody receives';
    const roles = beyond(found.requiredRoles, expected.requiredRoles);
    if (roles.length > 0) return `${roles} receive`;
  }
  const columns = beyond(found.columns, expected.columns);
  if (columns.length > 0 && !expected.open) return `${columns} are sent`;
  if (found.owner !== null && found.owner !== expected.owner) return `the owner is in ${found.owner}`;
  for (const rule of expected.masks) {
    const isSent = found.columns.includes(rule.column) || found.open;
    if (!isSent) continue;
    const mask = found.masks.find(({ column }) => column === rule.column);
    if (!mask) {
      // Of columns that are not known, those with such names are masked all the same.
      if (!found.columns.includes(rule.column) && rule.automatic) continue;
      return `${rule.column} is not masked`;
    }
    if (mask.type !== rule.type && mask.type !== 'redact') return `${rule.column} is masked as ${mask.type}`;
    if (rule.showEveryone) continue;
    if (mask.showEveryone) return `${rule.column} is shown to everyone`;
    const shown = beyond(mask.showRoles, rule.showRoles);
    if (shown.length > 0) return `${rule.column} is shown to ${shown}`;
    if (mask.showOwner && !rule.showOwner) return `${rule.column} is shown to its owner`;
    if (mask.automatic && !rule.automatic) return `the mask of ${rule.column} is automatic`;
  }
  return undefined;
}

/** A finding, whatever the order in which it names columns. */
const key = ({ code, message }) => `${code} ${message.split(/[ ,]+/).sort().join(' ')}`;
/** Whether a finding is about roles, and these are not known. */
const isUntold = ({ code }, areRolesKnown) => !areRolesKnown && code.includes('role');

/** Findings that only the dressed project has; of the files in `unknown` not all is known. */
function falseAlarms(dressed, plain, unknown, areRolesKnown = true) {
  const known = new Set(plain.findings.map(key));
  const isFalse = (finding) => {
    if (UNKNOWN.has(finding.code) || known.has(key(finding)) || isUntold(finding, areRolesKnown)) return false;
    // It names other columns, since not all are known.
    return !unknown.has(finding.file) || !(finding.code === 'implicit-mask' || plain.findings.some(({ file, code }) => file === finding.file && code === finding.code));
  };
  const text = ({ file, range, message }) => `${file}:${range.start.line} ${message}`;
  return dressed.findings.filter(isFalse).map((finding) => ({ kind: `false alarm of ${finding.code}`, text: text(finding) }));
}

/** Findings that only the plain project has. */
function lostFindings(dressed, plain, unknown, areRolesKnown) {
  const found = new Set(dressed.findings.map(key));
  const isLost = (finding) => !found.has(key(finding)) && !unknown.has(finding.file) && !isUntold(finding, areRolesKnown);
  return plain.findings.filter(isLost).map((finding) => ({ kind: `lost finding of ${finding.code}`, text: `${finding.file} ${finding.message}` }));
}
