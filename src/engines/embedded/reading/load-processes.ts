import { createHash } from 'node:crypto';
import { reasonOf } from '../../../errors.ts';
import { parseJson } from '../../../json.ts';
import { own } from '../../../own.ts';
import type { Form } from '../../../processes/form.ts';
import { formIdOf, parseForm } from '../../../processes/parse-form.ts';
import { type ProcessDefinition, parametersOf } from '../../../processes/process-definition.ts';
import { restConnectorType } from '../../job-types.ts';
import type { Decision } from '../decisions/decision.ts';
import { decisionIdsOf, linkDecisions } from '../decisions/link-decisions.ts';
import { readDecisions } from '../decisions/read-decisions.ts';
import { activityOf, type Mapping, type ProcessModel } from '../interpreter/model.ts';
import { assertConnectorExpressions } from '../job-handlers/connector-expressions.ts';
import { inputMistake } from '../job-handlers/http-json-input.ts';
import { DiagramError } from './diagram.ts';
import { embeddedFormPrefix } from './embedded-forms.ts';
import { assertReadableForm } from './file-bounds.ts';
import { type FileSource, readSources, type UploadedFile } from './file-sources.ts';
import { hangingJoins } from './hanging-joins.ts';
import { type FoundInFile, inFile, oneOfEach } from './one-of-each.ts';
import { type FileProblem, withLine } from './read-file.ts';
import { type DiagramProblem, problemAt } from './reading.ts';
import { createReadings, type Reader, type Readings } from './readings.ts';
import { thrownSignals, unheardEvents } from './unheard-events.ts';

/** A process loaded from its files, not stored yet. */
export interface LoadedProcess {
  /** The path of its diagram below the directory, or the label of an uploaded file. */
  file: string;
  /** See {@link FoundInFile.origin}. */
  origin: string;
  model: ProcessModel;
  definition: Omit<ProcessDefinition, 'version'>;
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

interface ReadModel {
  source: FileSource;
  xml: string;
  model: ProcessModel;
}

export interface LoadedFolder {
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
  const sources = await readSources(directory, uploaded);
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
      models.push(...read.models.map((model) => ({ source, xml, model })));
    } catch (error) {
      const { line, element = {} } = error instanceof DiagramError ? error : {};
      const problem = problemAt(element, reasonOf(error));
      problems.push({ file, ...problem, ...(line !== undefined && { line }), mend: 'file' });
    }
  }
  const foundModels = models.map((read) => ({ ...read, ...inFile(read.source, 'process', read.model.id, read.xml) }));
  const signals = thrownSignals(models.map(({ model }) => model));
  const linked = new Map([...decisions].map(([id, { decision }]) => [id, decision]));
  const processes = (await oneOfEach(foundModels, isInPlace, problems)).flatMap((read) => {
    const { own, mistakes: formMistakes } = readOwnForms(read.model);
    const available: Forms = { get: (id) => own.get(id) ?? forms.get(id) };
    const context = { forms: available, refusedForms, decisions, jobTypes };
    const mistakes = [...formMistakes, ...mistakesOf(read.model, context)];
    problems.push(...mistakes.map((mistake) => ({ file: read.file, ...withLine(mistake, read.xml) })));
    if (mistakes.length > 0) return [];
    const doubts = [
      ...hangingJoins(read.model),
      ...unheardEvents(read.model, signals),
      ...(secrets ? missingSecrets(read.model, secrets) : []),
    ];
    warnings.push(...doubts.map((doubt) => ({ file: read.file, ...withLine(doubt, read.xml) })));
    linkDecisions(read.model, linked);
    return [loadedProcess(read, available, decisions)];
  });
  const origins = new Map(
    [...forms.values(), ...decisions.values()].map(({ kind, id, origin }) => [`${kind} ${id}`, origin]),
  );
  const contents = new Map<string, string[]>();
  for (const { file, kind, id } of [...foundForms, ...foundDecisions, ...foundModels]) {
    contents.set(file, [...(contents.get(file) ?? []), `${kind} ${id}`]);
  }
  return { processes, problems, warnings, origins, contents, parsed: reader.parsed(), keepReadings: reader.keep };
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
function readOwnForms(model: ProcessModel): { own: Map<string, LoadedForm>; mistakes: DiagramProblem[] } {
  const own = new Map<string, LoadedForm>();
  const mistakes: DiagramProblem[] = [];
  const used = new Set(formIdsOf(model));
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
  model: ProcessModel,
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
  const mistakes: DiagramProblem[] = [];
  if (model.properties.app && !model.properties.workspace) {
    mistakes.push({
      elementId: model.id,
      elementName: model.name,
      reason: 'it has the property app, but no workspace',
    });
  }
  const element = (id: string, name: string | undefined) => ({ elementId: id, ...(name && { elementName: name }) });
  const isMissing = (formId: string | undefined): formId is string =>
    formId !== undefined && !forms.get(formId) && !model.embeddedForms.has(formId);
  if (isMissing(model.startFormId)) {
    mistakes.push({
      ...element(model.startElementId ?? model.id, undefined),
      reason: refusedForms.get(model.startFormId) ?? missingForm(model.startFormId),
      mend: 'form',
    });
  }
  for (const { id, name, behaviour, inputs, listeners } of [...model.elements.values()].map(activityOf)) {
    if (behaviour.kind === 'userTask' && isMissing(behaviour.formId)) {
      mistakes.push({
        ...element(id, name),
        reason: refusedForms.get(behaviour.formId) ?? missingForm(behaviour.formId),
        mend: 'form',
      });
    }
    if (behaviour.kind === 'decision' && !decisions.has(behaviour.decisionId)) {
      const reason = `no .dmn file has the decision ${behaviour.decisionId}`;
      mistakes.push({ ...element(id, name), reason, mend: 'decision' });
    }
    const listenerTypes = Object.values(listeners).flatMap((some) => some.map(({ type }) => type));
    for (const type of [...(behaviour.kind === 'job' ? [behaviour.type] : []), ...listenerTypes]) {
      if (type.kind !== 'static' || !jobTypes || jobTypes.includes(type.text)) continue;
      const what = listenerTypes.includes(type) ? 'jobs of its listener’s type' : 'jobs of the type';
      mistakes.push({ ...element(id, name), reason: `nothing here does ${what} ${type.text}`, mend: 'jobType' });
    }
    if (behaviour.kind === 'job') {
      const { type, headers } = behaviour;
      const reason = connectorMistake(headers);
      if (reason !== undefined) mistakes.push({ ...element(id, name), reason });
      if (type.text === restConnectorType) {
        mistakes.push(...inputMistakes(inputs).map((mistake) => ({ ...element(id, name), reason: mistake })));
      }
    }
  }
  return mistakes;
}

