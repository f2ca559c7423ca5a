import { join } from 'node:path';
import { ownJobTypes, restConnectorType } from '../job-types.ts';
import { onOneLine, placeOf, reasonAt } from './reading/describe-problem.ts';
import { type LoadProblem, loadProcesses } from './reading/load-processes.ts';

export interface CheckedFolder {
  /** A line per mistake and warning, as editors read them: `processes/lead.bpmn:12: error: Post lead (post_lead): …` */
  lines: string[];
  /** Reasons, each with how often it occurs, most frequent first. */
  counts: string[];
  summary: string;
  isInOrder: boolean;
}

export interface CheckFolderOptions {
  /** Whether external workers do the jobs that Kickoff does not do itself. Default false. */
  hasWorkers?: boolean;
  /** Names of the configured secrets, to warn about missing ones; undefined if they are not known. */
  secrets?: ReadonlySet<string>;
}

/**
 * Checks the files below a directory as the embedded engine would load them.
 *
 * @throws if the directory cannot be read
 */
export async function checkFolder(
  directory: string,
  { hasWorkers = false, ...known }: CheckFolderOptions = {},
): Promise<CheckedFolder> {
  const jobTypes = hasWorkers ? undefined : [...ownJobTypes, restConnectorType];
  const { processes, problems, warnings } = await loadProcesses(directory, { jobTypes, ...known });
  const found = [
    ...problems.map((problem) => ({ problem, kind: 'error' })),
    ...warnings.map((problem) => ({ problem, kind: 'warning' })),
  ];
  const refused = new Set(problems.map(({ file }) => file)).size;
  return {
    lines: found
      .map(({ problem, kind }) => `${join(directory, placeOf(problem))}: ${kind}: ${reasonAt(problem)}`)
      .sort(byPlace),
    counts: countReasons(found),
    summary: [
      counted(processes.length, 'process would be loaded', 'processes would be loaded'),
      counted(refused, 'file has errors', 'files have errors'),
      counted(warnings.length, 'warning', 'warnings'),
    ].join(', '),
    isInOrder: problems.length === 0,
  };
}

const byPlace = new Intl.Collator('en', { numeric: true }).compare;

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

function countReasons(found: { problem: LoadProblem; kind: string }[]): string[] {
  const counts = new Map<string, number>();
  for (const { problem, kind } of found) {
    // The same mistake quotes other names in another file.
    const reason = onOneLine(`${kind}: ${problem.reason.replace(/“[^”]*”/g, '“…”')}`);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${String(count).padStart(5)}  ${reason}`);
}
