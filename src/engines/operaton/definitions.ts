import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { z } from 'zod';
import { atMost } from '../../cache-size.ts';
import { reasonOf } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { Form } from '../../processes/form.ts';
import { parseForm } from '../../processes/parse-form.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import { message } from '../../words/message.ts';
import { EngineUnavailableError } from '../engine.ts';
import { describeDefinition } from '../remote/describe-definition.ts';
import { hintsOf, readGeneratedForm } from './generated-form.ts';
import { type ElementForm, type ProcessModel, readModels } from './read-model.ts';
import { type RestClient, segment } from './rest-client.ts';
import type { TypeHint } from './typed-values.ts';

/** A deployed version of a process. */
export interface Deployed {
  /** The engine's id of the version. */
  versionId: string;
  /** Kickoff's id: `key`, or `tenant/key`. A key has no slash. */
  definitionId: string;
  key: string;
  tenantId: string | undefined;
  name: string;
  version: number;
  model: ProcessModel;
}

/** A process that can be started. */
export interface Startable extends Deployed {
  definition: ProcessDefinition;
}

export interface Definitions {
  /** Reads the newest versions. */
  list(): Promise<Startable[]>;
  /** Finds a process in the newest versions that were last read. */
  find(definitionId: string): Promise<Startable | undefined>;
  /** Returns any version. */
  get(versionId: string): Promise<Deployed>;
  xml(versionId: string): Promise<string>;
  /** The form of a task, deployed or generated; undefined if it has none. Throws an Error if it cannot be shown. */
  taskForm(deployed: Deployed, elementId: string, taskKey: string): Promise<Form | undefined>;
  hints(deployed: Pick<Deployed, 'model'>, elementId: string | undefined): ReadonlyMap<string, TypeHint>;
}

const definitionSchema = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string().nullish(),
  version: z.number(),
  tenantId: z.string().nullish(),
});
type DefinitionRow = z.infer<typeof definitionSchema>;

const pageSize = 500;
/** How many files are requested at the same time. */
const parallel = 6;

export function createDefinitions(rest: RestClient, engineName: string, logger: Logger): Definitions {
  const limit = pLimit(parallel);
  // A version never changes.
  const versions = new LRUCache<string, Deployed>(atMost(20_000));
  const startForms = new LRUCache<string, Form>(atMost(20_000));
  const taskForms = new LRUCache<string, Form>({ max: 2000 });
  /** Versions already logged as impossible to start from Slack. */
  const told = new Set<string>();
  let current: Map<string, Startable> | undefined;

  const xml = async (versionId: string) =>
    (await rest.get(z.object({ bpmn20Xml: z.string() }), `/process-definition/${segment(versionId)}/xml`)).bpmn20Xml;

  const deployed = async (row: DefinitionRow): Promise<Deployed> => {
    const known = versions.get(row.id);
    if (known) return known;
    const model = (await readModels(await xml(row.id))).get(row.key);
    if (!model) throw new EngineUnavailableError(message('engine.isAway', { engine: engineName, reason: row.id }));
    const tenantId = row.tenantId ?? undefined;
    const definitionId = tenantId === undefined ? row.key : `${tenantId}/${row.key}`;
    const { id: versionId, key, version } = row;
    const read = { versionId, definitionId, key, tenantId, name: row.name || row.key, version, model };
    versions.set(row.id, read);
    return read;
  };

  const startable = async (row: DefinitionRow): Promise<Startable | undefined> => {
    try {
      const version = await deployed(row);
      // Only a message, a signal or a timer starts it.
      if (version.model.startElementId === undefined) return undefined;
      const form = await startForm(version, version.model.startElementId);
      return { ...version, definition: definitionOf(version, form) };
    } catch (error) {
      if (error instanceof EngineUnavailableError) throw error;
      if (!told.has(row.id)) logger.error({ processDefinitionId: row.id, reason: reasonOf(error) }, 'not offered');
      told.add(row.id);
      return undefined;
    }
  };

  const startForm = async ({ versionId, model }: Deployed, elementId: string): Promise<Form | undefined> => {
    const form = model.forms.get(elementId);
    if (!form) return undefined;
    const known = startForms.get(versionId);
    if (known && !isChangeable(form)) return known;
    const read = await readForm(form, elementId, `/process-definition/${segment(versionId)}/deployed-start-form`);
    startForms.set(versionId, read);
    return read;
  };

  const readForm = async (form: ElementForm, elementId: string, path: string): Promise<Form> => {
    switch (form.kind) {
      case 'deployed':
        return parseForm(await rest.text(path));
      case 'generated':
        return readGeneratedForm(elementId, form.data);
      case 'foreign':
        throw new Error(`the form of ${elementId} is none that Slack can show`);
    }
  };

  const list = async () => {
    const rows: DefinitionRow[] = [];
    for (let first = 0; ; first += pageSize) {
      const page = await rest.get(z.array(definitionSchema), '/process-definition', {
        latestVersion: true,
        active: true,
        startableInTasklist: true,
        sortBy: 'id',
        sortOrder: 'asc',
        firstResult: first,
        maxResults: pageSize,
      });
      rows.push(...page);
      if (page.length < pageSize) break;
    }
    const found = (await Promise.all(rows.map((row) => limit(() => startable(row))))).filter(
      (one) => one !== undefined,
    );
    current = new Map(found.map((one) => [one.definitionId, one]));
    return found;
  };

  return {
    list,
    async find(definitionId) {
      if (!current?.has(definitionId)) await list();
      return current?.get(definitionId);
    },
    async get(versionId) {
      const known = versions.get(versionId);
      return known ?? deployed(await rest.get(definitionSchema, `/process-definition/${segment(versionId)}`));
    },
    xml,
    async taskForm({ versionId, model }, elementId, taskKey) {
      const form = model.forms.get(elementId);
      if (!form) return undefined;
      const cacheKey = `${versionId} ${elementId}`;
      const known = taskForms.get(cacheKey);
      if (known && !isChangeable(form)) return known;
      const read = await readForm(form, elementId, `/task/${segment(taskKey)}/deployed-form`);
      taskForms.set(cacheKey, read);
      return read;
    },
    hints({ model }, elementId) {
      const form = elementId === undefined ? undefined : model.forms.get(elementId);
      return form?.kind === 'generated' ? hintsOf(form.data) : new Map();
    },
  };
}

const isChangeable = (form: ElementForm) => form.kind === 'deployed' && form.isLatest;

const definitionOf = ({ definitionId: id, name, version, model }: Deployed, startForm: Form | undefined) =>
  describeDefinition(
    { id, name, version, properties: model.properties, documentation: model.documentation },
    startForm,
  );
