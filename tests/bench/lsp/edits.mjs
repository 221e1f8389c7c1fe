// What somebody types in a definition: a field, a role, a mask, a comment; a character at a time,
// with slips that are taken back. The same seed gives the same edits for every server.

import { Random } from '../project/random.mjs';

/** The names that are typed: some are columns or roles of the file, some are not, none is typed at once. */
const FIELDS = ['dueAt', 'priority', 'summary', 'reviewedBy', 'quantity', 'internalNote'];
const ROLES = ['manager', 'auditor', 'editor+', 'owner'];
const MASKS = ['email', 'redact', 'phone', 'nmae'];
const NOTES = ['shown in the list', 'asked for by sales', 'see the handbook'];

/** One change of a text: `remove` characters at `at`, then `insert` there. */
const edit = (at, remove, insert) => ({ at, remove, insert });

/** A text typed at an offset, one character after another. */
const typed = (at, text) => [...text].map((character, index) => edit(at + index, 0, character));

/** The characters before an offset, taken back one by one. */
const erased = (at, count) => Array.from({ length: count }, (_, index) => edit(at - index - 1, 1, ''));

/** What can be done in a text: each task begins at a mark that it looks for, and ends where it began. */
const TASKS = [
  // A field on a line of its own, then undone.
  (text, random) => {
    const found = /\bfields: \[\n(\s*)/.exec(text);
    if (!found) return [];
    const at = found.index + found[0].length;
    const line = `''`;
    const name = random.pick(FIELDS);
    const whole = `'${name}',\n${found[1]}`;
    return [
      edit(at, 0, `${line},\n${found[1]}`),
      ...typed(at + 1, name),
      edit(at, whole.length, ''),
    ];
  },
  // A role beside those that receive, with a slip.
  (text, random) => {
    const found = /\brequiredRoles: \[/.exec(text);
    if (!found) return [];
    const at = found.index + found[0].length;
    const role = random.pick(ROLES);
    return [
      edit(at, 0, `'', `),
      ...typed(at + 1, role.slice(0, 3)),
      ...typed(at + 4, 'x'),
      ...erased(at + 5, 1),
      ...typed(at + 4, role.slice(3)),
      edit(at, role.length + 4, ''),
    ];
  },
  // Another mask, and the old one again.
  (text, random) => {
    const found = /\bmasking: \{\n[^}]*?type: '(\w+)'/.exec(text);
    if (!found) return [];
    const end = found.index + found[0].length - 1;
    const old = found[1];
    const mask = random.pick(MASKS);
    const start = end - old.length;
    return [
      ...erased(end, old.length),
      ...typed(start, mask),
      edit(start, mask.length, old),
    ];
  },
  // A comment on a new line.
  (text, random) => {
    const found = /\brealtime: \{/.exec(text);
    if (!found) return [];
    const at = found.index + found[0].length;
    const note = random.pick(NOTES);
    return [edit(at, 0, '\n    '), ...typed(at + 5, `// ${note}`), edit(at, note.length + 8, '')];
  },
];

/**
 * So many edits of one text, which is as it was after each task.
 *
 * @param {string} text
 * @param {Random} random
 * @param {number} count At least one; a task is carried to its end.
 */
export function* edits(text, random, count) {
  let done = 0;
  while (done < count) {
    const steps = random.pick(TASKS)(text, random);
    for (const step of steps) yield step;
    // A file in which there is nothing to do would otherwise be tried for ever.
    done += Math.max(steps.length, 1);
  }
}

/** A text with an edit applied. */
export function applied(text, { at, remove, insert }) {
  return text.slice(0, at) + insert + text.slice(at + remove);
}

/** The position of an offset, columns in UTF-16 units. */
export function position(text, offset) {
  const before = text.slice(0, offset);
  const line = before.split('\n').length - 1;
  return { line, character: offset - (before.lastIndexOf('\n') + 1) };
}

/** An edit in the protocol's form, for the text that it is applied to. */
export function contentChange(text, { at, remove, insert }) {
  return { range: { start: position(text, at), end: position(text, at + remove) }, text: insert };
}

/** The source of chance for a measure. */
export const chance = (seed) => new Random(seed, 0);
