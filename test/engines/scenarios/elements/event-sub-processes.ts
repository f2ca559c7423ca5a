import * as b from '../../diagram-builder.ts';
import { elementScenarios } from '../element-scenarios.ts';

const onTimer = (duration: string, interrupting: boolean, inside: string[]) =>
  b.eventSub('reaction', [b.eventStart('happened', b.timerDefinition({ duration }), { interrupting }), ...inside]);

export const eventSubProcesses = elementScenarios('event-sub-processes', [
  {
    title: 'a timer that interrupts the process ends everything else in it',
    process: [
      b.start(),
      b.userTask('ask'),
      b.end(),
      b.flow('start -> ask -> end'),
      onTimer('PT1H', true, [b.userTask('react'), b.end('over'), b.flow('happened -> react -> over')]),
    ],
    steps: [
      { start: {} },
      { pass: 'PT1H' },
      { expect: { tasks: ['react'], terminated: ['ask'] } },
      { completeTask: 'react' },
      { expect: { status: 'completed', completed: ['start', 'happened', 'react', 'over', 'reaction'] } },
    ],
  },
  {
    title: 'a timer that does not interrupt runs beside the process, which waits for both',
    process: [
      b.start(),
      b.userTask('ask'),
      b.end(),
      b.flow('start -> ask -> end'),
      onTimer('PT1H', false, [b.userTask('react'), b.flow('happened -> react')]),
    ],
    steps: [
      { start: {} },
      { pass: 'PT1H' },
      { expect: { tasks: ['ask', 'react'] } },
      { completeTask: 'ask' },
      { expect: { tasks: ['react'], status: 'active' } },
      { completeTask: 'react' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'an event that never happens keeps nobody waiting',
    process: [
      b.start(),
      b.userTask('ask'),
      b.end(),
      b.flow('start -> ask -> end'),
      onTimer('PT1H', false, [b.userTask('react'), b.flow('happened -> react')]),
    ],
    steps: [
      { start: {} },
      { completeTask: 'ask' },
      { expect: { status: 'completed', completed: ['start', 'ask', 'end'] } },
      { pass: 'PT2H' },
      { expect: { status: 'completed', tasks: [] } },
    ],
  },
  {
    title: 'an error of a job is caught in the process itself',
    process: [
      b.start(),
      b.and('fork'),
      b.job('work'),
      b.userTask('beside'),
      b.flow('start -> fork -> work'),
      b.flow('fork -> beside'),
      b.eventSub('reaction', [
        b.eventStart('happened', b.errorDefinition('NO')),
        b.userTask('mend'),
        b.flow('happened -> mend'),
      ]),
    ],
    steps: [
      { start: {} },
      { throwError: 'work', code: 'NO' },
      { expect: { tasks: ['mend'], terminated: ['work', 'beside'], incidents: [] } },
      { completeTask: 'mend' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'a boundary event on the sub-process comes after the event sub-process in it',
    process: [
      b.start(),
      b.sub('inner', [
        b.start('s'),
        b.job('work'),
        b.flow('s -> work'),
        b.eventSub('reaction', [
          b.eventStart('happened', b.errorDefinition('NO')),
          b.userTask('near'),
          b.flow('happened -> near'),
        ]),
      ]),
      b.boundaryError('outside', 'inner', 'NO'),
      b.userTask('far'),
      b.end(),
      b.flow('start -> inner -> end'),
      b.flow('outside -> far'),
    ],
    steps: [
      { start: {} },
      { throwError: 'work', code: 'NO' },
      { expect: { tasks: ['near'] } },
      { completeTask: 'near' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'an escalation starts one beside its thrower, each time that it is thrown',
    process: [
      b.start(),
      b.xor('again'),
      b.userTask('ask', { outputs: { rounds: '=rounds + 1' } }),
      b.escalationThrow('tell', 'HELP'),
      b.xor('enough', 'enough-again'),
      b.end(),
      b.flow('start -> again -> ask -> tell -> enough'),
      b.flow('enough -> end', '=rounds = 2'),
      b.flow('enough -> again'),
      b.eventSub('reaction', [
        b.eventStart('happened', b.escalationDefinition('HELP'), { interrupting: false }),
        b.userTask('help'),
        b.flow('happened -> help'),
      ]),
    ],
    steps: [
      { start: { rounds: 0 } },
      { completeTask: 'ask' },
      { expect: { tasks: ['ask', 'help'] } },
      { completeTask: 'ask' },
      { expect: { tasks: ['help', 'help'] } },
      { completeTask: 'help' },
      { completeTask: 'help' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'one in a sub-process belongs to that one only',
    process: [
      b.start(),
      b.and('fork'),
      b.userTask('beside'),
      b.sub('inner', [
        b.start('s'),
        b.userTask('ask'),
        b.flow('s -> ask'),
        onTimer('PT1H', true, [b.userTask('react'), b.flow('happened -> react')]),
      ]),
      b.userTask('after'),
      b.flow('start -> fork -> inner -> after'),
      b.flow('fork -> beside'),
    ],
    steps: [
      { start: {} },
      { pass: 'PT1H' },
      { expect: { tasks: ['beside', 'react'] } },
      { completeTask: 'react' },
      { expect: { tasks: ['after', 'beside'] } },
    ],
  },
  {
    title: 'cancelling ends one that runs, too',
    process: [
      b.start(),
      b.userTask('ask'),
      b.flow('start -> ask'),
      onTimer('PT1H', false, [b.userTask('react'), b.flow('happened -> react')]),
    ],
    steps: [
      { start: {} },
      { pass: 'PT1H' },
      { expect: { tasks: ['ask', 'react'] } },
      { cancel: 'instance' },
      { expect: { status: 'terminated', tasks: [], terminated: ['ask', 'react', 'reaction'] } },
    ],
  },
]);
