// Every idiom: its name, the values that it can say, and how. A `write` is given a writer for the
// values within it, and answers an expression.

import { calls } from './calls.mjs';
import { lists } from './lists.mjs';
import { modules } from './modules.mjs';
import { names } from './names.mjs';
import { objects } from './objects.mjs';
import { words } from './words.mjs';

export const idioms = [...names, ...calls, ...modules, ...words, ...lists, ...objects];
