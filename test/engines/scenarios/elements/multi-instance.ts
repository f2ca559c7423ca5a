import * as b from '../../diagram-builder.ts';
import { elementScenarios } from '../element-scenarios.ts';

const each = { inputCollection: '=items', inputElement: 'item' };
const around = (content: string, ...further: string[]) => [
  b.start(),
  content,
  b.end(),
  b.flow('start -> work -> end'),
  ...further,
];

export const multiInstance = elementScenarios('multi-instance', [
  {
    title: 'in parallel there is one for each item, and each has its own',
    process: around(b.userTask('work', { assignee: '=item', loop: each })),
    steps: [
      { start: { items: ['U1', 'U2'] } },
      {
        expect: {
          tasks: [
            { element: 'work', assignee: 'U1', variables: { items: ['U1', 'U2'], item: 'U1', loopCounter: 1 } },
            { element: 'work', assignee: 'U2', variables: { items: ['U1', 'U2'], item: 'U2', loopCounter: 2 } },
          ],
        },
      },
      { completeTask: 'work', where: { item: 'U2' } },
      { expect: { status: 'active', tasks: [{ element: 'work', assignee: 'U1' }] } },
      { completeTask: 'work' },
      { expect: { status: 'completed', variables: { items: ['U1', 'U2'] } } },
    ],
  },
  {
    title: 'one after the other the next begins when the one before is done',
    process: around(b.userTask('work', { assignee: '=item', loop: { ...each, sequential: true } })),
    steps: [
      { start: { items: ['U1', 'U2'] } },
      { expect: { tasks: [{ element: 'work', assignee: 'U1' }] } },
      { completeTask: 'work' },
      { expect: { tasks: [{ element: 'work', assignee: 'U2' }] } },
      { completeTask: 'work' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'results are collected in the items’ order, whatever the order of completion',
    process: around(b.job('work', { loop: { ...each, outputCollection: 'results', outputElement: '=result' } })),
    steps: [
      { start: { items: [1, 2, 3] } },
      { completeJob: 'work', where: { item: 3 }, with: { result: 'c' } },
      { completeJob: 'work', where: { item: 1 }, with: { result: 'a' } },
      { completeJob: 'work', where: { item: 2 }, with: { result: 'b' } },
      { expect: { status: 'completed', variables: { items: [1, 2, 3], results: ['a', 'b', 'c'] } } },
    ],
  },
  {
    title: 'an empty list is passed, and its results are none',
    process: around(b.userTask('work', { loop: { ...each, outputCollection: 'results', outputElement: '=item' } })),
    steps: [{ start: { items: [] } }, { expect: { status: 'completed', variables: { items: [], results: [] } } }],
  },
  {
    title: 'what is no list is an incident until it is one',
    process: around(b.userTask('work', { loop: each })),
    steps: [
      { start: { items: 'U1' } },
      { expect: { incidents: [{ element: 'work', type: 'EXTRACT_VALUE_ERROR' }], tasks: [] } },
      { set: { items: ['U1'] } },
      { resolve: 'work' },
      { expect: { tasks: ['work'], incidents: [] } },
    ],
  },
  {
    title: 'a completion condition ends the others as soon as it is true',
    process: around(b.userTask('work', { loop: { ...each, completionCondition: '=numberOfCompletedInstances >= 2' } })),
    steps: [
      { start: { items: [1, 2, 3] } },
      { completeTask: 'work', where: { item: 1 } },
      { expect: { status: 'active', tasks: ['work', 'work'] } },
      { completeTask: 'work', where: { item: 3 } },
      { expect: { status: 'completed', tasks: [] } },
    ],
  },
  {
    title: 'a completion condition lets no further one begin',
    process: around(b.userTask('work', { loop: { ...each, sequential: true, completionCondition: '=ok' } })),
    steps: [
      { start: { items: [1, 2, 3], ok: false } },
      { completeTask: 'work', with: { ok: false } },
      { expect: { tasks: [{ element: 'work', variables: { items: [1, 2, 3], ok: false, item: 2, loopCounter: 2 } }] } },
      { completeTask: 'work', with: { ok: true } },
      { expect: { status: 'completed', tasks: [] } },
    ],
  },
  {
    title: 'a timer on the activity ends all of them',
    process: around(
      b.userTask('work', { loop: each }),
      b.boundaryTimer('late', 'work', { duration: 'PT1H' }),
      b.userTask('remind'),
      b.flow('late -> remind'),
    ),
    steps: [
      { start: { items: [1, 2, 3] } },
      { completeTask: 'work', where: { item: 2 } },
      { pass: 'PT1H' },
      { expect: { tasks: ['remind'] } },
    ],
  },
  {
    title: 'an error of one of them ends all of them',
    process: around(
      b.job('work', { loop: each }),
      b.boundaryError('failed', 'work', 'NO'),
      b.userTask('mend'),
      b.flow('failed -> mend'),
    ),
    steps: [
      { start: { items: [1, 2] } },
      { throwError: 'work', where: { item: 2 }, code: 'NO' },
      { expect: { tasks: ['mend'] } },
    ],
  },
  {
    title: 'a job of one of them may stop while the others go on',
    process: around(b.job('work', { loop: each })),
    steps: [
      { start: { items: [1, 2] } },
      { failJob: 'work', where: { item: 1 }, reason: 'no' },
      { completeJob: 'work', where: { item: 2 } },
      { expect: { status: 'incident', incidents: [{ element: 'work', type: 'JOB_NO_RETRIES' }] } },
      { resolve: 'work' },
      { completeJob: 'work' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'a sub-process runs for each item with variables of its own',
    process: around(
      b.sub('work', [b.start('s'), b.userTask('ask'), b.userTask('check'), b.flow('s -> ask -> check')], {
        inputs: { answer: '=null' },
        loop: { ...each, outputCollection: 'answers', outputElement: '=answer' },
      }),
    ),
    steps: [
      { start: { items: ['a', 'b'] } },
      { completeTask: 'ask', where: { item: 'a' }, with: { answer: 'A' } },
      { completeTask: 'ask', where: { item: 'b' }, with: { answer: 'B' } },
      { completeTask: 'check', where: { item: 'b' } },
      { completeTask: 'check', where: { item: 'a' } },
      { expect: { status: 'completed', variables: { items: ['a', 'b'], answers: ['A', 'B'] } } },
    ],
  },
  {
    title: 'the items are those that there were when it began',
    process: around(b.job('work', { loop: { ...each, sequential: true } })),
    steps: [
      { start: { items: [1, 2] } },
      { completeJob: 'work', with: { items: [7] } },
      { expect: { jobs: [{ element: 'work', variables: { items: [7], item: 2, loopCounter: 2 } }] } },
      { completeJob: 'work', with: { items: [7, 8, 9] } },
      { expect: { status: 'completed', variables: { items: [7, 8, 9] } } },
    ],
  },
  {
    title: 'a process is called for each item',
    process: around(
      b.call('work', 'called-for-each', { loop: { ...each, outputCollection: 'answers', outputElement: '=answer' } }),
    ),
    others: { 'called-for-each': [b.start(), b.userTask('ask'), b.flow('start -> ask')] },
    steps: [
      { start: { items: ['a', 'b'], answer: null } },
      { expect: { tasks: ['ask', 'ask'] } },
      { completeTask: 'ask', where: { item: 'b' } },
      { completeTask: 'ask', where: { item: 'a' } },
      { expect: { status: 'completed' } },
    ],
  },
]);
