import { dmn, table } from '../../decision-builder.ts';
import * as b from '../../diagram-builder.ts';
import { elementScenarios } from '../element-scenarios.ts';

const around = (content: string) => [b.start(), content, b.end(), b.flow('start -> work -> end')];

export const tasks = elementScenarios('tasks', [
  {
    title: 'an empty process ends as it starts',
    process: [b.start()],
    steps: [{ start: { a: 1 } }, { expect: { status: 'completed', variables: { a: 1 }, completed: ['start'] } }],
  },
  {
    title: 'a task that nobody does is passed, and so is a manual one and an event that only marks a place',
    process: [
      b.start(),
      b.task('task'),
      b.element('manualTask', 'by-hand'),
      b.element('intermediateThrowEvent', 'mark'),
      b.end(),
      b.flow('start -> task -> by-hand -> mark -> end'),
    ],
    steps: [{ start: {} }, { expect: { status: 'completed', completed: ['start', 'task', 'by-hand', 'mark', 'end'] } }],
  },
  {
    title: 'a user task waits for whoever it is for, and says so',
    process: around(
      b.userTask('work', {
        name: 'Call back',
        assignee: '=owner',
        candidateUsers: '=["U2", deputy]',
        candidateGroups: 'sales, care',
      }),
    ),
    steps: [
      { start: { owner: 'U1', deputy: 'U3' } },
      {
        expect: {
          status: 'active',
          tasks: [
            {
              element: 'work',
              name: 'Call back',
              assignee: 'U1',
              candidateUsers: ['U2', 'U3'],
              candidateGroups: ['sales', 'care'],
              variables: { owner: 'U1', deputy: 'U3' },
            },
          ],
        },
      },
      { completeTask: 'work', with: { called: true }, by: 'U3' },
      { expect: { status: 'completed', tasks: [], variables: { owner: 'U1', deputy: 'U3', called: true } } },
    ],
  },
  {
    title: 'a user task shows its form',
    process: around(b.userTask('work', { form: 'tasks-form' })),
    forms: [
      { id: 'tasks-form', type: 'default', components: [{ type: 'textfield', key: 'a', label: 'A' }] } as {
        id: string;
      },
    ],
    steps: [{ start: {} }, { expect: { tasks: [{ element: 'work', form: 'tasks-form' }] } }],
  },
  {
    title: 'an assignee that is null is an incident, and the task opens once it is one',
    process: around(b.userTask('work', { assignee: '=owner' })),
    steps: [
      { start: { owner: null } },
      { expect: { status: 'incident', tasks: [], incidents: [{ element: 'work', type: 'EXTRACT_VALUE_ERROR' }] } },
      { set: { owner: 'U1' } },
      { resolve: 'work' },
      { expect: { status: 'active', tasks: [{ element: 'work', assignee: 'U1' }] } },
    ],
  },
  {
    title: 'a service task’s job has its type, headers and attempt',
    process: around(b.job('work', { type: 'tasks-charge', headers: { currency: 'EUR', kind: 'card' } })),
    steps: [
      { start: {} },
      {
        expect: {
          jobs: [{ element: 'work', type: 'tasks-charge', headers: { currency: 'EUR', kind: 'card' }, attempt: 1 }],
        },
      },
      { completeJob: 'work' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'a send task is a job as well',
    process: around(b.element('sendTask', 'work', { extensions: '<zeebe:taskDefinition type="tasks-send"/>' })),
    steps: [
      { start: {} },
      { expect: { jobs: [{ element: 'work', type: 'tasks-send' }] } },
      { completeJob: 'work', with: { sent: true } },
      { expect: { status: 'completed', variables: { sent: true } } },
    ],
  },
  {
    title: 'a job that fails is tried again as long as it has retries',
    process: around(b.job('work', { retries: '=tries' })),
    steps: [
      { start: { tries: 2 } },
      { failJob: 'work', reason: 'the first time', retries: 1 },
      { expect: { status: 'active', jobs: [{ element: 'work', attempt: 2 }] } },
      { failJob: 'work', reason: 'the second time', retries: 0 },
      {
        expect: {
          status: 'incident',
          incidents: [{ element: 'work', type: 'JOB_NO_RETRIES', about: 'the second time' }],
        },
      },
      { resolve: 'work', retries: 1 },
      { expect: { status: 'active', incidents: [] } },
      { completeJob: 'work' },
      { expect: { status: 'completed', completed: ['start', 'work', 'end'] } },
    ],
  },
  {
    title: 'a job without retries leaves the other branches alone',
    process: [
      b.start(),
      b.and('fork'),
      b.job('work'),
      b.userTask('beside'),
      b.and('join'),
      b.end(),
      b.flow('start -> fork -> work -> join -> end'),
      b.flow('fork -> beside -> join'),
    ],
    steps: [
      { start: {} },
      { failJob: 'work', reason: 'no' },
      { expect: { status: 'incident', tasks: ['beside'] } },
      { completeTask: 'beside' },
      { expect: { status: 'incident', completed: ['start', 'fork', 'beside'] } },
      { resolve: 'work' },
      { completeJob: 'work' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'two incidents are resolved one by one',
    process: [
      b.start(),
      b.and('fork'),
      b.job('a'),
      b.job('b'),
      b.and('join'),
      b.end(),
      b.flow('start -> fork -> a -> join -> end'),
      b.flow('fork -> b -> join'),
    ],
    steps: [
      { start: {} },
      { failJob: 'a', reason: 'A' },
      { failJob: 'b', reason: 'B' },
      {
        expect: {
          incidents: [
            { element: 'a', about: 'A' },
            { element: 'b', about: 'B' },
          ],
        },
      },
      { resolve: 'b' },
      { expect: { status: 'incident', incidents: [{ element: 'a' }] } },
      { completeJob: 'b' },
      { resolve: 'a' },
      { expect: { status: 'active', incidents: [] } },
      { completeJob: 'a' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'cancelling ends all that waits, and nothing goes on after it',
    process: [
      b.start(),
      b.and('fork'),
      b.userTask('a'),
      b.timer('pause', { duration: 'PT1H' }),
      b.sub('inner', [b.start('s'), b.userTask('deep'), b.flow('s -> deep')]),
      b.userTask('later'),
      b.flow('start -> fork -> a'),
      b.flow('fork -> pause -> later'),
      b.flow('fork -> inner'),
    ],
    steps: [
      { start: {} },
      { expect: { tasks: ['a', 'deep'] } },
      { cancel: 'instance' },
      { expect: { status: 'terminated', tasks: [], terminated: ['a', 'pause', 'inner', 'deep'] } },
      { pass: 'PT2H' },
      { expect: { status: 'terminated', tasks: [], completed: ['start', 'fork', 's'] } },
    ],
  },
  {
    title: 'business rule tasks, script tasks and message end events with a job type are jobs',
    process: [
      b.start(),
      b.element('businessRuleTask', 'decide', { extensions: '<zeebe:taskDefinition type="decide"/>' }),
      b.element('scriptTask', 'compute', { extensions: '<zeebe:taskDefinition type="compute"/>' }),
      b.endWith('tell', '<bpmn:messageEventDefinition/>', { extensions: '<zeebe:taskDefinition type="tell"/>' }),
      b.flow('start -> decide -> compute -> tell'),
    ],
    steps: [
      { start: {} },
      { expect: { jobs: [{ element: 'decide', type: 'decide' }] } },
      { completeJob: 'decide', with: { rule: 1 } },
      { expect: { jobs: [{ element: 'compute', type: 'compute', variables: { rule: 1 } }] } },
      { completeJob: 'compute' },
      { completeJob: 'tell' },
      { expect: { status: 'completed', completed: ['start', 'decide', 'compute', 'tell'] } },
    ],
  },
  {
    title: 'a job type that is an expression is the one that its variables make',
    process: [
      b.start(),
      b.job('fixed', { type: 'tasks-by-mail' }),
      b.job('work', { type: '="tasks-by-" + way' }),
      b.end(),
      b.flow('start -> fixed -> work -> end'),
    ],
    steps: [
      { start: { way: 'mail' } },
      { completeJob: 'fixed' },
      { expect: { jobs: [{ element: 'work', type: 'tasks-by-mail' }] } },
      { completeJob: 'work' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'a job type that is null is an incident',
    process: around(b.job('work', { type: '=way' })),
    steps: [
      { start: { way: null } },
      { expect: { status: 'incident', incidents: [{ element: 'work', type: 'EXTRACT_VALUE_ERROR' }] } },
    ],
  },
  {
    title: 'an input without a source is null',
    process: around(
      b.element('serviceTask', 'work', {
        extensions:
          '<zeebe:taskDefinition type="tasks-null"/><zeebe:ioMapping><zeebe:input target="a"/></zeebe:ioMapping>',
      }),
    ),
    steps: [{ start: { a: 1 } }, { expect: { jobs: [{ element: 'work', variables: { a: null } }] } }],
  },
  {
    title: 'a business rule task’s variable gets what its decision says, of its inputs',
    process: around(b.decide('work', 'tasks-discount', 'discount', { inputs: { amount: '=order.total' } })),
    decisions: dmn(
      table('tasks-discount', {
        hitPolicy: 'FIRST',
        inputs: ['amount', 'kind'],
        outputs: ['percent', 'reason'],
        rules: [
          ['>= 1000', '"company"', '10', '"large order"'],
          ['-', 'not("company")', '5', '"person"'],
        ],
      }),
    ),
    steps: [
      { start: { order: { total: 1500 }, kind: 'company' } },
      {
        expect: {
          status: 'completed',
          completed: ['start', 'work', 'end'],
          variables: { order: { total: 1500 }, kind: 'company', discount: { percent: 10, reason: 'large order' } },
        },
      },
      { start: { order: { total: 10 }, kind: 'company' } },
      {
        expect: { status: 'completed', variables: { order: { total: 10 }, kind: 'company', discount: null } },
      },
    ],
  },
  {
    title: 'a decision that cannot be made is an incident, and is made once its data are mended',
    process: around(b.decide('work', 'tasks-level', 'level')),
    decisions: dmn(
      table('tasks-level', {
        inputs: ['points'],
        outputs: ['level'],
        rules: [
          ['>= 1', '"low"'],
          ['>= 2', '"high"'],
        ],
      }),
    ),
    steps: [
      { start: { points: 2 } },
      { expect: { status: 'incident', incidents: [{ element: 'work', type: 'DECISION_EVALUATION_ERROR' }] } },
      { set: { points: 1 } },
      { resolve: 'work' },
      { expect: { status: 'completed', variables: { points: 1, level: 'low' } } },
    ],
  },
]);
