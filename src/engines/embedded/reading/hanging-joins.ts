import type { ElementModel } from '../interpreter/model.ts';
import { activityOf, type ProcessModel } from '../interpreter/model.ts';
import type { DiagramProblem } from './reading.ts';

/** Maximum number of visited elements per process; larger diagrams are not searched for this warning. */
const maximumVisits = 2_000_000;
/** Maximum number of flows of a join: they are compared pairwise. */
const maximumFlows = 20;

/**
 * Finds parallel joins that wait forever: two of their flows are alternatives of one exclusive (or event-based) gateway, which
 * sends its token along one of them, and no other token can get there.
 */
export function hangingJoins({ elements }: Pick<ProcessModel, 'elements'>): DiagramProblem[] {
  const graph = graphOf(elements);
  const joins = [...elements.values()].filter(
    ({ behaviour, incoming }) =>
      behaviour.kind === 'parallelGateway' && incoming.length > 1 && incoming.length <= maximumFlows,
  );
  const splits = [...elements.values()].filter(
    ({ behaviour, outgoing }) =>
      (behaviour.kind === 'exclusiveGateway' || behaviour.kind === 'eventBasedGateway') && outgoing.length > 1,
  );
  const flows = splits.reduce((sum, { outgoing }) => sum + outgoing.length, 0);
  if (joins.length * flows * elements.size > maximumVisits) return [];
  return joins.flatMap((join) => {
    const split = splits.find((one) => isStarvedBy(graph, join, one));
    if (!split) return [];
    const reason = `it waits forever: only one of its flows can get a token from ${split.title}`;
    return { elementId: join.id, ...(join.name && { elementName: join.name }), reason };
  });
}

type Graph = ReadonlyMap<string, readonly string[]>;

/** The elements that a token can reach from an element: by flows, events and links. */
function graphOf(elements: ReadonlyMap<string, ElementModel>): Graph {
  return new Map(
    [...elements.values()].map((element) => {
      const { behaviour, outgoing, events } = element;
      const inside = activityOf(element).behaviour;
      return [
        element.id,
        [
          ...outgoing.map(({ target }) => target),
          ...events.filter(({ place }) => place !== 'own' && place !== 'gateway').map(({ leadsTo }) => leadsTo),
          ...(behaviour.kind === 'linkThrow' ? [behaviour.targetId] : []),
          ...(inside.kind === 'subProcess' && inside.startElementId !== '' ? [inside.startElementId] : []),
        ],
      ];
    }),
  );
}

function isStarvedBy(graph: Graph, join: ElementModel, split: ElementModel): boolean {
  const without = reachable(graph, roots(graph), split.id);
  if (!without.has(split.id)) return false;
  const reached = split.outgoing.map(({ id, target }) => ({ id, elements: reachable(graph, [target], join.id) }));
  /** For each flow into the join that only the split feeds: the split's flows that lead to it. */
  const feeders = join.incoming.flatMap((flow) => {
    if (flow.source === split.id) return [new Set([flow.id])];
    if (without.has(flow.source)) return [];
    return [new Set(reached.flatMap(({ id, elements }) => (elements.has(flow.source) ? [id] : [])))];
  });
  return feeders.some((one, index) =>
    feeders.slice(index + 1).some((other) => one.size > 0 && other.size > 0 && ![...one].some((id) => other.has(id))),
  );
}

/** Elements without a predecessor: the process, and elements that begin only with an event. */
function roots(graph: Graph): string[] {
  const targets = new Set([...graph.values()].flat());
  return [...graph.keys()].filter((id) => !targets.has(id));
}

/** The elements reachable without passing `barrier`, including the barrier itself. */
function reachable(graph: Graph, from: readonly string[], barrier: string): Set<string> {
  const seen = new Set(from);
  const left = [...seen];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (id === barrier) continue;
    for (const next of graph.get(id) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      left.push(next);
    }
  }
  return seen;
}
