import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences, headings } from '../src/differences.ts';
import type { PreviewEvent } from '../src/protocol.ts';

/** Indents the views as the server does, and gives the texts that are marked, with their lines. */
function marked(...events: unknown[][]): string[] {
  const described: PreviewEvent[] = events.map((views) => ({
    event: 'INSERT',
    views: views.map((view) => ({ receivers: [], json: JSON.stringify(view) })),
  }));
  const lines = events
    .flat()
    .flatMap((view) => ['// somebody', ...JSON.stringify(view, null, 2).split('\n'), '']);
  return differences(lines, described).map(({ line, start, end }) => `${line}: ${lines[line]?.slice(start, end)}`);
}

test('equal views have no marks', () => {
  assert.deepEqual(marked([{ a: 1, b: 'x' }, { a: 1, b: 'x' }]), []);
});

test('a value that differs is marked in every view', () => {
  assert.deepEqual(marked([{ a: 1, mail: 'j@x.y' }, { a: 1, mail: 'j*' }]), ['3: "j@x.y"', '9: "j*"']);
});

test('values are compared by the keys that lead to them', () => {
  assert.deepEqual(marked([{ new: { a: 1 }, old: { a: 2 } }, { new: { a: 1 }, old: { a: 3 } }]), ['6: 2', '16: 3']);
});

test('entries of lists are compared by their places in them', () => {
  const nums = [1, 2, [3], { a: 4 }, [5]];
  assert.deepEqual(marked([{ nums, mail: 'a' }, { nums, mail: 'b' }]), ['15: "a"', '33: "b"']);
  assert.deepEqual(marked([{ nums: [1, 2], b: [1] }, { nums: [1, 3], b: [1] }]), ['4: 2', '15: 3']);
  assert.deepEqual(marked([{ nums: [1] }, { nums: [1, 2] }]), ['11: 2']);
  assert.deepEqual(marked([[{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 2 }]].map((list) => ({ list }))), []);
  // The items of one list say nothing of those of the next.
  assert.deepEqual(marked([{ a: [[1], [2, 3]] }, { a: [[1, 2], [2, 3]] }]), ['18: 2']);
});

test('events are not compared with one another', () => {
  assert.deepEqual(marked([{ a: 1 }], [{ a: 2 }]), []);
});

test('an object that is masked as a whole is marked, with what it hides', () => {
  assert.deepEqual(marked([{ a: { b: 1 } }, { a: '[REDACTED]' }]), ['2: {', '3: 1', '9: "[REDACTED]"']);
});

test('quotes and colons in keys and values are no trouble', () => {
  assert.deepEqual(marked([{ 'a": "b': 'x": "y,' }, { 'a": "b': 'z' }]), ['2: "x\\": \\"y,"', '7: "z"']);
});

test('a document that does not hold the views has no marks', () => {
  assert.deepEqual(differences(['{', '  "a": 1', '}'], []), []);
});

test('the receivers are named right above each view', () => {
  const lines = ['// What each receiver gets, as you type.', '', '// INSERT', '// member', '{', '  "a": 1', '}', '', '// admin', '{', '}'];
  assert.deepEqual(headings(lines).map((line) => lines[line]), ['// member', '// admin']);
});
