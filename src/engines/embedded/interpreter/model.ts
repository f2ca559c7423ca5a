import type { Decision } from '../decisions/decision.ts';
import type { Expression } from './expression.ts';
import type { TimerDefinition } from './timer-expression.ts';

/** An executable process as a graph that the interpreter walks. Nothing in it is unsupported: reading it refused that. */
export interface ProcessModel {
  id: string;
  name: string;
  /** The element that a start begins with; undefined if only its start events can start it. */
  startElementId: string | undefined;
  startEvents: StartEvent[];
  startFormId: string | undefined;
  /** Form id → JSON, of the forms that the diagram has in itself. */
  embeddedForms: ReadonlyMap<string, string>;
  /** Every element by id, those of sub-processes and the process itself too. Ids are unique in a file. */
  elements: ReadonlyMap<string, ElementModel>;
  /** Whether any of its user tasks has listeners of its cancellation. */
  tellsOfCancelling: boolean;
  /** `zeebe:properties` of the process. */
  properties: Readonly<Record<string, string>>;
  /** `zeebe:versionTag`, by which a call activity may ask for this version. */
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

/** `zeebe:input` or `zeebe:output`: the value goes to a variable or to an entry below it. */
export interface Mapping {
  source: Expression;
  target: string[];
}

export interface ElementModel {
  id: string;
  name: string | undefined;
  /** The name of the element in a reason: `Service task “Post lead” (post_lead)`. */
  title: string;
  behaviour: Behaviour;
  /** In the order of the diagram's file, which is the order in which conditions are tried. */
  outgoing: FlowModel[];
  incoming: FlowModel[];
  inputs: Mapping[];
  /** Names of the secrets that the inputs of a connector ask for. */
  secrets: string[];
  outputs: Mapping[];
  /** Events that can happen while a token is at the element. */
  events: CatchEvent[];
  /** Jobs that are to be done at events of its life, before it goes on. */
  listeners: Listeners;
  /** The compensation boundary event and the handler associated with it. */
  compensation?: { eventId: string; handlerId: string };
}

/** An element that nothing leads to or away from, and that does nothing but its work. */
export const standalone = (): Omit<ElementModel, 'id' | 'name' | 'title' | 'behaviour' | 'listeners'> => ({
  outgoing: [],
  incoming: [],
  inputs: [],
  secrets: [],
  outputs: [],
  events: [],
});

/** `start` and `end` of any element, the others of user tasks. */
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

/** In the order in which they are told. */
export type Listeners = { readonly [Event in ListenerEvent]?: ListenerModel[] };

export type Behaviour =
  /** Start events, tasks nobody does, events that only mark a place: the token goes on at once. */
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
  /** `variable` gets the expression's value. */
  | { kind: 'script'; expression: Expression; variable: string }
  /** `variable` gets the decision's result. The decision is in a file of its own; see link-decisions.ts. */
  | { kind: 'decision'; decisionId: string; variable: string; decision?: Decision }
  /** An intermediate or an end event. */
  | { kind: 'signalThrow'; name: Expression }
  | { kind: 'exclusiveGateway'; defaultFlowId: string | undefined }
  | { kind: 'inclusiveGateway'; defaultFlowId: string | undefined }
  | { kind: 'parallelGateway' }
  /** Waits for the events that follow it, those of place `gateway`; the first one takes the token. */
  | { kind: 'eventBasedGateway' }
  /** The token goes on at the catch event of the same name. */
  | { kind: 'linkThrow'; targetId: string }
  | {
      kind: 'callActivity';
      processId: Expression;
      binding: Binding;
      /** Whether the called process gets all that can be seen from here, or just what the input mappings made. */
      passesAll: boolean;
      /** Whether what the called process leaves comes back without output mappings. */
      returnsAll: boolean;
    }
  /** An intermediate or an end event. */
  | { kind: 'escalationThrow'; code: Expression }
  /** Compensates one activity, or everything completed in the scope. */
  | { kind: 'compensationThrow'; activityId: string | undefined }
  /** An activity that is done once for each item of a list; `inner` is what it does, under the same id. */
  | { kind: 'multiInstance'; inner: ElementModel; loop: LoopModel }
  /** The process itself, too. */
  | { kind: 'subProcess'; startElementId: string }
  /** Waits for its own event, the only one of place `own`. */
  | { kind: 'catchEvent' };

/** `bpmn:multiInstanceLoopCharacteristics` */
export interface LoopModel {
  isSequential: boolean;
  inputCollection: Expression;
  /** The variable that has an instance's item. */
  inputElement: string | undefined;
  output: LoopOutput | undefined;
  /** Whether the others need not be done any more; asked whenever one is. */
  completionCondition: Expression | undefined;
}

export interface LoopOutput {
  /** The variable that gets a list of what each instance's `element` is. */
  collection: string;
  element: Expression;
  /** The variable that `element` names, if it does no more than that; each instance has one of its own. */
  elementVariable: string | undefined;
}

/** The behaviour at an element; for a multi-instance activity, that of each instance. */
export function activityOf(element: ElementModel): ElementModel {
  return element.behaviour.kind === 'multiInstance' ? element.behaviour.inner : element;
}

/** The version of a called process: the newest, the one deployed together with the caller, or the newest with a tag. */
export type Binding = { kind: 'latest' } | { kind: 'deployment' } | { kind: 'versionTag'; tag: string };

/** An event that is waited for while a token is at an element. */
export interface CatchEvent {
  /** The event in the diagram. */
  elementId: string;
  /**
   * `own`: of the element that the token is at. `boundary`: on the border of the activity. `gateway`: it follows the
   * event-based gateway. `eventSubProcess`: it starts an event sub-process of the scope.
   */
  place: 'own' | 'boundary' | 'gateway' | 'eventSubProcess';
  /** The element that is entered once it has happened: the event itself, or its event sub-process. */
  leadsTo: string;
  /** Whether it ends what it happens to. */
  interrupting: boolean;
  trigger: Trigger;
}

/** The cause of an event. */
export type Trigger =
  | { kind: 'timer'; timer: TimerDefinition }
  | { kind: 'message'; name: Expression; correlationKey: Expression }
  | { kind: 'signal'; name: Expression }
  /** Without a code: catches every error. */
  | { kind: 'error'; code: string | undefined }
  /** Without a code: catches every escalation. */
  | { kind: 'escalation'; code: string | undefined };
