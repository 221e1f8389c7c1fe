// Typing in a project: from `didChange` to the findings, and the memory that the server has then.
// Every server gets the same edits. They take turns after each document, not after each edit: else
// each would be measured with what the others leave of the processor's caches, and the largest
// project of the slowest server would be seen in the times of all.

import { OURS } from '../frame/bench.mjs';
import { definitions } from '../lsp/documents.mjs';
import { applied, chance, edits } from '../lsp/edits.mjs';
import { Session, servers } from '../lsp/servers.mjs';

/** How many edits are made. */
const EDITS = 2_000;

/** How many edits are made in one document before another is opened. */
const EDITS_EACH = 20;

/** How many documents are open at once. */
const OPEN = 20;

/** The edits of the beginning, which only warm up, and are not counted. */
const WARM_UP = 20;

/** A server that has spent so many milliseconds leaves: what it takes is known by then. */
const BUDGET = 120_000;

export default async function typing(bench) {
  const wanted = bench.quick ? 40 : EDITS;
  for (const size of bench.sizes) {
    const root = await bench.project(size);
    const taken = await typed(bench, root, size, wanted);
    const samples = mapped(taken, ({ samples }) => samples.slice(Math.min(WARM_UP, samples.length / 2)));
    bench.add('server, change → findings', 'ms', samples, {
      size,
      goal: 'a fifth of the best peer; p99 under 2× the median + 5 ms',
    });
    const { [OURS]: ours, 'tsc --lsp': tsc } = mapped(taken, ({ memory }) => [memory]);
    bench.add('server, resident memory', 'MB', { [OURS]: ours, 'tsc --lsp': tsc }, {
      size,
      goal: 'a fifth of tsc',
    });
  }
}

/** What each server takes for the edits, and its memory afterwards. */
async function typed(bench, root, size, wanted) {
  const running = {};
  for (const [name, server] of Object.entries(servers(bench))) {
    running[name] = { session: await Session.start(bench, server, root), samples: [], spent: 0 };
  }
  const random = chance(7);
  const documents = await definitions(root, size, Math.ceil(wanted / EDITS_EACH));
  const open = [];
  let done = 0;
  for (let round = 0; done < wanted; round++) {
    const document = documents[round % documents.length];
    const isOpen = open.includes(document);
    if (!isOpen) open.push(document);
    const steps = [...edits(document.text, random, EDITS_EACH)];
    for (const contestant of taking(running)) {
      if (!isOpen) await contestant.session.open(document.uri, document.text);
      await type(contestant, document, steps);
    }
    done += steps.length;
    if (open.length > OPEN) {
      const { uri } = open.shift();
      for (const { session } of taking(running)) session.close(uri);
    }
  }
  for (const contestant of Object.values(running)) {
    contestant.memory = await contestant.session.server.memory();
    await contestant.session.end();
  }
  return running;
}

/** Has a server told of the edits of a document, each as soon as the findings of the last are there. */
async function type(contestant, document, steps) {
  let { text } = document;
  for (const edit of steps) {
    const { milliseconds } = await contestant.session.change(document.uri, text, edit);
    contestant.samples.push(milliseconds);
    contestant.spent += milliseconds;
    text = applied(text, edit);
  }
  if (text !== document.text) throw new Error(`the edits of ${document.path} do not end where they began`);
}

/** The servers that still take part. */
function taking(running) {
  return Object.values(running).filter(({ spent }) => spent < BUDGET);
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
