// The table that people read.

/** A number with three digits that count, and no more of them than a reader needs. */
export function short(number) {
  if (number >= 100) return Math.round(number).toLocaleString('en');
  return number.toPrecision(3).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

/** Where and how something was measured, in a line. */
export function headline({ date, machine, command }) {
  const memory = `${Math.round(machine.memory / 1e9)} GB`;
  return `\`${command}\`, ${date}, ${machine.processors} × ${machine.model}, ${memory}, node ${machine.node}`;
}

/** The rows of a report as a Markdown table. */
export function table(report) {
  const { rows } = report;
  const lines = rows.map(({ measure, size, contestant, unit, median, p5, p95, ratio, goal }) => [
    measure,
    size === undefined ? '' : size.toLocaleString('en'),
    contestant,
    `${short(median)} ${unit}`,
    `${short(p5)} to ${short(p95)}`,
    `${short(ratio)}×`,
    goal ?? '',
  ]);
  const head = ['measure', 'features', 'contestant', 'median', '5 % to 95 %', 'ratio to ours', 'goal'];
  const widths = head.map((title, at) => Math.max(...[head, ...lines].map((line) => line[at].length), title.length));
  const write = (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`;
  return [
    headline(report),
    '',
    write(head),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...lines.map(write),
    '',
  ].join('\n');
}
