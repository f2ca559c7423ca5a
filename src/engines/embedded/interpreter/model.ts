import type { Decision } from '../decisions/decision.ts';
import type { Expression } from './expression.ts';
import type { TimerDefinition } from './timer-expression.ts';

/** An executable process as a graph for the interpreter. It contains no unsupported elements: the reader refuses those. */
export interface ProcessModel {
  id: string;
  name: string;
  /** The plain start event; undefined if only events can start the process. */
  startElementId: string | undefined;
  startEvents: StartEvent[];
  startFormId: string | undefined;
  /** Embedded forms: form id → JSON. */
  embeddedForms: ReadonlyMap<string, string>;
  /** All elements by id, including those of sub-processes and the process itself. Ids are unique in a file. */
  elements: ReadonlyMap<string, ElementModel>;
  /** Whether any user task has `canceling` listeners. */
  tellsOfCancelling: boolean;
  /** `zeebe:properties` of the process. */
  properties: Readonly<Record<string, string>>;
  /** `zeebe:versionTag`, which call activities can refer to. */
  versionTag: string | undefined;
}

/** An event that starts a process. */
export type StartEvent = { elementId: string } & (
  | { kind: 'message'; name: string }
  | { kind: 'signal'; name: string }
  | { kind: 'timer'; timer: TimerDefinition }
);

export interface FlowModel {
  id: string;
  source: string;
  target: string;
  condition: Expression | undefined;
}

/** `zeebe:input` or `zeebe:output`: sets a variable or an entry inside it. */
export interface Mapping {
  source: Expression;
  target: string[];
}

export interface ElementModel {
  id: string;
  name: string | undefined;
  /** The element's label in reasons: `Service task “Post lead” (post_lead)`. */
  title: string;
  behaviour: Behaviour;
  /** In the order of the diagram's file, in which conditions are evaluated. */
  outgoing: FlowModel[];
  incoming: FlowModel[];
  inputs: Mapping[];
  /** Names of the secrets that a connector's inputs refer to. */
  secrets: string[];
  outputs: Mapping[];
  /** Events that can happen while a token is at the element. */
  events: CatchEvent[];
  /** Listener jobs by event; the element continues after them. */
  listeners: Listeners;
  /** The compensation boundary event and the handler associated with it. */
  compensation?: { eventId: string; handlerId: string };
}

/** The default parts of an element: no flows, events or listeners. */
export const standalone = (): Omit<ElementModel, 'id' | 'name' | 'title' | 'behaviour' | 'listeners'> => ({
  outgoing: [],
  incoming: [],
  inputs: [],
  secrets: [],
  outputs: [],
  events: [],
});

/** `start` and `end` of any element, and the events of user tasks. */
export type ListenerEvent = 'start' | 'end' | TaskEvent;
export type TaskEvent = 'creating' | 'assigning' | 'updating' | 'completing' | 'canceling';

const taskEvents = new Set<string>([
  'creating',
  'assigning',
  'updating',
  'completing',
  'canceling',
] satisfies TaskEvent[]);
export const isTaskEvent = (event: string): event is TaskEvent => taskEvents.has(event);

/** `zeebe:executionListener` or `zeebe:taskListener`: a job. */
export interface ListenerModel {
  type: Expression;
  retries: Expression;
  headers: Record<string, string>;
}

/** Listeners by event, in execution order. */
export type Listeners = { readonly [Event in ListenerEvent]?: ListenerModel[] };

