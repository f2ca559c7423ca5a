import * as b from '../../diagram-builder.ts';
import { elementScenarios } from '../element-scenarios.ts';

const told = (id: string, type: string) =>
  b.userTask(id, { extensions: b.taskListeners({ event: 'canceling', type }) });

export const listeners = elementScenarios('listeners', [
  {
    title: 'execution listeners are jobs before and after an element’s own',
    process: [
      b.start(),
      b.job('x', {
        type: 'listened',
        inputs: { given: '=a' },
        outputs: { taken: '=given' },
        extensions: b.executionListeners({ event: 'start', type: 'begin' }, { event: 'end', type: 'finish' }),
      }),
      b.userTask('after'),
      b.flow('start -> x -> after'),
    ],
    steps: [
      { start: { a: 1 } },
      { expect: { jobs: [{ element: 'x', type: 'begin', variables: { a: 1, given: 1 } }] } },
      { completeJob: 'x', with: { given: 2 } },
      { expect: { jobs: [{ element: 'x', type: 'listened', variables: { a: 1, given: 2 } }] } },
      { completeJob: 'x' },
      { expect: { jobs: [{ element: 'x', type: 'finish' }], variables: { a: 1, taken: 2 } } },
      { completeJob: 'x', with: { noted: true } },
      { expect: { tasks: ['after'], variables: { a: 1, taken: 2, noted: true }, completed: ['start', 'x'] } },
    ],
  },
  {
    title: 'a user task is there once its listeners know of it',
    process: [
      b.start(),
      b.userTask('x', { extensions: b.taskListeners({ event: 'creating', type: 'made' }) }),
      b.end(),
      b.flow('start -> x -> end'),
    ],
    steps: [
      { start: {} },
      { expect: { jobs: [{ element: 'x', type: 'made' }], tasks: [] } },
      { completeJob: 'x' },
      { expect: { tasks: ['x'] } },
      { completeTask: 'x' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'what interrupts a user task goes on once the listeners of its cancellation are done',
    process: [
      b.start(),
      b.sub('sub', [b.start('s'), told('x', 'sub-gone'), b.flow('s -> x')]),
      b.boundaryTimer('late', 'sub', { duration: 'PT1H' }),
      b.userTask('after'),
      b.flow('start -> sub'),
      b.flow('late -> after'),
    ],
    steps: [
      { start: { a: 1 } },
      { expect: { tasks: ['x'] } },
      { pass: 'PT1H' },
      { expect: { jobs: [{ element: 'x', type: 'sub-gone', variables: { a: 1 } }], tasks: [] } },
      { failJob: 'x', reason: 'no paper' },
      { expect: { incidents: [{ element: 'x', type: 'TASK_LISTENER_NO_RETRIES', about: 'no paper' }] } },
      { resolve: 'x' },
      { completeJob: 'x' },
      { expect: { tasks: ['after'], terminated: ['x', 'sub'] } },
    ],
  },
  {
    title: 'an event sub-process that interrupts begins after the listeners of a cancellation',
    process: [
      b.start(),
      told('x', 'event-gone'),
      b.flow('start -> x'),
      b.eventSub('stop', [
        b.eventStart('due', b.timerDefinition({ duration: 'PT1H' })),
        b.userTask('mend'),
        b.flow('due -> mend'),
      ]),
    ],
    steps: [
      { start: {} },
      { pass: 'PT1H' },
      { expect: { jobs: [{ element: 'x', type: 'event-gone' }], tasks: [] } },
      { completeJob: 'x' },
      { expect: { tasks: ['mend'], terminated: ['x'] } },
    ],
  },
  {
    title: 'a cancelled instance is over once the listeners of its cancelled tasks are done',
    process: [b.start(), told('x', 'all-gone'), told('y', 'all-gone'), b.flow('start -> x'), b.flow('start -> y')],
    steps: [
      { start: {} },
      { cancel: 'instance' },
      { expect: { status: 'active', jobs: ['x', 'y'], tasks: [] } },
      { completeJob: 'x' },
      { expect: { status: 'active' } },
      { completeJob: 'y' },
      { expect: { status: 'terminated', terminated: ['x', 'y'] } },
    ],
  },
  {
    title: 'what interrupts a call activity goes on once the listeners in the called process are done',
    process: [
      b.start(),
      b.call('call', 'called-told'),
      b.boundaryTimer('late', 'call', { duration: 'PT1H' }),
      b.userTask('after'),
      b.flow('start -> call'),
      b.flow('late -> after'),
    ],
    others: { 'called-told': [b.start(), told('x', 'call-gone'), b.flow('start -> x')] },
    steps: [
      { start: {} },
      { expect: { tasks: ['x'] } },
      { pass: 'PT1H' },
      { expect: { jobs: [{ element: 'x', type: 'call-gone' }], tasks: [] } },
      { completeJob: 'x' },
      { expect: { tasks: ['after'] } },
    ],
  },
  {
    title: 'a cancelled instance is over once the listeners in what it called are done',
    process: [b.start(), b.call('call', 'called-told-too'), b.flow('start -> call')],
    others: { 'called-told-too': [b.start(), told('x', 'called-gone'), b.flow('start -> x')] },
    steps: [
      { start: {} },
      { expect: { tasks: ['x'] } },
      { cancel: 'instance' },
      { expect: { status: 'active', jobs: ['x'], tasks: [] } },
      { completeJob: 'x' },
      { expect: { status: 'terminated' } },
    ],
  },
]);
