import { createHash } from 'node:crypto';
import { reasonOf } from '../../../errors.ts';
import { own } from '../../../own.ts';
import type { Form } from '../../../processes/form.ts';
import { formIdOf, parseForm } from '../../../processes/parse-form.ts';
import { type ProcessDefinition, parametersOf } from '../../../processes/process-definition.ts';
import type { NamedPeople } from '../../process-library.ts';
import type { Decision } from '../decisions/decision.ts';
import { linkDecisions } from '../decisions/link-decisions.ts';
import { readDecisions } from '../decisions/read-decisions.ts';
import type { ProcessModel } from '../interpreter/model.ts';
import { DiagramError } from './diagram.ts';
import { embeddedFormPrefix } from './embedded-forms.ts';
import { assertReadableForm } from './file-bounds.ts';
import { type FileSource, readSources, type UploadedFile } from './file-sources.ts';
import { type FoundInFile, inFile, oneOfEach } from './one-of-each.ts';
import { decisionIdsOf, formIdsOf, type ProcessOutline } from './outline.ts';
import { type FileProblem, withLine } from './read-file.ts';
import { type DiagramProblem, problemAt } from './reading.ts';
import { createReadings, type Reader, type Readings, type ReadProcess } from './readings.ts';
import { unheardEvents } from './unheard-events.ts';

/** A process loaded from its files, not stored yet. */
export interface LoadedProcess {
  /** The path of its diagram below the directory, or the label of an uploaded file. */
  file: string;
  /** See {@link FoundInFile.origin}. */
  origin: string;
  model: ProcessModel;
  definition: Omit<ProcessDefinition, 'version'>;
  /** The people that its user tasks name. */
  people: NamedPeople[];
  xml: string;
  /** Linked forms by form id. */
  forms: Record<string, LoadedForm>;
  /** Text of the DMN file of each decision that the process evaluates, by decision id. */
  decisions: Record<string, string>;
  /** Hash of everything that affects its behaviour: the diagram, its forms and its decisions. */
  contentHash: string;
}

export interface LoadedForm {
  form: Form;
  text: string;
}

/** The reason why a file, or a process in it, is not loaded. */
export interface LoadProblem extends FileProblem {
  /** See {@link LoadedProcess.file}. */
  file: string;
}

/** Forms by form id. */
type Forms = Pick<ReadonlyMap<string, LoadedForm>, 'get'>;

interface ReadForm extends LoadedForm {
  source: FileSource;
}

interface ReadModel extends ReadProcess {
  source: FileSource;
  xml: string;
}

export interface LoadedFolder {
  /** The folder's stamp when its files were read, see {@link stampOf}. */
  stamp: string;
  processes: LoadedProcess[];
  problems: LoadProblem[];
  warnings: LoadProblem[];
  /** Origins of the forms and decisions in use, by `form` or `decision` and id. */
  origins: ReadonlyMap<string, string>;
  /** Contents of each file, such as `process lead`. */
  contents: ReadonlyMap<string, string[]>;
  /** Number of files that had to be parsed, see {@link Readings}. */
  parsed: number;
  /** See {@link Reader.keep}. */
  keepReadings: Reader['keep'];
}

export interface LoadOptions {
  /** Job types with a worker; other jobs would wait forever. Undefined: all types. */
  jobTypes: readonly string[] | undefined;
  /** Names of the configured secrets; undefined if they are not known. */
  secrets?: ReadonlySet<string>;
  /** Uploaded files. */
  uploaded?: readonly UploadedFile[];
  /** Readings of earlier loads; absent: none. */
  readings?: Readings;
  /** Decides which definition stays if several files have one id. */
  isInPlace?: (found: FoundInFile) => Promise<boolean>;
}

/**
 * Loads every `*.bpmn`, `*.form` and `*.dmn` below a directory. A broken file does not affect the others.
 *
 * @throws if the directory cannot be read
 */