export type Behaviour =
  /** Start events, undefined tasks, events without an effect: the token continues at once. */
  | { kind: 'passThrough' }
  | { kind: 'end' }
  | { kind: 'terminateEnd' }
  | { kind: 'errorEnd'; errorCode: Expression }
  | {
      kind: 'userTask';
      formId: string | undefined;
      assignee: Expression | undefined;
      candidateUsers: Expression | undefined;
      candidateGroups: Expression | undefined;
      dueDate: Expression | undefined;
      followUpDate: Expression | undefined;
      headers: Record<string, string>;
    }
  | { kind: 'job'; type: Expression; retries: Expression; headers: Record<string, string> }
  /** Sets `variable` to the expression's value. */
  | { kind: 'script'; expression: Expression; variable: string }
  /** Sets `variable` to the decision's result. The decision is in a separate file; see link-decisions.ts. */
  | { kind: 'decision'; decisionId: string; variable: string; decision?: Decision }
  /** An intermediate or an end event. */
  | { kind: 'signalThrow'; name: Expression }
  | { kind: 'exclusiveGateway'; defaultFlowId: string | undefined }
  | { kind: 'inclusiveGateway'; defaultFlowId: string | undefined }
  | { kind: 'parallelGateway' }
  /** Waits for the events after the gateway (place `gateway`); the first one takes the token. */
  | { kind: 'eventBasedGateway' }
  /** The token continues at the catch event with the same link name. */
  | { kind: 'linkThrow'; targetId: string }
  | {
      kind: 'callActivity';
      processId: Expression;
      binding: Binding;
      /** Whether the called process gets all visible variables, or only the results of the input mappings. */
      passesAll: boolean;
      /** Whether all variables of the called process are returned if there are no output mappings. */
      returnsAll: boolean;
    }
  /** An intermediate or an end event. */
  | { kind: 'escalationThrow'; code: Expression }
  /** Compensates one activity, or everything completed in the scope. */
  | { kind: 'compensationThrow'; activityId: string | undefined }
  /** An activity that runs once for each item of a list; `inner` is the activity itself, under the same id. */
  | { kind: 'multiInstance'; inner: ElementModel; loop: LoopModel }
  /** A sub-process, or the process itself. */
  | { kind: 'subProcess'; startElementId: string }
  /** Waits for its own event, its only event of place `own`. */
  | { kind: 'catchEvent' };

/** `bpmn:multiInstanceLoopCharacteristics` */
export interface LoopModel {
  isSequential: boolean;
  inputCollection: Expression;
  /** The variable that holds the item of an instance. */
  inputElement: string | undefined;
  output: LoopOutput | undefined;
  /** If true, the remaining instances are cancelled; evaluated after each completed instance. */
  completionCondition: Expression | undefined;
}

export interface LoopOutput {
  /** The variable for the list of results, one `element` per instance. */
  collection: string;
  element: Expression;
  /** The variable of `element`, if that is a plain variable or a path into one; each instance gets its own. */
  elementVariable: string | undefined;
}

/** The element itself, or, for a multi-instance activity, the activity of each instance. */
export function activityOf(element: ElementModel): ElementModel {
  return element.behaviour.kind === 'multiInstance' ? element.behaviour.inner : element;
}

/** The version of a called process: the newest, the one deployed together with the caller, or the newest with a tag. */
export type Binding = { kind: 'latest' } | { kind: 'deployment' } | { kind: 'versionTag'; tag: string };

/** An event that can happen while a token is at an element. */
export interface CatchEvent {
  /** Id of the event in the diagram. */
  elementId: string;
  /**
   * `own`: the event of the element itself. `boundary`: on the border of the activity. `gateway`: after the event-based
   * gateway. `eventSubProcess`: starts an event sub-process of the scope.
   */
  place: 'own' | 'boundary' | 'gateway' | 'eventSubProcess';
  /** The element to enter after the event: the event itself, or its event sub-process. */
  leadsTo: string;
  /** Whether it interrupts the activity or scope it is attached to. */
  interrupting: boolean;
  trigger: Trigger;
}

/** The trigger of an event. */
export type Trigger =
  | { kind: 'timer'; timer: TimerDefinition }
  | { kind: 'message'; name: Expression; correlationKey: Expression }
  | { kind: 'signal'; name: Expression }
  /** Without a code: catches every error. */
  | { kind: 'error'; code: string | undefined }
  /** Without a code: catches every escalation. */
  | { kind: 'escalation'; code: string | undefined };
