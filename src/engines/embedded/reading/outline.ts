import { reasonOf } from '../../../errors.ts';
import { parseJson } from '../../../json.ts';
import { restConnectorType } from '../../job-types.ts';
import type { NamedPeople } from '../../process-library.ts';
import { activityOf, type Mapping, type ProcessModel } from '../interpreter/model.ts';
import { assertConnectorExpressions } from '../job-handlers/connector-expressions.ts';
import { inputMistake } from '../job-handlers/http-json-input.ts';
import { hangingJoins } from './hanging-joins.ts';
import { namedPeople } from './named-people.ts';
import type { DiagramProblem } from './reading.ts';
import { type AwaitedEvent, awaitedEvents, signalNames } from './unheard-events.ts';

type Place = Pick<DiagramProblem, 'elementId' | 'elementName'>;

/** A mistake, or something that is one unless the other files or Kickoff's configuration have what it names. */
export type Check =
  | { kind: 'mistake'; mistake: DiagramProblem }
  | { kind: 'form'; place: Place; formId: string }
  | { kind: 'decision'; place: Place; decisionId: string }
  | { kind: 'job'; place: Place; type: string; isListener: boolean };

/** All that loading files has to know about the elements of a process, so that it need not look at the elements. */
export interface ProcessOutline {
  /** In the order in which mistakes are reported. */
  checks: Check[];
  hangingJoins: DiagramProblem[];
  awaited: AwaitedEvent[];
  /** Names of the signals that it throws; undefined for one that is known only at run time. */
  thrown: (string | undefined)[];
  /** The secrets that its connectors use. */
  secrets: { place: Place; secret: string }[];
  people: Omit<NamedPeople, 'file'>[];
}

/** @param xml the text of the process's file */
export function outlineOf(model: ProcessModel, xml: string): ProcessOutline {
  const activities = [...model.elements.values()].map(activityOf);
  return {
    checks: checksOf(model),
    hangingJoins: hangingJoins(model),
    awaited: awaitedEvents(model),
    thrown: signalNames(model),
    secrets: activities.flatMap(({ id, name, secrets }) =>
      [...new Set(secrets)].map((secret) => ({ place: placeOf(id, name), secret })),
    ),
    people: namedPeople(model, xml),
  };
}

/** Ids of the forms that the process uses, that of the start event first. */
export const formIdsOf = ({ checks }: ProcessOutline): string[] =>
  checks.flatMap((check) => (check.kind === 'form' ? check.formId : []));

/** Ids of the decisions that the process evaluates. */
export function decisionIdsOf({ checks }: ProcessOutline): string[] {
  const ids = checks.flatMap((check) => (check.kind === 'decision' ? check.decisionId : []));
  return [...new Set(ids)].sort();
}

const placeOf = (elementId: string, elementName: string | undefined): Place => ({
  elementId,
  ...(elementName && { elementName }),
});

function checksOf(model: ProcessModel): Check[] {
  const checks: Check[] = [];
  const addMistake = (place: Place, reason: string) => checks.push({ kind: 'mistake', mistake: { ...place, reason } });
  if (model.properties.app && !model.properties.workspace) {
    addMistake({ elementId: model.id, elementName: model.name }, 'it has the property app, but no workspace');
  }
  if (model.startFormId !== undefined) {
    const place = placeOf(model.startElementId ?? model.id, undefined);
    checks.push({ kind: 'form', place, formId: model.startFormId });
  }
  for (const { id, name, behaviour, inputs, listeners } of [...model.elements.values()].map(activityOf)) {
    const place = placeOf(id, name);
    if (behaviour.kind === 'userTask' && behaviour.formId !== undefined) {
      checks.push({ kind: 'form', place, formId: behaviour.formId });
    }
    if (behaviour.kind === 'decision') checks.push({ kind: 'decision', place, decisionId: behaviour.decisionId });
    const listenerTypes = Object.values(listeners).flatMap((some) => some.map(({ type }) => type));
    for (const type of [...(behaviour.kind === 'job' ? [behaviour.type] : []), ...listenerTypes]) {
      if (type.kind !== 'static') continue;
      checks.push({ kind: 'job', place, type: type.text, isListener: listenerTypes.includes(type) });
    }
    if (behaviour.kind !== 'job') continue;
    const { type, headers } = behaviour;
    const reason = connectorMistake(headers);
    if (reason !== undefined) addMistake(place, reason);
    if (type.text === restConnectorType) for (const mistake of inputMistakes(inputs)) addMistake(place, mistake);
  }
  return checks;
}

/** Mistakes in the REST connector's static inputs; computed ones are checked at run time. */
function inputMistakes(inputs: readonly Mapping[]): string[] {
  return inputs.flatMap(({ source, target }) => {
    const [name, ...path] = target;
    if (name === undefined || path.length > 0) return [];
    if (source.kind === 'feel' && !/^=\s*(true|false|\d+)\s*$/.test(source.text)) return [];
    const value = source.kind === 'static' ? source.text : parseJson(source.text.slice(1));
    return inputMistake(name, value) ?? [];
  });
}

/** The mistake in the expressions of a connector's task headers, if there is one. */
function connectorMistake(headers: Record<string, string>): string | undefined {
  try {
    assertConnectorExpressions(headers);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