export async function loadProcesses(
  directory: string,
  { jobTypes, secrets, uploaded = [], readings = createReadings(), isInPlace = async () => false }: LoadOptions,
): Promise<LoadedFolder> {
  const problems: LoadProblem[] = [];
  const warnings: LoadProblem[] = [];
  const { sources, stamp } = await readSources(directory, uploaded);
  const sourcesNamed = (extension: string) => sources.filter(({ name }) => name.endsWith(extension));
  const reader = await readings.of(
    [...sourcesNamed('.form'), ...sourcesNamed('.bpmn')].flatMap(({ text }) => text ?? []),
  );

  const readForms: ReadForm[] = [];
  const refusedForms = new Map<string, string>();
  for (const source of sourcesNamed('.form')) {
    const { file } = source;
    try {
      const text = textOf(source);
      readForms.push({ source, text, form: await reader.form(text) });
    } catch (error) {
      const reason = reasonOf(error);
      const id = source.text === undefined ? undefined : formIdOf(source.text);
      if (id !== undefined) refusedForms.set(id, `its form ${id} was refused because in ${file} ${reason}`);
      problems.push({ file, reason, ...(source.text !== undefined && { mend: 'file' as const }) });
    }
  }
  const foundForms = readForms.map((read) => ({ ...read, ...inFile(read.source, 'form', read.form.id, read.text) }));
  const forms = new Map((await oneOfEach(foundForms, isInPlace, problems)).map((form) => [form.id, form]));

  const foundDecisions = await readDecisionFiles(sourcesNamed('.dmn'), problems);
  const decisions = new Map((await oneOfEach(foundDecisions, isInPlace, problems)).map((one) => [one.id, one]));
  const models: ReadModel[] = [];
  for (const source of sourcesNamed('.bpmn')) {
    const { file } = source;
    try {
      const xml = textOf(source);
      const read = await reader.diagram(xml);
      problems.push(...read.problems.map((problem) => ({ file, ...problem })));
      warnings.push(...read.warnings.map((warning) => ({ file, ...warning })));
      models.push(...read.processes.map((process) => ({ source, xml, ...process })));
    } catch (error) {
      const { line, element = {} } = error instanceof DiagramError ? error : {};
      const problem = problemAt(element, reasonOf(error));
      problems.push({ file, ...problem, ...(line !== undefined && { line }), mend: 'file' });
    }
  }
  const foundModels = models.map((read) => ({ ...read, ...inFile(read.source, 'process', read.model.id, read.xml) }));
  const signals = new Set(models.flatMap(({ outline }) => outline.thrown));
  const linked = new Map([...decisions].map(([id, { decision }]) => [id, decision]));
  const processes = (await oneOfEach(foundModels, isInPlace, problems)).flatMap((read) => {
    const { own, mistakes: formMistakes } = readOwnForms(read);
    const available: Forms = { get: (id) => own.get(id) ?? forms.get(id) };
    const context = { forms: available, refusedForms, decisions, jobTypes };
    const mistakes = [...formMistakes, ...mistakesOf(read, context)];
    problems.push(...mistakes.map((mistake) => ({ file: read.file, ...withLine(mistake, read.xml) })));
    if (mistakes.length > 0) return [];
    const doubts = [
      ...read.outline.hangingJoins,
      ...unheardEvents(read.outline.awaited, signals),
      ...(secrets ? missingSecrets(read.outline, secrets) : []),
    ];
    warnings.push(...doubts.map((doubt) => ({ file: read.file, ...withLine(doubt, read.xml) })));
    if (decisionIdsOf(read.outline).length > 0) linkDecisions(read.model, linked);
    return [loadedProcess(read, available, decisions)];
  });
  const origins = new Map(
    [...forms.values(), ...decisions.values()].map(({ kind, id, origin }) => [`${kind} ${id}`, origin]),
  );
  const contents = new Map<string, string[]>();
  for (const { file, kind, id } of [...foundForms, ...foundDecisions, ...foundModels]) {
    contents.set(file, [...(contents.get(file) ?? []), `${kind} ${id}`]);
  }
  return {
    stamp,
    processes,
    problems,
    warnings,
    origins,
    contents,
    parsed: reader.parsed(),
    keepReadings: reader.keep,
  };
}

function textOf({ text, fault }: FileSource): string {
  if (text === undefined) throw fault;
  return text;
}

interface FoundDecision extends FoundInFile {
  decision: Decision;
}

async function readDecisionFiles(sources: readonly FileSource[], problems: LoadProblem[]): Promise<FoundDecision[]> {
  const found: FoundDecision[] = [];
  for (const source of sources) {
    const { file } = source;
    try {
      const text = textOf(source);
      const read = await readDecisions(text);
      problems.push(...read.problems.map((problem) => ({ file, ...withLine(problem, text) })));
      for (const decision of read.decisions) found.push({ ...inFile(source, 'decision', decision.id, text), decision });
    } catch (error) {
      problems.push({ file, reason: reasonOf(error), mend: 'file' });
    }
  }
  return found;
}

