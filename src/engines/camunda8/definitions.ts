import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { z } from 'zod';
import { atMost } from '../../cache-size.ts';
import { reasonOf } from '../../errors.ts';
import { stringifyJson } from '../../json.ts';
import type { Logger } from '../../logger.ts';
import type { Form } from '../../processes/form.ts';
import { parseForm } from '../../processes/parse-form.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import { readJson } from '../../processes/read-json.ts';
import { message } from '../../words/message.ts';
import { EngineUnavailableError } from '../engine.ts';
import { describeDefinition } from '../remote/describe-definition.ts';
import type { Cluster } from './cluster.ts';
import { type ElementForm, type ProcessModel, readModels } from './read-model.ts';
import { allPages, keySchema, optionalText, page } from './search.ts';

/** A deployed version of a process. */
export interface Deployed {
  /** The cluster's key of the version. */
  versionKey: string;
  /** The BPMN process id, which Kickoff uses as the definition's id. */
  processId: string;
  name: string;
  version: number;
  model: ProcessModel;
  xml: string;
}

/** A process that can be started. */
export interface Startable extends Deployed {
  definition: ProcessDefinition;
}

export interface Definitions {
  /** Reads the newest versions. */
  list(): Promise<Startable[]>;
  /** Finds a process in the newest versions that were last read. */
  find(processId: string): Promise<Startable | undefined>;
  /** The newest version of every process, as last read, including those that nobody can start. */
  newest(): Promise<Deployed[]>;
  /** Returns any version. */
  get(versionKey: string): Promise<Deployed>;
  /** The form of a task; undefined if it has none. Throws an Error if it cannot be shown. */
  taskForm(
    deployed: Deployed,
    task: { elementId: string; key: string; formKey: string | undefined },
  ): Promise<Form | undefined>;
}

export interface DefinitionsOptions {
  cluster: Cluster;
  engineName: string;
  tenantId: string;
  /** How often forms are read that can change without a new definition, in milliseconds. */
  formsMs: number;
  logger: Logger;
}

const definitionSchema = z.object({
  processDefinitionKey: keySchema,
  processDefinitionId: z.string(),
  name: optionalText,
  version: z.number(),
});
type DefinitionRow = z.infer<typeof definitionSchema>;

/** Depending on the cluster, a form is an object or a text; a task without a form has no answer. */
const formSchema = z.object({ schema: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish() }).nullish();
type FormAnswer = z.infer<typeof formSchema>;

/** How many files are requested at the same time. */
const parallel = 6;

export function createDefinitions(options: DefinitionsOptions): Definitions {
  const { cluster, engineName, tenantId, logger } = options;
  const limit = pLimit(parallel);
  // A version never changes.
  const versions = new LRUCache<string, Deployed>({ max: 5000 });
  const startForms = new LRUCache<string, { form: Form; readAt: number }>(atMost(20_000));
  const taskForms = new LRUCache<string, Form>({ max: 2000 });
  /** Versions already logged as impossible to start from Slack. */
  const told = new Set<string>();
  let current: Map<string, Startable> | undefined;
  let newest: Deployed[] | undefined;

  const deployed = async (row: DefinitionRow): Promise<Deployed> => {
    const { processDefinitionKey: versionKey, processDefinitionId: processId, version } = row;
    const known = versions.get(versionKey);
    if (known) return known;
    const xml = await cluster.ask(z.string(), 'getProcessDefinitionXml', { processDefinitionKey: versionKey });
    const model = (await readModels(xml)).get(processId);
    if (!model) throw new EngineUnavailableError(message('engine.isAway', { engine: engineName, reason: versionKey }));
    const name = row.name ?? model.name ?? processId;
    const read = { versionKey, processId, name, version, model, xml };
    versions.set(versionKey, read);
    return read;
  };

  const startable = async (version: Deployed): Promise<Startable | undefined> => {
    // Only a message, a signal or a timer starts it.
    if (version.model.startElementId === undefined) return undefined;
    try {
      const form = await startForm(version, version.model.startElementId);
      return { ...version, definition: definitionOf(version, form) };
    } catch (error) {
      if (error instanceof EngineUnavailableError) throw error;
      if (!told.has(version.versionKey)) {
        logger.error({ processDefinitionId: version.processId, reason: reasonOf(error) }, 'not offered');
      }
      told.add(version.versionKey);
      return undefined;
    }
  };

  const startForm = async (version: Deployed, elementId: string): Promise<Form | undefined> => {
    const { versionKey, model } = version;
    const form = model.forms.get(elementId);
    if (!form) return undefined;
    const known = startForms.get(versionKey);
    const isFresh = known && (!isChangeable(form) || performance.now() - known.readAt < options.formsMs);
    if (isFresh) return known.form;
    const read = await readForm(form, elementId, () =>
      cluster.find(formSchema, 'getStartProcessForm', { processDefinitionKey: versionKey }),
    );
    startForms.set(versionKey, { form: read, readAt: performance.now() });
    return read;
  };

  const list = async () => {
    const rows = await allPages((page_) =>
      cluster.ask(page(definitionSchema), 'searchProcessDefinitions', {
        filter: { isLatestVersion: true, tenantId },
        page: page_,
      }),
    );
    newest = await Promise.all(rows.map((row) => limit(() => deployed(row))));
    const found = (await Promise.all(newest.map((version) => limit(() => startable(version))))).filter(
      (one) => one !== undefined,
    );
    current = new Map(found.map((one) => [one.processId, one]));
    return found;
  };

  return {
    list,
    async find(processId) {
      if (!current?.has(processId)) await list();
      return current?.get(processId);
    },
    async newest() {
      if (!newest) await list();
      return newest ?? [];
    },
    async get(versionKey) {
      const known = versions.get(versionKey);
      if (known) return known;
      return deployed(
        await cluster.ask(definitionSchema, 'getProcessDefinition', { processDefinitionKey: versionKey }),
      );
    },
    async taskForm({ versionKey, model }, { elementId, key, formKey }) {
      const form = model.forms.get(elementId);
      if (!form) return undefined;
      // A form that changes gets another key.
      const cacheKey = formKey ?? `${versionKey} ${elementId}`;
      const known = form.kind === 'linked' && formKey === undefined ? undefined : taskForms.get(cacheKey);
      if (known) return known;
      const read = await readForm(form, elementId, () =>
        cluster.find(formSchema, 'getUserTaskForm', { userTaskKey: key }),
      );
      taskForms.set(cacheKey, read);
      return read;
    },
  };
}

async function readForm(form: ElementForm, elementId: string, ask: () => Promise<FormAnswer>): Promise<Form> {
  switch (form.kind) {
    case 'linked': {
      const schema = (await ask())?.schema;
      if (!schema) throw new Error(`the form of ${elementId} is not deployed`);
      return parseForm(typeof schema === 'string' ? schema : stringifyJson(schema));
    }
    case 'embedded':
      return parseForm(withId(form.json, elementId));
    case 'foreign':
      throw new Error(`the form of ${elementId} is none that Slack can show`);
  }
}

/** Adds the id, which Modeler leaves out of embedded forms. */
function withId(text: string, id: string): string {
  const form = readJson(text);
  return typeof form === 'object' && form !== null && !('id' in form) ? stringifyJson({ ...form, id }) : text;
}

const isChangeable = (form: ElementForm) => form.kind === 'linked' && form.isLatest;

const definitionOf = ({ processId: id, name, version, model }: Deployed, startForm: Form | undefined) =>
  describeDefinition(
    { id, name, version, properties: model.properties, documentation: model.documentation },
    startForm,
  );
