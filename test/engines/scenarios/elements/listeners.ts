import * as b from '../../diagram-builder.ts';
import { elementScenarios } from '../element-scenarios.ts';

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
]);
