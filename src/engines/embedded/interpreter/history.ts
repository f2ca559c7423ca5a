import type { ElementInstance, EvaluatedDecision } from '../../engine.ts';
import type { ProcessModel } from './model.ts';

/** The changes of one command to an instance's elements. In a compact format, since it is written with every command. */
export interface HistoryEntries {
  /** The token, its element, and the token of the surrounding scope. */
  entered?: [token: number, elementId: string, scope?: number][];
  completed?: number[];
  terminated?: number[];
  stopped?: [token: number, reason: string][];
  /** Tokens whose incident was resolved. */
  resumed?: number[];
  /** Decisions made at a token. */
  decided?: [token: number, decisions: EvaluatedDecision[]][];
}

type Entry<Kind extends keyof HistoryEntries> = NonNullable<HistoryEntries[Kind]>[number];

export function note<Kind extends keyof HistoryEntries>(history: HistoryEntries, kind: Kind, entry: Entry<Kind>): void {
  const entries = (history[kind] ?? []) as Entry<Kind>[];
  entries.push(entry);
  history[kind] = entries as HistoryEntries[Kind];
}

/** Appends the entries of a later command. */
export function appendHistory(history: HistoryEntries, later: HistoryEntries): void {
  for (const kind of Object.keys(later) as (keyof HistoryEntries)[]) {
    for (const entry of later[kind] ?? []) note(history, kind, entry);
  }
}

export interface HistoryRow {
  /** Milliseconds since 1970. */
  at: number;
  entries: HistoryEntries;
}

/** The key of the element instance at a token; that of the root token is the key of the instance. */
export const elementInstanceKey = (instanceKey: string, token: number, root: number): string =>
  token === root ? instanceKey : `${instanceKey}-${token}`;

/** Builds an instance's history from the entries of its commands, oldest first. */
export function foldHistory(
  rows: readonly HistoryRow[],
  { instanceKey, model, root }: { instanceKey: string; model: ProcessModel; root: number },
): ElementInstance[] {
  const instances = new Map<number, ElementInstance>();
  const change = (token: number, values: Partial<ElementInstance>) => {
    const instance = instances.get(token);
    if (instance) Object.assign(instance, values);
  };
  for (const { at: ms, entries } of rows) {
    const at = new Date(Math.round(ms));
    for (const [token, elementId, scope] of entries.entered ?? []) {
      instances.set(token, {
        key: elementInstanceKey(instanceKey, token, root),
        elementId,
        name: token === root ? model.name : (model.elements.get(elementId)?.name ?? elementId),
        parentKey: scope === undefined ? undefined : elementInstanceKey(instanceKey, scope, root),
        status: 'active',
        enteredAt: at,
        leftAt: undefined,
        reason: undefined,
      });
    }
    // One command may resume a token and stop it again, or resume and leave it.
    for (const [token, decisions] of entries.decided ?? []) change(token, { decisions });
    for (const token of entries.resumed ?? []) change(token, { status: 'active' });
    for (const [token, reason] of entries.stopped ?? []) change(token, { status: 'incident', reason });
    for (const token of entries.completed ?? []) change(token, { status: 'completed', leftAt: at });
    for (const token of entries.terminated ?? []) change(token, { status: 'terminated', leftAt: at });
  }
  return [...instances.values()];
}
