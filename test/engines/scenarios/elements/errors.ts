import * as b from '../../diagram-builder.ts';
import { elementScenarios } from '../element-scenarios.ts';

const caughtJob = [
  b.start(),
  b.job('work'),
  b.boundaryError('taken', 'work', 'TAKEN'),
  b.boundaryError('any', 'work'),
  b.end('done'),
  b.end('known'),
  b.end('unknown'),
  b.flow('start -> work -> done'),
  b.flow('taken -> known'),
  b.flow('any -> unknown'),
];

export const errors = elementScenarios('errors', [
  {
    title: 'an error of a job goes to the event of its code',
    process: caughtJob,
    steps: [
      { start: {} },
      { throwError: 'work', code: 'TAKEN' },
      { expect: { status: 'completed', completed: ['start', 'taken', 'known'], terminated: ['work'] } },
    ],
  },
  {
    title: 'an error of another code goes to the event without one',
    process: caughtJob,
    steps: [
      { start: {} },
      { throwError: 'work', code: 'OTHER' },
      { expect: { status: 'completed', completed: ['start', 'any', 'unknown'], terminated: ['work'] } },
    ],
  },
  {
    title: 'an error’s variables go no further than its boundary event, as long as no output mapping takes them',
    process: caughtJob,
    steps: [
      { start: { a: 1 } },
      { throwError: 'work', code: 'TAKEN', with: { by: 'Ann' } },
      { expect: { status: 'completed', variables: { a: 1 } } },
    ],
  },
  {
    title: 'output mappings of the event say which of an error’s variables are kept',
    process: [
      b.start(),
      b.job('work'),
      b.boundaryError('taken', 'work', 'TAKEN', { outputs: { owner: '=by.name' } }),
      b.end('known'),
      b.flow('start -> work'),
      b.flow('taken -> known'),
    ],
    steps: [
      { start: {} },
      { throwError: 'work', code: 'TAKEN', with: { by: { name: 'Ann' }, other: 1 } },
      { expect: { status: 'completed', variables: { owner: 'Ann' } } },
    ],
  },
  {
    title: 'an error that nobody catches is an incident, and the job can be tried again',
    process: [
      b.start(),
      b.job('work'),
      b.boundaryError('taken', 'work', 'TAKEN'),
      b.end('done'),
      b.end('known'),
      b.flow('start -> work -> done'),
      b.flow('taken -> known'),
    ],
    steps: [
      { start: {} },
      { throwError: 'work', code: 'OTHER', message: 'who knows' },
      {
        expect: { status: 'incident', incidents: [{ element: 'work', type: 'UNHANDLED_ERROR_EVENT', about: 'OTHER' }] },
      },
      { resolve: 'work', retries: 1 },
      { completeJob: 'work' },
      { expect: { status: 'completed', completed: ['start', 'work', 'done'] } },
    ],
  },
  {
    title: 'an error end goes to the sub-process around it, whose other branches end',
    process: [
      b.start(),
      b.sub('inner', [
        b.start('s'),
        b.and('fork'),
        b.userTask('ask'),
        b.userTask('beside'),
        b.errorEnd('fail', 'NO'),
        b.flow('s -> fork -> ask -> fail'),
        b.flow('fork -> beside'),
      ]),
      b.boundaryError('caught', 'inner', 'NO'),
      b.end('mended'),
      b.flow('start -> inner'),
      b.flow('caught -> mended'),
    ],
    steps: [
      { start: {} },
      { completeTask: 'ask' },
      {
        expect: {
          status: 'completed',
          tasks: [],
          completed: ['start', 's', 'fork', 'ask', 'caught', 'mended'],
        },
      },
    ],
  },
  {
    title: 'an error passes the scopes that do not catch it',
    process: [
      b.start(),
      b.sub('outer', [
        b.start('s1'),
        b.sub('inner', [b.start('s2'), b.job('work'), b.flow('s2 -> work')]),
        b.boundaryError('wrong', 'inner', 'OTHER'),
        b.end('e1'),
        b.flow('s1 -> inner'),
        b.flow('wrong -> e1'),
      ]),
      b.boundaryError('right', 'outer', 'NO'),
      b.end('mended'),
      b.flow('start -> outer'),
      b.flow('right -> mended'),
    ],
    steps: [
      { start: {} },
      { throwError: 'work', code: 'NO' },
      {
        expect: {
          status: 'completed',
          completed: ['start', 's1', 's2', 'right', 'mended'],
          terminated: ['outer', 'inner', 'work'],
        },
      },
    ],
  },
  {
    title: 'the nearest scope that catches an error ends it, whatever those around it would do',
    process: [
      b.start(),
      b.sub('outer', [
        b.start('s1'),
        b.sub('inner', [b.start('s2'), b.job('work'), b.flow('s2 -> work')]),
        b.boundaryError('near', 'inner'),
        b.userTask('mend'),
        b.flow('s1 -> inner'),
        b.flow('near -> mend'),
      ]),
      b.boundaryError('far', 'outer', 'NO'),
      b.end('far-end'),
      b.end(),
      b.flow('start -> outer -> end'),
      b.flow('far -> far-end'),
    ],
    steps: [
      { start: {} },
      { throwError: 'work', code: 'NO' },
      { expect: { tasks: ['mend'] } },
      { completeTask: 'mend' },
      { expect: { status: 'completed', completed: ['start', 's1', 's2', 'near', 'mend', 'outer', 'end'] } },
    ],
  },
  {
    title: 'an error’s code may be FEEL where it is thrown',
    process: [
      b.start(),
      b.sub('inner', [b.start('s'), b.errorEnd('fail', '=code'), b.flow('s -> fail')]),
      b.boundaryError('caught', 'inner', 'YES'),
      b.end('mended'),
      b.flow('start -> inner'),
      b.flow('caught -> mended'),
    ],
    steps: [
      { start: { code: 'NO' } },
      { expect: { incidents: [{ element: 'fail', type: 'UNHANDLED_ERROR_EVENT', about: 'NO' }] } },
      { set: { code: 'YES' } },
      { resolve: 'fail' },
      { expect: { status: 'completed', incidents: [] } },
    ],
  },
  {
    title: 'an error on the way out of a handler is caught further out',
    process: [
      b.start(),
      b.sub('outer', [
        b.start('s1'),
        b.job('work'),
        b.boundaryError('near', 'work', 'NO'),
        b.errorEnd('worse', 'WORSE'),
        b.flow('s1 -> work'),
        b.flow('near -> worse'),
      ]),
      b.boundaryError('far', 'outer', 'WORSE'),
      b.end('mended'),
      b.flow('start -> outer'),
      b.flow('far -> mended'),
    ],
    steps: [{ start: {} }, { throwError: 'work', code: 'NO' }, { expect: { status: 'completed', incidents: [] } }],
  },
]);
