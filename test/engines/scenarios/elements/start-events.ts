import * as b from '../../diagram-builder.ts';
import { elementScenarios } from '../element-scenarios.ts';

/** A process with this start event and one task. */
const begun = (start: string) => [start, b.userTask('work'), b.end(), b.flow('start -> work -> end')];
const at = (definition: string, options = {}) => b.startOn('start', definition, options);
const done = [{ completeTask: 'work' }, { expect: { status: 'completed' as const } }];

/** Each name is used by only one scenario, because messages and signals reach every deployed process. */
export const startEvents = elementScenarios('start-events', [
  {
    title: 'a message starts a process with its variables',
    process: begun(at(b.messageDefinition('start-order'))),
    steps: [
      { publish: 'start-order', key: 'K1', with: { article: 'chair' } },
      { started: 'instance' },
      { expect: { tasks: ['work'], variables: { article: 'chair' }, completed: ['start'] } },
      ...done,
    ],
  },
  {
    title: 'output mappings of a message start event say what is kept',
    process: begun(at(b.messageDefinition('start-mapped'), { outputs: { item: '=article' } })),
    steps: [
      { publish: 'start-mapped', key: '', with: { article: 'chair', other: 1 } },
      { started: 'instance' },
      { expect: { tasks: ['work'], variables: { item: 'chair' } } },
      ...done,
    ],
  },
  {
    title: 'messages of one correlation key start one instance at a time, the next one with what is kept',
    process: begun(at(b.messageDefinition('start-one'))),
    steps: [
      { publish: 'start-one', key: 'K1', with: { n: 1 }, timeToLive: 'PT1H' },
      { started: 'instance' },
      { expect: { variables: { n: 1 } } },
      { publish: 'start-one', key: 'K1', with: { n: 2 }, timeToLive: 'PT1H' },
      { publish: 'start-one', key: 'K2', with: { n: 3 }, timeToLive: 'PT1H' },
      // The instance with the other key begins before the one that has to wait.
      { started: 'instance' },
      { expect: { variables: { n: 3 } } },
      ...done,
    ],
  },
  {
    title: 'the next message of a correlation key starts the next instance once the first has ended',
    process: begun(at(b.messageDefinition('start-next'))),
    steps: [
      { publish: 'start-next', key: 'K1', with: { n: 1 }, timeToLive: 'PT1H' },
      { started: 'instance' },
      { expect: { variables: { n: 1 } } },
      { publish: 'start-next', key: 'K1', with: { n: 2 }, timeToLive: 'PT1H' },
      ...done,
      { started: 'instance' },
      { expect: { tasks: ['work'], variables: { n: 2 } } },
      ...done,
    ],
  },
  {
    title: 'messages without a correlation key start as many instances as there are',
    process: begun(at(b.messageDefinition('start-many'))),
    steps: [
      { publish: 'start-many', key: '', with: { n: 1 } },
      { started: 'instance' },
      { publish: 'start-many', key: '', with: { n: 2 } },
      { started: 'instance' },
      { expect: { tasks: ['work'], variables: { n: 2 } } },
      ...done,
    ],
  },
  {
    title: 'a process that messages start can wait for further ones',
    process: [
      at(b.messageDefinition('start-talk'), { outputs: { topic: '=text' } }),
      b.catchEvent('answer', b.messageDefinition('start-talk-answer', '=topic')),
      b.end(),
      b.flow('start -> answer -> end'),
    ],
    steps: [
      { publish: 'start-talk', key: 'K1', with: { text: 'T1' } },
      { started: 'instance' },
      { publish: 'start-talk-answer', key: 'T1', with: { reply: 'yes' }, timeToLive: 'PT1H' },
      { expect: { status: 'completed', variables: { topic: 'T1', reply: 'yes' } } },
    ],
  },
  {
    title: 'a process may be started by hand as well as by a message, each at its own event',
    process: [
      b.start('by-hand'),
      at(b.messageDefinition('start-either')),
      b.userTask('asked'),
      b.userTask('work'),
      b.flow('by-hand -> asked'),
      b.flow('start -> work'),
    ],
    steps: [
      { start: {} },
      { expect: { tasks: ['asked'], completed: ['by-hand'] } },
      { publish: 'start-either', key: '' },
      { started: 'instance' },
      { expect: { tasks: ['work'], completed: ['start'] } },
      ...done,
    ],
  },
  {
    title: 'a signal starts a process with its variables, each time that it is broadcast',
    process: begun(at(b.signalDefinition('start-alarm'))),
    steps: [
      { broadcast: 'start-alarm', with: { n: 1 } },
      { started: 'instance' },
      { expect: { tasks: ['work'], variables: { n: 1 } } },
      ...done,
      { broadcast: 'start-alarm', with: { n: 2 } },
      { started: 'instance' },
      { expect: { tasks: ['work'], variables: { n: 2 } } },
      ...done,
    ],
  },
  {
    title: 'a signal that one process throws starts another one',
    process: [
      b.start(),
      b.endWith('end', b.signalDefinition('start-relay'), { inputs: { from: '=who' } }),
      b.flow('start -> end'),
    ],
    others: { 'start-events-relayed': begun(at(b.signalDefinition('start-relay'))) },
    steps: [
      { start: { who: 'first' } },
      { expect: { status: 'completed' } },
      { started: 'instance', process: 'start-events-relayed' },
      { expect: { tasks: ['work'], variables: { from: 'first' } } },
      ...done,
    ],
  },
  {
    title: 'a date starts a process once',
    process: begun(at(b.timerDefinition({ date: '=now() + duration("PT30M")' }))),
    steps: [
      { pass: 'PT30M' },
      { started: 'instance' },
      { expect: { tasks: ['work'], variables: {}, completed: ['start'] } },
      ...done,
    ],
  },
  {
    title: 'a cycle starts a process as often as it says',
    process: begun(at(b.timerDefinition({ cycle: 'R2/PT1H' }))),
    steps: [
      { pass: 'PT1H' },
      { started: 'instance' },
      { expect: { tasks: ['work'] } },
      ...done,
      { pass: 'PT1H' },
      { started: 'instance' },
      { expect: { tasks: ['work'] } },
      ...done,
    ],
  },
  {
    title: 'a cron expression starts a process at its times',
    process: begun(at(b.timerDefinition({ cycle: '0 0 0/6 * * *' }))),
    steps: [
      { pass: 'PT6H' },
      { started: 'instance' },
      { expect: { tasks: ['work'] } },
      ...done,
      { pass: 'PT6H' },
      { started: 'instance' },
      ...done,
    ],
  },
]);
