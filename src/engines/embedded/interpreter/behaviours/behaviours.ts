import type { Behaviour } from '../model.ts';
import { beginLoop } from '../multi-instance.ts';
import { enterCallActivity } from './call-activity.ts';
import { enterDecision } from './decision.ts';
import { enterErrorEnd } from './end-event.ts';
import type { Enter, Entry } from './entry.ts';
import { enterExclusiveGateway } from './exclusive-gateway.ts';
import { enterInclusiveGateway } from './inclusive-gateway.ts';
import { enterJob } from './job.ts';
import { enterScript } from './script.ts';
import { enterSignalThrow } from './signal-throw.ts';
import { enterSubProcess } from './sub-process.ts';
import { enterCompensationThrow, enterEscalationThrow } from './throw-event.ts';
import { enterUserTask } from './user-task.ts';

const passThrough = ({ run, key, variables }: Pick<Entry<'passThrough'>, 'run' | 'key' | 'variables'>) => {
  run.steps.push({ kind: 'leave', token: key, ...(variables && { variables }) });
};

/** How each kind of element behaves when a token enters it. */
const behaviours: { [Kind in Behaviour['kind']]: Enter<Kind> } = {
  passThrough,
  end: passThrough,
  // When the token leaves, everything else in the scope ends.
  terminateEnd: passThrough,
  errorEnd: enterErrorEnd,
  userTask: enterUserTask,
  job: enterJob,
  exclusiveGateway: enterExclusiveGateway,
  inclusiveGateway: enterInclusiveGateway,
  // Its tokens were joined when they arrived.
  parallelGateway: passThrough,
  script: enterScript,
  decision: enterDecision,
  callActivity: enterCallActivity,
  linkThrow: passThrough,
  escalationThrow: enterEscalationThrow,
  compensationThrow: enterCompensationThrow,
  multiInstance: ({ run, key, behaviour }) => beginLoop(run, key, behaviour.loop),
  signalThrow: enterSignalThrow,
  subProcess: enterSubProcess,
  // They wait for their events.
  catchEvent: () => {},
  eventBasedGateway: () => {},
};

/** @throws FeelEvaluationError */
export function enterBehaviour<Kind extends Behaviour['kind']>(entry: Entry<Kind>): void {
  behaviours[entry.behaviour.kind as Kind](entry);
}
