import * as b from '../../diagram-builder.ts';
import { elementScenarios } from '../element-scenarios.ts';

/** Two parallel jobs with handlers, then `last`. */
export const trip = (last: string, then = [b.flow('last -> after')]) => [
  b.start(),
  b.and('fork'),
  b.job('flight'),
  b.boundaryCompensation('undoFlight', 'flight', 'noFlight'),
  b.handler('noFlight', { inputs: { which: '=flightId' } }),
  b.job('hotel'),
  b.boundaryCompensation('undoHotel', 'hotel', 'noHotel'),
  b.handler('noHotel'),
  b.userTask('decide'),
  last,
  b.userTask('after'),
  b.flow('start -> fork -> flight'),
  b.flow('fork -> hotel'),
  b.flow('fork -> decide -> last'),
  ...then,
];

export const compensation = elementScenarios('compensation', [
  {
    title: 'a compensation event starts the handlers of all that is done, at once, and waits for them',
    process: trip(b.compensationThrow('last')),
    steps: [
      { start: {} },
      { completeJob: 'flight', with: { flightId: 7 } },
      { completeJob: 'hotel' },
      { completeTask: 'decide' },
      { expect: { jobs: [{ element: 'noFlight', variables: { flightId: 7, which: 7 } }, 'noHotel'], tasks: [] } },
      { completeJob: 'noHotel' },
      { expect: { tasks: [] } },
      { completeJob: 'noFlight', with: { refund: 100 } },
      { expect: { tasks: ['after'] } },
      { completeTask: 'after' },
      {
        expect: {
          status: 'completed',
          variables: { flightId: 7, refund: 100 },
          completed: [
            ...['start', 'fork', 'flight', 'hotel', 'decide', 'last', 'after'],
            ...['undoFlight', 'noFlight', 'undoHotel', 'noHotel'],
          ],
        },
      },
    ],
  },
  {
    title: 'a compensation event leaves alone what is not done',
    process: trip(b.compensationThrow('last')),
    steps: [
      { start: {} },
      { completeJob: 'hotel' },
      { completeTask: 'decide' },
      { completeJob: 'noHotel' },
      { expect: { tasks: ['after'], jobs: ['flight'] } },
    ],
  },
  {
    title: 'a compensation event with nothing to undo goes on at once',
    process: trip(b.compensationThrow('last')),
    steps: [{ start: {} }, { completeTask: 'decide' }, { expect: { tasks: ['after'], jobs: ['flight', 'hotel'] } }],
  },
  {
    title: 'a compensation event may be for one activity',
    process: trip(b.compensationThrow('last', 'hotel')),
    steps: [
      { start: {} },
      { completeJob: 'flight' },
      { completeJob: 'hotel' },
      { completeTask: 'decide' },
      { completeJob: 'noHotel' },
      { completeTask: 'after' },
      {
        expect: {
          status: 'completed',
          completed: [...['start', 'fork', 'flight', 'hotel', 'decide', 'last', 'after'], ...['undoHotel', 'noHotel']],
        },
      },
    ],
  },
  {
    title: 'compensation reaches into a sub-process that is done',
    process: [
      b.start(),
      b.sub('sub', [
        b.start('s2'),
        b.job('book'),
        b.boundaryCompensation('undo', 'book', 'cancel'),
        b.handler('cancel'),
        b.end('e2'),
        b.flow('s2 -> book -> e2'),
      ]),
      b.compensationEnd('all'),
      b.flow('start -> sub -> all'),
    ],
    steps: [
      { start: {} },
      { completeJob: 'book' },
      { expect: { status: 'active', jobs: ['cancel'] } },
      { completeJob: 'cancel' },
      { expect: { status: 'completed' } },
    ],
  },
  {
    title: 'an error undoes what was done before it, by an event sub-process',
    process: [
      b.start(),
      b.job('book'),
      b.boundaryCompensation('undo', 'book', 'cancel'),
      b.handler('cancel'),
      b.job('pay'),
      b.end(),
      b.flow('start -> book -> pay -> end'),
      b.eventSub('rescue', [
        b.eventStart('failed', b.errorDefinition('NO_MONEY')),
        b.compensationEnd('all'),
        b.flow('failed -> all'),
      ]),
    ],
    steps: [
      { start: {} },
      { completeJob: 'book' },
      { throwError: 'pay', code: 'NO_MONEY' },
      { completeJob: 'cancel' },
      {
        expect: {
          status: 'completed',
          completed: ['start', 'book', 'rescue', 'failed', 'undo', 'cancel', 'all'],
          terminated: ['pay'],
        },
      },
    ],
  },
  {
    title: 'a multi-instance activity is undone once',
    process: [
      b.start(),
      b.job('book', { loop: { inputCollection: '=rooms', inputElement: 'room' } }),
      b.boundaryCompensation('undo', 'book', 'cancel'),
      b.handler('cancel'),
      b.compensationEnd('all'),
      b.flow('start -> book -> all'),
    ],
    steps: [
      { start: { rooms: [1, 2] } },
      { completeJob: 'book', where: { room: 2 } },
      { completeJob: 'book', where: { room: 1 } },
      { completeJob: 'cancel' },
      { expect: { status: 'completed' } },
    ],
  },
]);
