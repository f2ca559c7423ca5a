import * as b from '../../diagram-builder.ts';
import { elementScenarios } from '../element-scenarios.ts';

/** A process with a task, and an event sub-process with another one. */
const reacting = (definition: string, interrupting: boolean, main = [b.userTask('ask'), b.flow('start -> ask')]) => [
  b.start(),
  ...main,
  b.eventSub('reaction', [
    b.eventStart('happened', definition, { interrupting }),
    b.userTask('react'),
    b.flow('happened -> react'),
  ]),
];
const inSub = (definition: string, interrupting: boolean, thrower: string) => [
  b.start(),
  b.sub('sub', [b.start('s2'), thrower, b.userTask('ask'), b.flow('s2 -> thrower -> ask')]),
  b.boundary('caught', 'sub', definition, { interrupting }),
  b.userTask('react'),
  b.flow('start -> sub'),
  b.flow('caught -> react'),
];
/** Each name is used by only one scenario. */
const message = (name: string) => b.messageDefinition(`reactions-${name}`, '=key');
const signal = (name: string) => b.signalDefinition(`reactions-${name}`);

export const reactions = elementScenarios('reactions', [
  {
    title: 'an event sub-process for every error catches one of any code',
    process: reacting(b.errorDefinition(), true, [b.job('work'), b.flow('start -> work')]),
    steps: [
      { start: {} },
      { throwError: 'work', code: 'ANY', with: { detail: 1 } },
      { expect: { tasks: ['react'], terminated: ['work'], variables: { detail: 1 } } },
      { completeTask: 'react' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'an escalation interrupts its process by an event sub-process',
    process: reacting(b.escalationDefinition('HELP'), true, [
      b.and('fork'),
      b.userTask('ask'),
      b.userTask('beside'),
      b.escalationThrow('call-help', 'HELP'),
      b.userTask('never'),
      b.flow('start -> fork -> ask -> call-help -> never'),
      b.flow('fork -> beside'),
    ]),
    steps: [
      { start: {} },
      { completeTask: 'ask' },
      { expect: { tasks: ['react'], terminated: ['beside', 'call-help'] } },
      { completeTask: 'react' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'a message starts an event sub-process beside its process each time that it comes',
    process: reacting(message('beside'), false),
    steps: [
      { start: { key: 'R3' } },
      { expect: { tasks: ['ask'] } },
      { publish: 'reactions-beside', key: 'R3', with: { n: 1 }, timeToLive: 'PT1H' },
      { expect: { tasks: ['ask', 'react'] } },
      { publish: 'reactions-beside', key: 'R3', with: { n: 2 }, timeToLive: 'PT1H' },
      { expect: { tasks: ['ask', 'react', 'react'] } },
      { completeTask: 'ask' },
      { completeTask: 'react', where: { n: 2 } },
      { expect: { status: 'active', tasks: ['react'] } },
      { completeTask: 'react' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'a signal interrupts a process by an event sub-process',
    process: reacting(signal('stop'), true),
    steps: [
      { start: {} },
      { expect: { tasks: ['ask'] } },
      { broadcast: 'reactions-stop', with: { why: 'fire' } },
      { expect: { tasks: ['react'], terminated: ['ask'], variables: { why: 'fire' } } },
      { broadcast: 'reactions-stop' },
      { completeTask: 'react' },
      { expect: { status: 'completed', completed: ['start', 'happened', 'react', 'reaction'] } },
    ],
  },
  {
    title: 'a signal starts an event sub-process beside its process',
    process: reacting(signal('note'), false),
    steps: [
      { start: {} },
      { expect: { tasks: ['ask'] } },
      { broadcast: 'reactions-note' },
      { expect: { tasks: ['ask', 'react'] } },
      { completeTask: 'ask' },
      { expect: { status: 'active', tasks: ['react'] } },
      { completeTask: 'react' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'an escalation boundary event without a code interrupts for any',
    process: inSub(b.escalationDefinition(), true, b.escalationThrow('thrower', 'SOME')),
    steps: [
      { start: {} },
      { expect: { tasks: ['react'], completed: ['start', 's2', 'caught'], terminated: ['thrower', 'sub'] } },
    ],
  },
  {
    title: 'a signal on the border of a task ends it',
    process: [
      b.start(),
      b.userTask('ask'),
      b.boundary('rung', 'ask', signal('border'), { outputs: { level: '=level' } }),
      b.userTask('react'),
      b.flow('start -> ask'),
      b.flow('rung -> react'),
    ],
    steps: [
      { start: {} },
      { expect: { tasks: ['ask'] } },
      { broadcast: 'reactions-border', with: { level: 3, other: 1 } },
      { expect: { tasks: ['react'], terminated: ['ask'], variables: { level: 3 } } },
    ],
  },
  {
    title: 'an event sub-process that interrupts takes away what waits at a join',
    process: reacting(message('join'), true, [
      b.and('fork'),
      b.userTask('a'),
      b.userTask('ask'),
      b.and('join'),
      b.userTask('after'),
      b.flow('start -> fork -> a -> join -> after'),
      b.flow('fork -> ask -> join'),
    ]),
    steps: [
      { start: { key: 'R8' } },
      { completeTask: 'a' },
      { expect: { tasks: ['ask'] } },
      { publish: 'reactions-join', key: 'R8', timeToLive: 'PT1H' },
      { expect: { tasks: ['react'], terminated: ['ask'] } },
      { completeTask: 'react' },
      { expect: { status: 'completed', completed: ['start', 'fork', 'a', 'happened', 'react', 'reaction'] } },
    ],
  },
  {
    title: 'a message is heard on one branch while another one has stopped',
    process: [
      b.start(),
      b.and('fork'),
      b.job('work'),
      b.catchEvent('hear', message('beside-incident')),
      b.userTask('after'),
      b.flow('start -> fork -> work'),
      b.flow('fork -> hear -> after'),
    ],
    steps: [
      { start: { key: 'R9' } },
      { failJob: 'work', reason: 'broken' },
      { expect: { status: 'incident' } },
      { publish: 'reactions-beside-incident', key: 'R9', timeToLive: 'PT1H' },
      { expect: { status: 'incident', tasks: ['after'] } },
      { completeTask: 'after' },
      { resolve: 'work' },
      { completeJob: 'work' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'a message on the border of a multi-instance activity ends all of it',
    process: [
      b.start(),
      b.userTask('each', { loop: { inputCollection: '=items', inputElement: 'item' } }),
      b.boundary('stopped', 'each', message('each')),
      b.userTask('react'),
      b.flow('start -> each'),
      b.flow('stopped -> react'),
    ],
    steps: [
      { start: { key: 'R10', items: [1, 2, 3] } },
      { completeTask: 'each', where: { item: 2 } },
      { expect: { tasks: ['each', 'each'] } },
      { publish: 'reactions-each', key: 'R10', timeToLive: 'PT1H' },
      { expect: { tasks: ['react'], terminated: ['each', 'each', 'each'] } },
      { completeTask: 'react' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'a message on the border of a call ends what was called, incidents and all',
    process: [
      b.start(),
      b.call('call', 'reactions-called'),
      b.boundary('stopped', 'call', message('call')),
      b.userTask('react'),
      b.flow('start -> call'),
      b.flow('stopped -> react'),
    ],
    others: { 'reactions-called': [b.start(), b.job('work'), b.flow('start -> work')] },
    steps: [
      { start: { key: 'R11' } },
      { failJob: 'work', reason: 'broken' },
      { expect: { incidents: [{ element: 'work' }] } },
      { publish: 'reactions-call', key: 'R11', timeToLive: 'PT1H' },
      { expect: { status: 'active', tasks: ['react'], incidents: [], terminated: ['call'] } },
    ],
  },
  {
    title: 'what is cancelled with an incident is over, and nothing of it can be resolved',
    process: [
      b.start(),
      b.and('fork'),
      b.job('work'),
      b.userTask('ask'),
      b.flow('start -> fork -> work'),
      b.flow('fork -> ask'),
    ],
    steps: [
      { start: {} },
      { failJob: 'work', reason: 'broken' },
      { expect: { status: 'incident' } },
      { cancel: 'instance' },
      { expect: { status: 'terminated', incidents: [], tasks: [], terminated: ['ask', 'work'] } },
    ],
  },
]);