/** The embedded forms that the process uses. */
function readOwnForms({ model, outline }: Pick<ReadModel, 'model' | 'outline'>): {
  own: Map<string, LoadedForm>;
  mistakes: DiagramProblem[];
} {
  const own = new Map<string, LoadedForm>();
  const mistakes: DiagramProblem[] = [];
  const used = new Set(formIdsOf(outline));
  for (const [id, text] of model.embeddedForms) {
    if (!used.has(id)) continue;
    try {
      assertReadableForm(text);
      own.set(id, { form: parseForm(text), text });
    } catch (error) {
      mistakes.push({ elementId: id.slice(embeddedFormPrefix.length), reason: reasonOf(error) });
    }
  }
  return { own, mistakes };
}

function mistakesOf(
  { model, outline }: Pick<ReadModel, 'model' | 'outline'>,
  {
    forms,
    refusedForms,
    decisions,
    jobTypes,
  }: {
    forms: Forms;
    refusedForms: ReadonlyMap<string, string>;
    decisions: ReadonlyMap<string, FoundDecision>;
    jobTypes: readonly string[] | undefined;
  },
): DiagramProblem[] {
  return outline.checks.flatMap((check): DiagramProblem | DiagramProblem[] => {
    if (check.kind === 'mistake') return check.mistake;
    const { place } = check;
    if (check.kind === 'form') {
      const { formId } = check;
      if (forms.get(formId) || model.embeddedForms.has(formId)) return [];
      return { ...place, reason: refusedForms.get(formId) ?? missingForm(formId), mend: 'form' };
    }
    if (check.kind === 'decision') {
      if (decisions.has(check.decisionId)) return [];
      return { ...place, reason: `no .dmn file has the decision ${check.decisionId}`, mend: 'decision' };
    }
    if (!jobTypes || jobTypes.includes(check.type)) return [];
    const what = check.isListener ? 'jobs of its listener’s type' : 'jobs of the type';
    return { ...place, reason: `nothing here does ${what} ${check.type}`, mend: 'jobType' };
  });
}

const missingForm = (id: string): string =>
  id.startsWith(embeddedFormPrefix) ? `the file has no form ${id}` : `no .form file has the form ${id}`;

/** Secrets that connectors use but that are not configured. */
const missingSecrets = (outline: ProcessOutline, configured: ReadonlySet<string>): DiagramProblem[] =>
  outline.secrets
    .filter(({ secret }) => !configured.has(secret))
    .map(({ place, secret }) => ({
      ...place,
      reason: `the secret ${secret} is not set (SECRET_${secret} in the environment)`,
    }));

export function loadedProcess(
  {
    file,
    origin,
    model,
    outline,
    xml,
  }: Pick<LoadedProcess, 'file' | 'origin' | 'model' | 'xml'> & { outline: ProcessOutline },
  allForms: Forms,
  allDecisions: ReadonlyMap<string, { text: string }>,
): LoadedProcess {
  const forms = Object.fromEntries(
    formIdsOf(outline).flatMap((id): [string, LoadedForm][] => {
      const read = allForms.get(id);
      return read ? [[id, { form: read.form, text: read.text }]] : [];
    }),
  );
  const hash = createHash('sha256').update(xml);
  for (const id of Object.keys(forms).sort()) hash.update(`\0${id}\0${forms[id]?.text}`);
  const decisions = Object.fromEntries(decisionIdsOf(outline).map((id) => [id, allDecisions.get(id)?.text ?? '']));
  for (const [id, text] of Object.entries(decisions)) hash.update(`\0${id}\0${text}`);
  const contentHash = hash.digest('hex');
  const people = outline.people.map((named) => ({ file, ...named }));
  return { file, origin, model, definition: describe(model, forms), people, xml, forms, decisions, contentHash };
}

function describe(model: ProcessModel, forms: Record<string, LoadedForm>): Omit<ProcessDefinition, 'version'> {
  const { workspace, app, description } = model.properties;
  const startForm = model.startFormId === undefined ? undefined : own(forms, model.startFormId)?.form;
  return {
    id: model.id,
    name: model.name,
    ...(workspace && { workspace }),
    ...(app && { app }),
    ...(description && { description }),
    ...(startForm && { startForm }),
    parameters: startForm ? parametersOf(startForm) : [],
  };
}
