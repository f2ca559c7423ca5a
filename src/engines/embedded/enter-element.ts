import { FeelEvaluationError } from '../../feel/feel.ts';
import { addEffect } from './effects.ts';
import { evaluateBoolean, evaluateCount, evaluateText, evaluateTexts, type Surroundings } from './expression.ts';
import { tokenAt } from './instance-state.ts';
import type { Behaviour, ElementModel, FlowModel } from './model.ts';
import { addToken, attempt, elementOf, type Run, type Step, terminateInside } from './run.ts';
import { throwError } from './throw-error.ts';
import { dueAt } from './timer-expression.ts';
import { applyInputs, visibleVariables } from './variables.ts';

/** A token comes to an element: it passes, or it waits there for a task, a job, a timer or the scope inside. */
export function enterElement(run: Run, step: Extract<Step, { kind: 'enter' }>): void {
  // The scope may have ended while the token was on its way.
  if (!tokenAt(run.state, step.scope)) return;
  const element = elementOf(run, step.elementId);
  if (element.behaviour.kind === 'parallelGateway' && !joins(run, element, step)) return;
  const key = addToken(run, { element: element.id, scope: step.scope });
  attempt(run, key, element, { type: 'IO_MAPPING_ERROR', at: 'enter' }, () =>
    applyInputs(run.state, key, element.inputs, run.now),
  );
  if (tokenAt(run.state, key)?.incident) return;
  const type = element.behaviour.kind === 'exclusiveGateway' ? 'CONDITION_ERROR' : 'EXTRACT_VALUE_ERROR';
  attempt(run, key, element, { type, at: 'enter' }, () => {
    const surroundings = { variables: visibleVariables(run.state, key), now: run.now };
    // All that may fail is evaluated before anything is opened.
    const timers = boundaryTimers(element, surroundings);
    act(run, key, element, surroundings, step);
    for (const timer of timers) addEffect(run.effects, { kind: 'openTimer', token: key, ...timer });
  });
}

/** A parallel gateway lets one token on for one of each incoming flow. */
function joins(run: Run, gateway: ElementModel, { scope, flowId }: Extract<Step, { kind: 'enter' }>): boolean {
  const token = tokenAt(run.state, scope);
  if (gateway.incoming.length < 2 || !token || flowId === undefined) return true;
  const waiting = token.arrived?.[gateway.id] ?? {};
  const counts: Record<string, number> = { ...waiting, [flowId]: (waiting[flowId] ?? 0) + 1 };
  const complete = gateway.incoming.every(({ id }) => (counts[id] ?? 0) > 0);
  const left = complete
    ? Object.fromEntries(Object.entries(counts).flatMap(([id, count]) => (count > 1 ? [[id, count - 1]] : [])))
    : counts;
  const arrived = { ...token.arrived, [gateway.id]: left };
  if (Object.keys(left).length === 0) delete arrived[gateway.id];
  if (Object.keys(arrived).length > 0) token.arrived = arrived;
  else delete token.arrived;
  return complete;
}

function boundaryTimers(element: ElementModel, surroundings: Surroundings): { elementId: string; dueAt: Date }[] {
  return element.boundaries.flatMap((boundary) =>
    boundary.kind === 'timer' ? [{ elementId: boundary.elementId, dueAt: dueAt(boundary.timer, surroundings) }] : [],
  );
}

function act(
  run: Run,
  key: number,
  element: ElementModel,
  surroundings: Surroundings,
  { scope, variables }: Extract<Step, { kind: 'enter' }>,
): void {
  const { behaviour } = element;
  switch (behaviour.kind) {
    case 'passThrough':
    case 'end':
    case 'parallelGateway':
      run.steps.push({ kind: 'leave', token: key, ...(variables && { variables }) });
      return;
    case 'exclusiveGateway': {
      const flow = chooseFlow(element, behaviour, surroundings);
      delete run.state.tokens[key];
      run.steps.push(
        flow
          ? { kind: 'enter', elementId: flow.target, scope, flowId: flow.id }
          : // A gateway that leads nowhere ends its token.
            { kind: 'settle', scope },
      );
      return;
    }
    case 'userTask': {
      const { assignee, candidateUsers, candidateGroups } = behaviour;
      addEffect(run.effects, {
        kind: 'openTask',
        token: key,
        elementId: element.id,
        assignee: (assignee && evaluateText(assignee, surroundings)) || undefined,
        candidateUsers: candidateUsers ? evaluateTexts(candidateUsers, surroundings) : [],
        candidateGroups: candidateGroups ? evaluateTexts(candidateGroups, surroundings) : [],
      });
      return;
    }
    case 'job': {
      const retries = evaluateCount(behaviour.retries, surroundings);
      addEffect(run.effects, { kind: 'openJob', token: key, elementId: element.id, type: behaviour.type, retries });
      return;
    }
    case 'timer':
      addEffect(run.effects, {
        kind: 'openTimer',
        token: key,
        elementId: element.id,
        dueAt: dueAt(behaviour.timer, surroundings),
      });
      return;
    case 'subProcess':
      run.steps.push({ kind: 'enter', elementId: behaviour.startElementId, scope: key });
      return;
    case 'terminateEnd':
      terminateInside(run, scope);
      run.steps.push({ kind: 'settle', scope });
      return;
    case 'errorEnd':
      throwError(run, key, evaluateText(behaviour.errorCode, surroundings), '', {});
      return;
  }
}

function chooseFlow(
  { outgoing }: ElementModel,
  { defaultFlowId }: Extract<Behaviour, { kind: 'exclusiveGateway' }>,
  surroundings: Surroundings,
): FlowModel | undefined {
  if (outgoing.length === 0) return undefined;
  for (const flow of outgoing) {
    if (flow.id === defaultFlowId) continue;
    if (!flow.condition || evaluateBoolean(flow.condition, surroundings)) return flow;
  }
  const otherwise = outgoing.find(({ id }) => id === defaultFlowId);
  if (!otherwise) throw new FeelEvaluationError('no condition is true, and there is no default flow');
  return otherwise;
}
