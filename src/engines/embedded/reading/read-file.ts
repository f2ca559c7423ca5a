import type { ProcessModel } from '../interpreter/model.ts';
import { type DiagramElement, lineOf, readDiagram } from './diagram.ts';
import { assertReadable } from './file-bounds.ts';
import { readProcess } from './read-process.ts';
import { type DiagramProblem, problemAt, type Reading, report, warn } from './reading.ts';

export interface FileProblem extends DiagramProblem {
  line?: number | undefined;
}

export interface ReadFile {
  models: ProcessModel[];
  problems: FileProblem[];
  warnings: FileProblem[];
}

/** Reads all executable processes of a BPMN file; none if there is any problem. Throws DiagramError. */
export async function readFile(xml: string): Promise<ReadFile> {
  assertReadable(xml);
  const { definitions, ignored } = await readDiagram(xml);
  const reading: Reading = { problems: [], warnings: [] };
  checkPlatform(reading, definitions);
  const processes = definitions.rootElements?.filter(({ $type }) => $type === 'bpmn:Process') ?? [];
  // As in Camunda: if one process is executable, the others are only drawings for people.
  const executable = processes.filter(({ isExecutable }) => isExecutable === true);
  if (processes.length === 0) report(reading, definitions, 'the file has no process');
  if (executable.length === 0)
    for (const process of processes) report(reading, process, 'the process is not executable', 'executable');
  checkIds(reading, executable);
  const models = executable.flatMap((process) => readProcess(reading, process) ?? []);
  const fromParser = ignored.map(({ element, line, reason }) => ({ ...problemAt(element ?? {}, reason), line }));
  const located = (problems: FileProblem[]) => shown(problems).map((problem) => withLine(problem, xml));
  return {
    models: reading.problems.length === 0 ? models : [],
    problems: located(reading.problems),
    warnings: located([...fromParser, ...reading.warnings]),
  };
}

/** Maximum number of problems shown. */
const shownProblems = 100;

function shown(problems: FileProblem[]): FileProblem[] {
  const more = problems.length - shownProblems;
  return more > 0 ? [...problems.slice(0, shownProblems), { reason: `there are ${more} more problems` }] : problems;
}

export function withLine({ line: known, ...problem }: FileProblem, xml: string): FileProblem {
  const line = known ?? (problem.elementId === undefined ? undefined : lineOf(xml, problem.elementId));
  return { ...problem, ...(line !== undefined && { line }) };
}

function checkPlatform(reading: Reading, definitions: DiagramElement): void {
  const platform = definitions.$attrs['modeler:executionPlatform'];
  if (platform === undefined || platform === 'Camunda Cloud') return;
  warn(reading, definitions, `the diagram is made for ${platform}; it runs as Camunda 8 would run it`);
}

/** Checks for duplicate process ids, the only ones that bpmn-moddle does not report. */
function checkIds(reading: Reading, processes: DiagramElement[]): void {
  const seen = new Set<string | undefined>();
  for (const process of processes) {
    if (!process.id) report(reading, process, 'the process has no id');
    if (seen.has(process.id)) report(reading, process, 'two processes have this id');
    seen.add(process.id);
  }
}