const missingForm = (id: string): string =>
  id.startsWith(embeddedFormPrefix) ? `the file has no form ${id}` : `no .form file has the form ${id}`;

/** Mistakes in the REST connector's static inputs; computed ones are checked at run time. */
function inputMistakes(inputs: readonly Mapping[]): string[] {
  return inputs.flatMap(({ source, target }) => {
    const [name, ...path] = target;
    if (name === undefined || path.length > 0) return [];
    if (source.kind === 'feel' && !/^=\s*(true|false|\d+)\s*$/.test(source.text)) return [];
    const value = source.kind === 'static' ? source.text : parseJson(source.text.slice(1));
    return inputMistake(name, value) ?? [];
  });
}

/** Secrets that connectors use but that are not configured. */
function missingSecrets({ elements }: ProcessModel, secrets: ReadonlySet<string>): DiagramProblem[] {
  return [...elements.values()].map(activityOf).flatMap(({ id, name, secrets: wanted }) =>
    [...new Set(wanted)].flatMap((secret) => {
      if (secrets.has(secret)) return [];
      const reason = `the secret ${secret} is not set (SECRET_${secret} in the environment)`;
      return { elementId: id, ...(name && { elementName: name }), reason };
    }),
  );
}

/** The mistake in the expressions of a connector's task headers, if there is one. */
function connectorMistake(headers: Record<string, string>): string | undefined {
  try {
    assertConnectorExpressions(headers);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

export function loadedProcess(
  { file, origin, model, xml }: Pick<LoadedProcess, 'file' | 'origin' | 'model' | 'xml'>,
  allForms: Forms,
  allDecisions: ReadonlyMap<string, { text: string }>,
): LoadedProcess {
  const forms = Object.fromEntries(
    formIdsOf(model).flatMap((id): [string, LoadedForm][] => {
      const read = allForms.get(id);
      return read ? [[id, { form: read.form, text: read.text }]] : [];
    }),
  );
  const hash = createHash('sha256').update(xml);
  for (const id of Object.keys(forms).sort()) hash.update(`\0${id}\0${forms[id]?.text}`);
  const decisions = Object.fromEntries(decisionIdsOf(model).map((id) => [id, allDecisions.get(id)?.text ?? '']));
  for (const [id, text] of Object.entries(decisions)) hash.update(`\0${id}\0${text}`);
  const contentHash = hash.digest('hex');
  return { file, origin, model, definition: describe(model, forms), xml, forms, decisions, contentHash };
}

function formIdsOf(model: ProcessModel): string[] {
  const activities = [...model.elements.values()].map(activityOf);
  const ofTasks = activities.map(({ behaviour }) => behaviour.kind === 'userTask' && behaviour.formId);
  return [model.startFormId, ...ofTasks].flatMap((id) => id || []);
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
