import { activityOf, type ProcessModel } from '../interpreter/model.ts';
import type { DiagramProblem } from './reading.ts';

/** Prefix of the messages that Kickoff publishes about sessions. */
const ownMessages = /^live-chat:/;

/** An event that waits for a message or signal with a fixed name. */
export interface AwaitedEvent extends Pick<DiagramProblem, 'elementId' | 'elementName'> {
  kind: 'message' | 'signal';
  name: string;
}

/** Names of the signals that a process throws; undefined for a name that is known only at run time. */
export const signalNames = ({ elements }: ProcessModel): (string | undefined)[] =>
  [...elements.values()].flatMap(({ behaviour }) => {
    if (behaviour.kind !== 'signalThrow') return [];
    return [behaviour.name.kind === 'feel' ? undefined : behaviour.name.text];
  });

/** The events of a process that wait for a message or signal with a fixed name. */
export function awaitedEvents(model: ProcessModel): AwaitedEvent[] {
  const awaited = [...model.elements.values()].flatMap((element) =>
    [...new Set([...element.events, ...activityOf(element).events])].flatMap(({ elementId, trigger, place }) => {
      // Reported for the event after the gateway instead.
      if (place === 'gateway' || (trigger.kind !== 'message' && trigger.kind !== 'signal')) return [];
      return trigger.name.kind === 'feel' ? [] : { elementId, kind: trigger.kind, name: trigger.name.text };
    }),
  );
  const starts = model.startEvents.flatMap((event) => (event.kind === 'timer' ? [] : event));
  return [...awaited, ...starts].map(({ elementId, kind, name }) => {
    const elementName = model.elements.get(elementId)?.name;
    return { elementId, ...(elementName && { elementName }), kind, name };
  });
}

/**
 * Events that wait for a message or signal that nothing sends.
 *
 * @param signals names of the signals that processes throw; with undefined among them, any signal may be thrown
 */
export function unheardEvents(awaited: readonly AwaitedEvent[], signals: ReadonlySet<string | undefined>) {
  const isSent = ({ kind, name }: AwaitedEvent) =>
    kind === 'message' ? ownMessages.test(name) : signals.has(undefined) || signals.has(name);
  return awaited.filter((event) => !isSent(event)).map(problemOf);
}

function problemOf({ kind, name, ...place }: AwaitedEvent): DiagramProblem {
  const sender = kind === 'message' ? 'nothing here sends the message' : 'no process throws the signal';
  return { ...place, reason: `${sender} “${name}” that it waits for` };
}
