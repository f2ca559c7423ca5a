import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import type { Variables } from '../../../processes/value-types.ts';
import type { ElementInstance, Incident } from '../../engine.ts';
import { elementInstanceKey, foldHistory, type HistoryRow } from '../interpreter/history.ts';
import { type InstanceState, rootToken, type Token } from '../interpreter/instance-state.ts';
import { visibleVariables } from '../interpreter/variables.ts';
import { instanceToLoad, withApart } from './apart-tokens.ts';
import type { DefinitionCache } from './definitions.ts';

/** A token of an instance: the scope of a variable, or an element where the instance is. */
export interface TokenKey {
  instanceKey: string;
  token: number;
}

/** Parses an instance's key, which stands for its root token, or `<instance key>-<token>`; undefined if it is neither. */
export function parseTokenKey(key: string): TokenKey | undefined {
  const [, instanceKey, token] = /^(\d{1,18})(?:-(\d{1,9}))?$/.exec(key) ?? [];
  if (instanceKey === undefined) return undefined;
  return { instanceKey, token: token === undefined ? rootToken : Number(token) };
}

/** The variables visible from a token, or only its own (`local`); undefined if there is no such token (any more). */
export async function readVariables(
  db: Db,
  { instanceKey, token }: TokenKey,
  local: boolean,
): Promise<Variables | undefined> {
  const state = await readState(db, instanceKey, token);
  if (!state?.tokens[token]) return undefined;
  return local ? (state.tokens[token].local ?? {}) : visibleVariables(state, token);
}

/** The incidents of an instance and of those that it called. */
export async function readIncidents(db: Db, instanceKey: string): Promise<Incident[]> {
  const rows = await selectRows<{ key: string; state: InstanceState }>(
    db,
    sql`select key::text, state from engine_instances where key = ${instanceKey}::bigint
      union all select key::text, state from engine_instances
        where root_key = ${instanceKey}::bigint and status = 'incident'`,
  );
  const incidents = await Promise.all(rows.map(({ key, state }) => incidentsOf(db, key, state)));
  return incidents.flat();
}

async function incidentsOf(db: Db, instanceKey: string, { tokens, stopped }: InstanceState): Promise<Incident[]> {
  const apart = stopped
    ? await selectRows<{ token: number; data: Token }>(
        db,
        sql`select token, data from engine_tokens where instance_key = ${instanceKey}::bigint and data ? 'incident'`,
      )
    : [];
  const all = { ...tokens, ...Object.fromEntries(apart.map(({ token, data }) => [token, data])) };
  return Object.entries(all).flatMap(([token, { element, incident }]) =>
    incident
      ? {
          key: elementInstanceKey(instanceKey, Number(token), rootToken),
          processInstanceKey: instanceKey,
          elementId: element,
          type: incident.type,
          reason: incident.reason,
        }
      : [],
  );
}

/** Every visit of the instance to an element, oldest first; none if there is no such instance. */
export async function readHistory(
  db: Db,
  definitions: DefinitionCache,
  instanceKey: string,
): Promise<ElementInstance[]> {
  const rows = await selectRows<HistoryRow & { definitionKey: string }>(
    db,
    sql`select i.definition_key::text as "definitionKey", extract(epoch from h.at)::float8 * 1000 as at, h.entries
      from engine_instances i join engine_history h on h.instance_key = i.key
      where i.key = ${instanceKey}::bigint order by h.revision`,
  );
  const [first] = rows;
  if (!first) return [];
  const { model } = await definitions.get(Number(first.definitionKey));
  return foldHistory(rows, { instanceKey, model, root: rootToken });
}

/** The BPMN file of the version that the instance runs. */
export async function readDiagram(db: Db, instanceKey: string): Promise<string | undefined> {
  const [row] = await selectRows<{ xml: string }>(
    db,
    sql`select d.xml from engine_instances i join engine_definitions d on d.key = i.definition_key
      where i.key = ${instanceKey}::bigint`,
  );
  return row?.xml;
}

/** The instance's state with this token loaded, even if it is stored separately. */
export async function readState(db: Db, instanceKey: string, token: number): Promise<InstanceState | undefined> {
  const [row] = await selectRows<{ state: InstanceState }>(
    db,
    sql`select state from engine_instances where key = ${instanceKey}::bigint`,
  );
  return row && (await withApart(db, instanceToLoad(instanceKey, row.state), [token])).state;
}
