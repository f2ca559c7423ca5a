import { activityOf, type ElementModel, type ProcessModel } from '../interpreter/model.ts';
import type { DiagramProblem } from './reading.ts';

/** Prefix of the messages that Kickoff publishes about sessions. */
const ownMessages = /^live-chat:/;

/** Names of the signals that processes throw; undefined if a name is known only at run time. */
export function thrownSignals(models: readonly ProcessModel[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const { behaviour } of models.flatMap(({ elements }) => [...elements.values()])) {
    if (behaviour.kind !== 'signalThrow') continue;
    if (behaviour.name.kind === 'feel') return undefined;
    names.add(behaviour.name.text);
  }
  return names;
}

/** Events that wait for a message or signal that nothing sends. */
export function unheardEvents(model: ProcessModel, signals: ReadonlySet<string> | undefined): DiagramProblem[] {
  const awaited = [...model.elements.values()].flatMap((element) =>
    [...new Set([...element.events, ...activityOf(element).events])].flatMap(({ elementId, trigger, place }) => {
      // Reported for the event after the gateway instead.
      if (place === 'gateway' || (trigger.kind !== 'message' && trigger.kind !== 'signal')) return [];
      return trigger.name.kind === 'feel' ? [] : { elementId, kind: trigger.kind, name: trigger.name.text };
    }),
  );
  const starts = model.startEvents.flatMap((event) => (event.kind === 'timer' ? [] : event));
  const isSent = (kind: 'message' | 'signal', name: string) =>
    kind === 'message' ? ownMessages.test(name) : !signals || signals.has(name);
  return [...awaited, ...starts].flatMap(({ elementId, kind, name }) =>
    isSent(kind, name) ? [] : problemOf(model.elements.get(elementId), elementId, kind, name),
  );
}

function problemOf(element: ElementModel | undefined, elementId: string, kind: 'message' | 'signal', name: string) {
  const sender = kind === 'message' ? 'nothing here sends the message' : 'no process throws the signal';
  const elementName = element?.name && { elementName: element.name };
  return { elementId, ...elementName, reason: `${sender} “${name}” that it waits for` };
}
