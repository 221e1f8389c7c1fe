// A feature's handler: one that broadcasts, or one that has nothing to do with realtime.

import { divided } from './feature.mjs';
import { tableImport } from './definitions.mjs';

/** A sum over some of the rows, as every back office has them by the dozen. */
function statistics({ name, columns, random }) {
  const numbers = columns.filter(({ type }) => type === 'int' || type === 'real').map((column) => column.name);
  const days = 1 + random.below(90);
  const Upper = name[0].toUpperCase() + name.slice(1);
  const measured = numbers[0] ?? 'quantity';
  return `/** How long ${divided(name, ' ')} count as recent, in days. */
const RECENT_DAYS = ${days};

interface ${Upper}Summary {
  count: number;
  total: number;
  largest: number;
  byDay: Map<string, number>;
}

/** The day of a moment, as the reports write it. */
function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** Sums up rows of ${divided(name, ' ')}; what is older than ${days} days is left out. */
export function summarize(rows: readonly Record<string, unknown>[], now: Date): ${Upper}Summary {
  const summary: ${Upper}Summary = { count: 0, total: 0, largest: Number.NEGATIVE_INFINITY, byDay: new Map() };
  const oldest = now.getTime() - RECENT_DAYS * 24 * 60 * 60 * 1000;
  for (const row of rows) {
    const createdAt = row.createdAt instanceof Date ? row.createdAt : new Date(String(row.createdAt));
    if (createdAt.getTime() < oldest) {
      continue;
    }
    const value = Number(row.${measured} ?? 0);
    summary.count += 1;
    summary.total += value;
    summary.largest = Math.max(summary.largest, value);
    const day = dayOf(createdAt);
    summary.byDay.set(day, (summary.byDay.get(day) ?? 0) + value);
  }
  return summary;
}

/** The days on which more than \`limit\` came together, the latest first. */
export function busyDays(summary: ${Upper}Summary, limit: number): string[] {
  return [...summary.byDay]
    .filter(([, value]) => value > limit)
    .map(([day]) => day)
    .sort((a, b) => b.localeCompare(a));
}
`;
}

function head(described, from, others) {
  const helper = from === 'src' ? '@/lib/realtime' : '../../../../src/lib/realtime';
  return (
    `import type { ActionExecutor } from '@quickback/types';\nimport { eq } from 'drizzle-orm';\n` +
    (others ? `import { createRealtime } from '${helper}';\n` : '') +
    tableImport(described, from)
  );
}

/** Writes a row and tells those who look at it. */
function broadcasting(described) {
  const { name, owner, namespace, events, sent, onDelete } = described;
  const own = owner ? `, ${owner}: record.${owner}` : '';
  const [first, second] = sent.filter((column) => !column.mask).map((column) => column.name);
  const target = '{ organizationId: ctx.activeOrgId }';
  const told = namespace
    ? `  await realtime.${namespace}.${events[0]}({ id: record.id }, ${target});\n`
    : `  await realtime.update(\n    '${name}',\n    { id: record.id${own}, ${second}: input.${second} },\n` +
      `    { id: record.id${own}, ${second}: record.${second} },\n    ctx.activeOrgId,\n  );\n`;
  const removal = onDelete
    ? `
/** Removes a row; whoever has it on screen sees it go. */
export const remove: ActionExecutor = async ({ db, ctx, record }) => {
  const realtime = createRealtime(ctx.env);
  await db.delete(${name}).where(eq(${name}, record.id));
  ctx.waitUntil(realtime.delete('${name}', { id: record.id${own} }, ctx.activeOrgId, { targetRoles: ['editor+'] }));
  return { id: record.id };
};
`
    : '';
  return `
/** Takes over what was entered, and tells those who look at it. */
export const execute: ActionExecutor = async ({ db, ctx, record, input }) => {
  const realtime = createRealtime(ctx.env);
  const [changed] = await db
    .update(${name})
    .set({ ${first}: input.${first}, ${second}: input.${second} })
    .where(eq(${name}, record.id))
    .returning();

  if (changed === undefined) {
    return { id: null };
  }
  await realtime.update(
    '${name}',
    { id: record.id${own}, ${first}: changed.${first} },
    { id: record.id${own}, ${first}: record.${first} },
    ${target},
  );
${told}  return { id: record.id };
};
${removal}`;
}

/** Reads and writes rows, and tells nobody. */
function plain({ name }) {
  return `
/** Reads the latest rows and writes down what they come to. */
export const execute: ActionExecutor = async ({ db, input }) => {
  const rows = await db.select().from(${name}).where(eq(${name}, input.id)).limit(500);
  const summary = summarize(rows, new Date());
  const busy = busyDays(summary, Number(input.limit ?? 10));
  if (busy.length > 0) {
    await db.update(${name}).set({ revision: summary.count }).where(eq(${name}, input.id));
  }
  return { count: summary.count, total: summary.total, busy };
};
`;
}

/** The handler of a feature, if it has one: among its definitions or in `src`. */
export function* handlerFiles(described) {
  const { handler, handlerIn, folder } = described;
  if (!handler) return;
  const path =
    handlerIn === 'src' ? `src/handlers/${folder}.ts` : `quickback/features/${folder}/handlers/${handler === 'calls' ? 'change' : 'report'}.ts`;
  const body = handler === 'calls' ? broadcasting(described) : plain(described);
  yield [path, `${head(described, handlerIn, handler === 'calls')}\n${statistics(described)}${body}`];
}
