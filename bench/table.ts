/** One line of the benchmark's report. */
export interface Line {
  what: string;
  /** The baseline that Kickoff is compared with, and its result. */
  baseline?: string;
  reached: string;
  ratio?: number;
  target?: string;
  /** Whether the target was reached; absent if there is none. */
  met?: boolean;
}

const headings = ['Measured (medians)', 'Baseline', 'Kickoff', 'Ratio', 'Target', ''];

/** Formats the lines as a text table. */
export function formatTable(lines: Line[]): string {
  const rows = lines.map(({ what, baseline = '', reached, ratio, target = '', met }) => [
    what,
    baseline,
    reached,
    ratio === undefined ? '' : ratio.toFixed(2),
    target,
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const format = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [format(headings), rule, ...rows.map(format)].join('\n');
}

/** A line that compares rates (per second). The target is met if Kickoff's rate is `target` times the baseline's. */
export function rateLine(
  what: string,
  baseline: { name: string; rate: number },
  kickoff: { rate: number; unit: string },
  ratio: number,
  target: number,
): Line {
  return {
    what,
    baseline: `${baseline.name} ${Math.round(baseline.rate)}/s`,
    reached: `${Math.round(kickoff.rate)} ${kickoff.unit}/s`,
    ratio,
    target: `≥ ${target}`,
    met: ratio >= target,
  };
}
