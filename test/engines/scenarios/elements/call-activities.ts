import * as b from '../../diagram-builder.ts';
import { elementScenarios } from '../element-scenarios.ts';

const calling = (call: string, ...further: string[]) => [
  b.start(),
  call,
  b.userTask('after'),
  b.flow('start -> call -> after'),
  ...further,
];

export const callActivities = elementScenarios('call-activities', [
  {
    title: 'a called process is worked on as part of its caller, and gives all of its variables back',
    process: calling(b.call('call', 'called-asking')),
    others: { 'called-asking': [b.start(), b.userTask('ask'), b.end(), b.flow('start -> ask -> end')] },
    steps: [
      { start: { a: 1 } },
      { expect: { tasks: [{ element: 'ask', variables: { a: 1 } }] } },
      { completeTask: 'ask', with: { answer: 'yes' } },
      { expect: { tasks: ['after'], variables: { a: 1, answer: 'yes' } } },
    ],
  },
  {
    title: 'input mappings alone go into it where not all variables do',
    process: calling(
      b.call('call', 'called-mapped', {
        called: { propagateAllParentVariables: 'false', propagateAllChildVariables: 'false' },
        inputs: { given: '=a + 1' },
        outputs: { taken: '=answer' },
      }),
    ),
    others: { 'called-mapped': [b.start(), b.userTask('ask'), b.flow('start -> ask')] },
    steps: [
      { start: { a: 1 } },
      { expect: { tasks: [{ element: 'ask', variables: { given: 2 } }] } },
      { completeTask: 'ask', with: { answer: 'yes', other: 1 } },
      { expect: { tasks: ['after'], variables: { a: 1, taken: 'yes' } } },
    ],
  },
  {
    title: 'nothing comes back where it is not to',
    process: calling(b.call('call', 'called-silent', { called: { propagateAllChildVariables: 'false' } })),
    others: { 'called-silent': [b.start(), b.userTask('ask'), b.flow('start -> ask')] },
    steps: [
      { start: { a: 1 } },
      { completeTask: 'ask', with: { answer: 'yes' } },
      { expect: { tasks: ['after'], variables: { a: 1 } } },
    ],
  },
  {
    title: 'an error in it is caught by its caller, and it is over',
    process: calling(
      b.call('call', 'called-failing'),
      b.boundaryError('refused', 'call', 'NO'),
      b.userTask('mend'),
      b.flow('refused -> mend'),
    ),
    others: {
      'called-failing': [
        b.start(),
        b.and('fork'),
        b.job('work'),
        b.userTask('beside'),
        b.flow('start -> fork -> work'),
        b.flow('fork -> beside'),
      ],
    },
    steps: [
      { start: {} },
      { expect: { tasks: ['beside'] } },
      { throwError: 'work', code: 'NO' },
      { expect: { tasks: ['mend'], terminated: ['call'] } },
    ],
  },
  {
    title: 'an error end of it is caught two callers further out',
    process: calling(
      b.call('call', 'called-middle'),
      b.boundaryError('refused', 'call'),
      b.userTask('mend'),
      b.flow('refused -> mend'),
    ),
    others: {
      'called-middle': [b.start(), b.call('deeper', 'called-deep'), b.flow('start -> deeper')],
      'called-deep': [b.start(), b.errorEnd('fail', 'NO'), b.flow('start -> fail')],
    },
    steps: [{ start: {} }, { expect: { tasks: ['mend'] } }],
  },
  {
    title: 'an escalation in it is caught by its caller without ending it',
    process: calling(
      b.call('call', 'called-escalating'),
      b.boundaryEscalation('told', 'call', 'HELP', { interrupting: false }),
      b.userTask('help'),
      b.flow('told -> help'),
    ),
    others: {
      'called-escalating': [
        b.start(),
        b.escalationThrow('tell', 'HELP'),
        b.userTask('ask'),
        b.flow('start -> tell -> ask'),
      ],
    },
    steps: [
      { start: {} },
      { expect: { tasks: ['ask', 'help'] } },
      { completeTask: 'ask' },
      { expect: { tasks: ['after', 'help'] } },
    ],
  },
  {
    title: 'a timer on the call ends what was called',
    process: calling(
      b.call('call', 'called-slow'),
      b.boundaryTimer('late', 'call', { duration: 'PT1H' }),
      b.userTask('remind'),
      b.flow('late -> remind'),
    ),
    others: { 'called-slow': [b.start(), b.userTask('ask'), b.flow('start -> ask')] },
    steps: [{ start: {} }, { expect: { tasks: ['ask'] } }, { pass: 'PT1H' }, { expect: { tasks: ['remind'] } }],
  },
  {
    title: 'cancelling the caller ends what was called',
    process: calling(b.call('call', 'called-cancelled')),
    others: { 'called-cancelled': [b.start(), b.userTask('ask'), b.flow('start -> ask')] },
    steps: [
      { start: {} },
      { expect: { tasks: ['ask'] } },
      { cancel: 'instance' },
      { expect: { status: 'terminated', tasks: [] } },
    ],
  },
  {
    title: 'an incident in it is its caller’s, and is resolved there',
    process: calling(b.call('call', 'called-stuck')),
    others: { 'called-stuck': [b.start(), b.job('work'), b.flow('start -> work')] },
    steps: [
      { start: {} },
      { failJob: 'work', reason: 'no' },
      { expect: { status: 'incident', incidents: [{ element: 'work', type: 'JOB_NO_RETRIES' }] } },
      { resolve: 'work' },
      { completeJob: 'work' },
      { expect: { status: 'active', tasks: ['after'], incidents: [] } },
    ],
  },
  {
    title: 'which process is called may be FEEL; one that there is not is an incident until it names another',
    process: calling(b.call('call', '=which')),
    others: { 'called-chosen': [b.start(), b.userTask('ask'), b.flow('start -> ask')] },
    steps: [
      { start: { which: 'called-nothing' } },
      { expect: { incidents: [{ element: 'call', type: 'CALLED_ELEMENT_ERROR' }] } },
      { set: { which: 'called-chosen' } },
      { resolve: 'call' },
      { expect: { tasks: ['ask'], incidents: [] } },
    ],
  },
]);
