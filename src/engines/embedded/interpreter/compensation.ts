import { type Done, type Token, tokenAt } from './instance-state.ts';
import { activityOf } from './model.ts';
import { elementOf, type Run } from './run.ts';

/** Records a completed activity in its scope if it, or something completed inside it, can be compensated. */
export function rememberDone(run: Run, { element, scope, loop, done, compensates }: Token): void {
  const around = scope === undefined ? undefined : tokenAt(run.state, scope);
  const { compensation } = elementOf(run, element);
  const hasHandler = compensation !== undefined && loop === undefined;
  // A handler's work is not compensated, nor is the work of an event sub-process after its end.
  if (!around || compensates !== undefined || (!hasHandler && !done) || isEventSubProcess(run, element, around)) return;
  const remembered: Done = { element, ...(loop !== undefined && { loop: true }), ...(done && { inside: done }) };
  around.done = [...(around.done ?? []), remembered];
}

/**
 * Starts the handlers of everything completed in a scope, or of one activity there, all at once and in the scope of the
 * throwing event. From inside an event sub-process, also of what was completed around it. Nothing is compensated twice.
 */
export function compensate(run: Run, key: number, scope: number, activityId: string | undefined): void {
  const thrower = tokenAt(run.state, key);
  if (!thrower) return;
  const handled = scopesOf(run, scope).flatMap((token) => takeDone(token, activityId));
  const wanted = handled.flatMap((done) => handlersOf(run, done));
  thrower.handlers = wanted.length;
  for (const { eventId, handlerId } of wanted) {
    run.steps.push({ kind: 'enter', elementId: eventId, scope, happened: true });
    run.steps.push({ kind: 'enter', elementId: handlerId, scope, compensates: key });
  }
  if (wanted.length === 0) run.steps.push({ kind: 'leave', token: key });
}

/** Completes a handler; the event continues after the last one. */
export function completeHandler(run: Run, { compensates }: Token): void {
  const thrower = compensates === undefined ? undefined : tokenAt(run.state, compensates);
  if (!thrower || compensates === undefined) return;
  thrower.handlers = (thrower.handlers ?? 1) - 1;
  if (thrower.handlers === 0) run.steps.push({ kind: 'leave', token: compensates });
}

function scopesOf(run: Run, scope: number): Token[] {
  const token = tokenAt(run.state, scope);
  const around = token?.scope === undefined ? undefined : tokenAt(run.state, token.scope);
  if (!token) return [];
  return around && isEventSubProcess(run, token.element, around) ? [token, around] : [token];
}

function takeDone(scope: Token, activityId: string | undefined): Done[] {
  const isWanted = ({ element }: Done) => activityId === undefined || element === activityId;
  const taken = scope.done?.filter(isWanted) ?? [];
  const left = scope.done?.filter((done) => !isWanted(done)) ?? [];
  if (left.length > 0) scope.done = left;
  else delete scope.done;
  return taken;
}

/** Handlers, outermost first. */
function handlersOf(run: Run, { element, loop, inside = [] }: Done): { eventId: string; handlerId: string }[] {
  const { compensation } = elementOf(run, element);
  return [...(compensation && !loop ? [compensation] : []), ...inside.flatMap((done) => handlersOf(run, done))];
}

function isEventSubProcess(run: Run, element: string, around: Token): boolean {
  const { events } = activityOf(elementOf(run, around.element));
  return events.some(({ place, leadsTo }) => place === 'eventSubProcess' && leadsTo === element);
}
