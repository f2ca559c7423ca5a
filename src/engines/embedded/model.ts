import type { Expression } from './expression.ts';
import type { TimerDefinition } from './timer-expression.ts';

/** An executable process as a graph that the interpreter walks. Nothing in it is unsupported: reading it refused that. */
export interface ProcessModel {
  id: string;
  name: string;
  /** The element that a start begins with. */
  startElementId: string;
  startFormId: string | undefined;
  /** Every element by id, those of sub-processes too. Ids are unique in a file. */
  elements: ReadonlyMap<string, ElementModel>;
  /** `zeebe:properties` of the process. */
  properties: Readonly<Record<string, string>>;
}

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
  /** How a reason calls it: `Service task “Post lead” (post_lead)`. */
  title: string;
  behaviour: Behaviour;
  /** In the order of the diagram's file, which is the order in which conditions are tried. */
  outgoing: FlowModel[];
  incoming: FlowModel[];
  inputs: Mapping[];
  /** Names of the secrets that the inputs of a connector ask for. */
  secrets: string[];
  outputs: Mapping[];
  /** The boundary events on an activity. */
  boundaries: BoundaryEvent[];
}

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
    }
  | { kind: 'job'; type: string; retries: Expression; headers: Record<string, string> }
  | { kind: 'exclusiveGateway'; defaultFlowId: string | undefined }
  | { kind: 'parallelGateway' }
  | { kind: 'subProcess'; startElementId: string }
  | { kind: 'timer'; timer: TimerDefinition };

/** A boundary event is an element too, under the same id: a `passThrough`, entered when it catches. */
export type BoundaryEvent =
  | { kind: 'timer'; elementId: string; interrupting: boolean; timer: TimerDefinition }
  /** Without a code it catches every error. */
  | { kind: 'error'; elementId: string; errorCode: string | undefined };
