import type { Behaviour } from '../model.ts';
import { enterErrorEnd, enterTerminateEnd } from './end-event.ts';
import type { Enter, Entry } from './entry.ts';
import { enterExclusiveGateway } from './exclusive-gateway.ts';
import { enterJob } from './job.ts';
import { enterSubProcess } from './sub-process.ts';
import { enterUserTask } from './user-task.ts';

const passThrough = ({ run, key, variables }: Pick<Entry<'passThrough'>, 'run' | 'key' | 'variables'>) => {
  run.steps.push({ kind: 'leave', token: key, ...(variables && { variables }) });
};

/** What each kind of element does when a token has come to it. */
const behaviours: { [Kind in Behaviour['kind']]: Enter<Kind> } = {
  passThrough,
  end: passThrough,
  terminateEnd: enterTerminateEnd,
  errorEnd: enterErrorEnd,
  userTask: enterUserTask,
  job: enterJob,
  exclusiveGateway: enterExclusiveGateway,
  // Its tokens have been joined before.
  parallelGateway: passThrough,
  subProcess: enterSubProcess,
  // Its event does the rest.
  catchEvent: () => {},
};

/** @throws FeelEvaluationError */
export function enterBehaviour<Kind extends Behaviour['kind']>(entry: Entry<Kind>): void {
  behaviours[entry.behaviour.kind as Kind](entry);
}
