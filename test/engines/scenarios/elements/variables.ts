import * as b from '../../diagram-builder.ts';
import { elementScenarios } from '../element-scenarios.ts';

const around = (content: string) => [b.start(), content, b.end(), b.flow('start -> work -> end')];

export const variables = elementScenarios('variables', [
  {
    title: 'a job without mappings sees everything, and its variables become the process’s',
    process: around(b.job('work')),
    steps: [
      { start: { a: 1 } },
      { expect: { jobs: [{ element: 'work', variables: { a: 1 } }] } },
      { completeJob: 'work', with: { a: 2, fresh: { deep: [1, null] } } },
      { expect: { status: 'completed', variables: { a: 2, fresh: { deep: [1, null] } } } },
    ],
  },
  {
    title: 'input mappings are seen by the job alone',
    process: around(b.job('work', { inputs: { greeting: '="Dear " + name' } })),
    steps: [
      { start: { name: 'Ann' } },
      { expect: { jobs: [{ element: 'work', variables: { name: 'Ann', greeting: 'Dear Ann' } }] } },
      { completeJob: 'work' },
      { expect: { status: 'completed', variables: { name: 'Ann' } } },
    ],
  },
  {
    title: 'an input mapping sees what the ones before it made',
    process: around(b.job('work', { inputs: { net: '=price * 2', gross: '=net + 1' } })),
    steps: [
      { start: { price: 10 } },
      { expect: { jobs: [{ element: 'work', variables: { price: 10, net: 20, gross: 21 } }] } },
    ],
  },
  {
    title: 'an input mapping may hide a variable of the process; the job’s result goes to the hidden one’s copy',
    process: around(b.job('work', { inputs: { a: '=a + 1' } })),
    steps: [
      { start: { a: 1 } },
      { expect: { jobs: [{ element: 'work', variables: { a: 2 } }] } },
      { completeJob: 'work', with: { a: 7, c: 8 } },
      { expect: { status: 'completed', variables: { a: 1, c: 8 } } },
    ],
  },
  {
    title: 'with output mappings only they leave the task',
    process: around(b.job('work', { outputs: { id: '=result.id' } })),
    steps: [
      { start: {} },
      { completeJob: 'work', with: { result: { id: 5 }, other: 1 } },
      { expect: { status: 'completed', variables: { id: 5 } } },
    ],
  },
  {
    title: 'output mappings see the inputs, and may put a value below a variable that is there',
    process: around(
      b.job('work', { inputs: { n: '=2' }, outputs: { 'order.total': '=n * price', 'order.paid': '=false' } }),
    ),
    steps: [
      { start: { order: { id: 1 } } },
      { completeJob: 'work', with: { price: 3 } },
      { expect: { status: 'completed', variables: { order: { id: 1, total: 6, paid: false } } } },
    ],
  },
  {
    title: 'a value below what is null makes a context of it, below anything else null',
    process: around(b.job('work', { outputs: { 'nothing.to': '=1', 'text.to': '=1', 'list.to': '=1' } })),
    steps: [
      { start: { nothing: null, text: 'x', list: [] } },
      { completeJob: 'work' },
      { expect: { status: 'completed', variables: { nothing: { to: 1 }, text: null, list: null } } },
    ],
  },
  {
    title:
      'what is mapped to a variable gives way to what is mapped inside it later, and takes the place of what was before',
    process: around(
      b.job('work', {
        inputs: { a: '=1', 'a.b': '=2', 'c.d': '=3', c: '=4', 'e.f': '=5', 'e.f.g': '=6', 'e.h': '=7' },
        outputs: { r: '=8', 'r.s': '=9' },
      }),
    ),
    steps: [
      { start: { r: { t: 0 } } },
      {
        expect: {
          jobs: [{ element: 'work', variables: { a: { b: 2 }, c: 4, e: { f: { g: 6 }, h: 7 }, r: { t: 0 } } }],
        },
      },
      { completeJob: 'work' },
      { expect: { status: 'completed', variables: { r: { t: 0, s: 9 } } } },
    ],
  },
  {
    title: 'a mapping of a variable that is not there is null',
    process: around(b.job('work', { inputs: { a: '=missing', c: '=missing.too' } })),
    steps: [{ start: {} }, { expect: { jobs: [{ element: 'work', variables: { a: null, c: null } }] } }],
  },
  {
    title: 'a static text is taken as it is, a number included',
    process: around(b.job('work', { inputs: { text: 'price', digits: '17' } })),
    steps: [
      { start: { price: 1 } },
      { expect: { jobs: [{ element: 'work', variables: { price: 1, text: 'price', digits: '17' } }] } },
    ],
  },
  {
    title: 'an input mapping that fails stops at the door, and its job is made once it is mended',
    process: around(b.job('work', { inputs: { sum: '=assert(a, a != null) + 1' } })),
    steps: [
      { start: {} },
      { expect: { incidents: [{ element: 'work', type: 'IO_MAPPING_ERROR' }], completed: ['start'] } },
      { set: { a: 1 } },
      { resolve: 'work' },
      { expect: { jobs: [{ element: 'work', variables: { a: 1, sum: 2 } }] } },
      { completeJob: 'work' },
      { expect: { status: 'completed', completed: ['start', 'work', 'end'] } },
    ],
  },
  {
    title: 'an output mapping that fails stops on the way out, and the job is not done again',
    process: around(b.job('work', { outputs: { sum: '=a + assert(c, c != null)' } })),
    steps: [
      { start: {} },
      { completeJob: 'work', with: { a: 1 } },
      { expect: { incidents: [{ element: 'work', type: 'IO_MAPPING_ERROR' }] } },
      { set: { c: 2 } },
      { resolve: 'work' },
      { expect: { status: 'completed', variables: { c: 2, sum: 3 }, completed: ['start', 'work', 'end'] } },
    ],
  },
  {
    title: 'a sub-process’s inputs are seen by all that is in it, and go with it',
    process: around(
      b.sub('work', [b.start('s'), b.job('inner'), b.end('e'), b.flow('s -> inner -> e')], {
        inputs: { own: '=a * 2' },
      }),
    ),
    steps: [
      { start: { a: 1 } },
      { expect: { jobs: [{ element: 'inner', variables: { a: 1, own: 2 } }] } },
      { completeJob: 'inner', with: { own: 9, fresh: true } },
      { expect: { status: 'completed', variables: { a: 1, fresh: true } } },
    ],
  },
  {
    title: 'a sub-process’s outputs take from its own variables what they name',
    process: around(
      b.sub('work', [b.start('s'), b.job('inner'), b.end('e'), b.flow('s -> inner -> e')], {
        inputs: { total: '=0' },
        outputs: { result: '=total + 1' },
      }),
    ),
    steps: [
      { start: {} },
      { completeJob: 'inner', with: { total: 41 } },
      { expect: { status: 'completed', variables: { result: 42 } } },
    ],
  },
  {
    title: 'a variable is set in the nearest scope that has it',
    process: around(
      b.sub(
        'work',
        [
          b.start('s'),
          b.sub('deep', [b.start('s2'), b.job('inner'), b.end('e2'), b.flow('s2 -> inner -> e2')], {
            inputs: { x: '=1' },
          }),
          b.job('after'),
          b.end('e'),
          b.flow('s -> deep -> after -> e'),
        ],
        { inputs: { x: '=0', y: '=0' } },
      ),
    ),
    steps: [
      { start: { x: -1, y: -1, z: -1 } },
      { expect: { jobs: [{ element: 'inner', variables: { x: 1, y: 0, z: -1 } }] } },
      { completeJob: 'inner', with: { x: 11, y: 12, z: 13 } },
      { expect: { jobs: [{ element: 'after', variables: { x: 0, y: 12, z: 13 } }] } },
      { completeJob: 'after' },
      { expect: { status: 'completed', variables: { x: -1, y: -1, z: 13 } } },
    ],
  },
  {
    title: 'variables are set in a scope of one’s own choice',
    process: around(
      b.sub('work', [b.start('s'), b.userTask('ask', { inputs: { own: '=1' } }), b.end('e'), b.flow('s -> ask -> e')]),
    ),
    steps: [
      { start: { top: 1 } },
      { set: { top: 2 }, in: 'work' },
      { set: { own: 3 }, in: 'ask' },
      { expect: { tasks: [{ element: 'ask', variables: { top: 2, own: 3 } }], variables: { top: 1 } } },
      { completeTask: 'ask', with: { top: 4 } },
      { expect: { status: 'completed', variables: { top: 1 } } },
    ],
  },
  {
    title: 'values of every kind go through a process unchanged',
    process: around(b.userTask('work', { inputs: { copy: '=given' } })),
    steps: [
      { start: { given: { t: 'é😀\n"', n: -1.5, big: 9007199254740991, yes: true, none: null, list: [[], {}, ''] } } },
      {
        expect: {
          tasks: [
            {
              element: 'work',
              variables: {
                given: { t: 'é😀\n"', n: -1.5, big: 9007199254740991, yes: true, none: null, list: [[], {}, ''] },
                copy: { t: 'é😀\n"', n: -1.5, big: 9007199254740991, yes: true, none: null, list: [[], {}, ''] },
              },
            },
          ],
        },
      },
      { completeTask: 'work', with: { after: ['x'] } },
      { expect: { status: 'completed' } },
    ],
  },
]);
