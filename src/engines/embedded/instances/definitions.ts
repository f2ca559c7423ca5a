import { eq, sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import type { Form } from '../../../processes/form.ts';
import { parseForm } from '../../../processes/parse-form.ts';
import type { ProcessDefinition } from '../../../processes/process-definition.ts';
import { callsProcesses, receivedMessages } from '../correlation/message-receivers.ts';
import { deployStartEvents } from '../correlation/start-events.ts';
import type { Decision } from '../decisions/decision.ts';
import { linkDecisions } from '../decisions/link-decisions.ts';
import { readDecisions } from '../decisions/read-decisions.ts';
import type { ProcessModel } from '../interpreter/model.ts';
import type { LoadedProcess } from '../reading/load-processes.ts';
import type { FoundInFile } from '../reading/one-of-each.ts';
import { readFile } from '../reading/read-file.ts';
import { engineDefinitions } from '../tables.ts';

/** A version of a process, ready to run. */
export interface Definition {
  key: number;
  model: ProcessModel;
  /** Linked forms by form id. */
  forms: ReadonlyMap<string, Form>;
}

export interface CurrentDefinition extends Definition {
  definition: ProcessDefinition;
}

/** An arbitrary number, the same on every replica. */
const deployLock = 5_425_666;
/** Maximum number of rows per statement: a file may be large. */
const batchSize = 200;

interface Latest {
  key: number;
  processId: string;
  version: number;
  contentHash: string;
}

export interface Deployment {
  processes: LoadedProcess[];
  /** Ids of definitions removed since the last load; undefined: the given definitions are all there are. */
  removed?: readonly string[];
  /** Whether nobody changed uploads or restored versions since these definitions were read. */
  holds(tx: Db): Promise<boolean>;
}

/**
 * Makes each loaded definition the newest version of its process, unless it is already. Replicas do this one after another.
 *
 * @returns the definitions in the order of `processes`; undefined if {@link Deployment.holds} is false, and nothing was done
 */
export async function deploy(
  db: Db,
  { processes, removed, holds }: Deployment,
  now: Date,
): Promise<CurrentDefinition[] | undefined> {
  const versions = await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${sql.raw(String(deployLock))})`);
    if (!(await holds(tx))) return undefined;
    const latest = new Map((await latestVersions(tx)).map((row) => [row.processId, row]));
    const changed = processes.filter(({ model, contentHash }) => latest.get(model.id)?.contentHash !== contentHash);
    for (let i = 0; i < changed.length; i += batchSize) {
      const rows = changed.slice(i, i + batchSize).map(({ model, xml, forms, decisions, contentHash }) => ({
        processId: model.id,
        version: (latest.get(model.id)?.version ?? 0) + 1,
        contentHash,
        xml,
        forms: Object.fromEntries(Object.entries(forms).map(([id, { text }]) => [id, text])),
        decisions,
        versionTag: model.versionTag ?? null,
        receives: receivedMessages(model),
        calls: callsProcesses(model),
      }));
      const { key, processId, version, contentHash } = engineDefinitions;
      const inserted = await tx
        .insert(engineDefinitions)
        .values(rows)
        .returning({ key, processId, version, contentHash });
      for (const row of inserted) latest.set(row.processId, row);
    }
    const deployed = processes.flatMap(({ model }) => {
      const version = latest.get(model.id);
      return version ? [{ key: version.key, model }] : [];
    });
    const touched = removed && [...removed, ...deployed.map(({ model }) => model.id)];
    await deployStartEvents(tx, deployed, now, touched);
    return latest;
  });
  return (
    versions &&
    processes.map(({ model, forms, definition }) => {
      const version = versions.get(model.id);
      if (!version) throw new Error(`the process ${model.id} was not stored`);
      return {
        key: version.key,
        model,
        forms: new Map(Object.entries(forms).map(([id, { form }]) => [id, form])),
        definition: { ...definition, version: version.version },
      };
    })
  );
}

/**
 * Whether the newest version of a process was made from this file; for a form or decision, whether the newest version of any
 * process was.
 */
export async function isNewestVersion(db: Db, { kind, id, text }: FoundInFile): Promise<boolean> {
  const newest = sql`not exists (
    select from engine_definitions later where later.process_id = d.process_id and later.version > d.version)`;
  const isThis = {
    process: sql`d.process_id = ${id} and d.xml = ${text}`,
    form: sql`d.forms ->> ${id} = ${text}`,
    decision: sql`d.decisions ->> ${id} = ${text}`,
  }[kind];
  const found = await selectRows(
    db,
    sql`select d.key::text from engine_definitions d where ${isThis} and ${newest} limit 1`,
  );
  return found.length > 0;
}

async function latestVersions(db: Db): Promise<Latest[]> {
  const rows = await selectRows<{ key: string; process_id: string; version: number; content_hash: string }>(
    db,
    sql`select distinct on (process_id) key::text, process_id, version, content_hash from engine_definitions
        order by process_id, version desc`,
  );
  return rows.map((row) => ({
    key: Number(row.key),
    processId: row.process_id,
    version: row.version,
    contentHash: row.content_hash,
  }));
}

/** Caches all versions that instances may run. Versions that are not current are read from the database on first use. */
export interface DefinitionCache {
  /** Returns a cached version without a query: on PGlite, a query outside the current transaction would wait for it forever. */
  peek(key: number): Definition | undefined;
  get(key: number): Promise<Definition>;
  add(definition: Definition): void;
}

export function createDefinitionCache(db: Db, current: Definition[]): DefinitionCache {
  const definitions = new Map(current.map((definition) => [definition.key, definition]));
  return {
    peek: (key) => definitions.get(key),
    add(definition) {
      definitions.set(definition.key, definition);
    },
    async get(key) {
      const definition = definitions.get(key) ?? (await readVersion(db, key));
      definitions.set(key, definition);
      return definition;
    },
  };
}

async function readVersion(db: Db, key: number): Promise<Definition> {
  const [row] = await db.select().from(engineDefinitions).where(eq(engineDefinitions.key, key));
  if (!row) throw new Error(`there is no process version ${key}`);
  return readStored(row);
}

/** Parses a stored version. Throws if it cannot be run any more. */
export async function readStored(row: typeof engineDefinitions.$inferSelect): Promise<Definition> {
  const { models, problems } = await readFile(row.xml);
  const model = models.find(({ id }) => id === row.processId);
  if (!model) {
    throw new Error(`version ${row.version} of ${row.processId} cannot be run any more: ${problems[0]?.reason}`);
  }
  linkDecisions(model, await readDecisionsOf(row.decisions));
  return { key: row.key, model, forms: new Map(Object.entries(row.forms).map(([id, text]) => [id, parseForm(text)])) };
}

/** @param texts decision id → the text of its file */
async function readDecisionsOf(texts: Readonly<Record<string, string>>): Promise<Map<string, Decision>> {
  const decisions = new Map<string, Decision>();
  for (const [id, text] of Object.entries(texts)) {
    const decision = (await readDecisions(text)).decisions.find((one) => one.id === id);
    if (decision) decisions.set(id, decision);
  }
  return decisions;
}
