import { createHash } from 'node:crypto';
import { and, asc, eq, sql } from 'drizzle-orm';
import { driftOf } from '../../bindings/fill-parameters.ts';
import type { Binding } from '../../bindings/queries.ts';
import { bindings } from '../../bindings/tables.ts';
import type { Db } from '../../db/client.ts';
import { type Claimed, dueQueue } from '../../db/due-queue.ts';
import { liveChats } from '../../live-chats/tables.ts';
import type { Catalogue } from '../../processes/catalogue.ts';
import type { Message } from '../../words/message.ts';
import { processDrifts } from './tables.ts';

/** A process whose parameters no longer fit its bindings. */
export interface Drift {
  teamId: string;
  processDefinitionId: string;
  fingerprint: string;
}

export type ClaimedDrift = Claimed<Drift>;

export const driftQueue = dueQueue<Drift>({
  table: 'process_drifts',
  key: ['team_id', 'process_definition_id'],
  columns: sql`team_id as "teamId", process_definition_id as "processDefinitionId", fingerprint`,
  finished: 'clear',
});

/** An enabled binding that no longer fits its process, and why. */
export interface Unfit {
  binding: Binding;
  liveChatName: string;
  processName: string;
  changes: Message[];
}

/** The bindings that do not fit, by process definition id. */
export async function findUnfit(db: Db, teamId: string, catalogue: Catalogue): Promise<Map<string, Unfit[]>> {
  const rows = await db
    .select({ binding: bindings, liveChatName: liveChats.name })
    .from(bindings)
    .innerJoin(liveChats, eq(bindings.liveChatId, liveChats.id))
    .where(and(eq(liveChats.teamId, teamId), eq(bindings.isOn, true)))
    .orderBy(asc(liveChats.name), asc(bindings.position), asc(bindings.id));
  const found = new Map<string, Unfit[]>();
  for (const { binding, liveChatName } of rows) {
    const { processDefinitionId, mapping, parameters } = binding;
    const definition = catalogue.get(processDefinitionId);
    const changes = definition ? driftOf(mapping, parameters, definition.parameters) : [];
    if (!definition || changes.length === 0) continue;
    const others = found.get(processDefinitionId) ?? [];
    found.set(processDefinitionId, [...others, { binding, liveChatName, processName: definition.name, changes }]);
  }
  return found;
}

/** Stores drifts and makes new ones due to be reported. */
export async function noteDrifts(db: Db, teamId: string, unfit: ReadonlyMap<string, Unfit[]>): Promise<void> {
  for (const [processDefinitionId, found] of unfit) {
    const fingerprint = fingerprintOf(found);
    await db
      .insert(processDrifts)
      .values({ teamId, processDefinitionId, fingerprint, dueAt: sql`now()` })
      .onConflictDoUpdate({
        target: [processDrifts.teamId, processDrifts.processDefinitionId],
        set: { fingerprint, dueAt: sql`now()`, attempts: 0, unfinished: 0 },
        setWhere: sql`${processDrifts.fingerprint} <> ${fingerprint}`,
      });
  }
}

/** A hash of the unfit bindings. A binding that was configured again and does not fit again gives a new one. */
export function fingerprintOf(unfit: readonly Unfit[]): string {
  const facts = unfit.map(({ binding: { id, revision }, changes }) => [id, revision, changes]).toSorted();
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 16);
}
