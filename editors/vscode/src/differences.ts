// Which values of a preview differ between the views of one event. The views stand one under the
// other, so without a mark a reader would have to compare them by eye.

import type { PreviewEvent } from './protocol';

/** A value in a document: its line, and the columns in UTF-16 units. */
export interface Place {
  line: number;
  start: number;
  end: number;
}

interface Value extends Place {
  /** The keys that lead to it, the last one included. */
  path: string;
  text: string;
}

/**
 * The values that at least two views of the same event have differently. The document must hold
 * the JSON of each view, in order, indented, from a line `{` to a line `}`.
 */
export function differences(lines: readonly string[], events: readonly PreviewEvent[]): Place[] {
  const objects = findObjects(lines);
  const views = events.flatMap((event) => event.views.map(() => event));
  if (objects.length !== views.length) {
    return [];
  }
  return events.flatMap((event) =>
    withoutAgreement(objects.filter((_, at) => views[at] === event)),
  );
}

/** The lines that name the receivers of a view: each stands right above the view's JSON. */
export function headings(lines: readonly string[]): number[] {
  return lines.flatMap((line, at) => (line.startsWith('// ') && lines[at + 1] === '{' ? [at] : []));
}

function withoutAgreement(objects: Value[][]): Value[] {
  const seen = new Map<string, string[]>();
  for (const { path, text } of objects.flat()) {
    seen.set(path, [...(seen.get(path) ?? []), text]);
  }
  return objects.flat().filter(({ path, text }) => {
    const texts = seen.get(path) ?? [];
    return texts.length < objects.length || texts.some((other) => other !== text);
  });
}

/** The object that is being read. */
interface Open {
  values: Value[];
  /** The keys that lead to the line. */
  keys: string[];
  /** At each depth, how many entries the object or list has had so far. */
  items: number[];
}

function findObjects(lines: readonly string[]): Value[][] {
  const objects: Value[][] = [];
  let open: Open | undefined;
  lines.forEach((text, line) => {
    if (text === '{') {
      open = { values: [], keys: [], items: [] };
    } else if (text === '}' && open !== undefined) {
      objects.push(open.values);
      open = undefined;
    } else if (open !== undefined) {
      const value = readValue(text, line, open);
      if (value !== undefined) {
        open.values.push(value);
      }
    }
  });
  return objects;
}

/** Reads `  "key": value,` or `  value,`, and keeps what leads to the next line. */
function readValue(text: string, line: number, { keys, items }: Open): Value | undefined {
  const match = /^( *)(?:"((?:[^"\\]|\\.)*)": )?(.*?),?$/.exec(text);
  const [, indent = '', name, value = ''] = match ?? [];
  if (match === null || /^[}\]]/.test(value)) {
    return undefined;
  }
  const depth = indent.length / 2 - 1;
  const item = (items[depth] ?? 0) + 1;
  items.length = depth;
  items[depth] = item;
  keys.length = depth;
  // A key stands in quotes in this document, so that no key is called like an item.
  const key = name === undefined ? `item ${item}` : `"${name}"`;
  keys.push(key);
  const start = text.lastIndexOf(value);
  return { path: keys.join('\0'), text: value, line, start, end: start + value.length };
}
