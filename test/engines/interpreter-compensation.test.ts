import { describe, expect, it } from 'vitest';
import * as b from './diagram-builder.ts';
import { play } from './play.ts';
import { trip } from './scenarios/elements/compensation.ts';

const throwing = (activity?: string) => b.process(trip(b.compensationThrow('last', activity)));

describe('a compensation event', () => {
  it('compensates everything completed in its scope at once, and waits for that', async () => {
    const instance = await play(throwing());
    instance.complete('flight', { flightId: 7 });
    instance.complete('hotel');
    instance.complete('decide');
    expect(instance.waiting()).toEqual(['noFlight', 'noHotel']);
    instance.complete('noHotel', { refund: 1 });
    expect(instance.waiting()).toEqual(['noFlight']);
    instance.complete('noFlight');
    expect(instance.waiting()).toEqual(['after']);
    expect(instance.variables()).toEqual({ flightId: 7, refund: 1 });
    instance.complete('after');
    expect(instance.status()).toBe('completed');
  });

  it('does not compensate activities that are not completed', async () => {
    const instance = await play(throwing());
    instance.complete('hotel');
    instance.complete('decide');
    expect(instance.waiting()).toEqual(['flight', 'noHotel']);
    instance.complete('noHotel');
    expect(instance.waiting()).toEqual(['after', 'flight']);
  });

  it('continues at once if there is nothing to compensate', async () => {
    const instance = await play(throwing());
    instance.complete('decide');
    expect(instance.waiting()).toEqual(['after', 'flight', 'hotel']);
  });

  it('compensates only the activity that it names', async () => {
    const instance = await play(throwing('hotel'));
    instance.complete('flight');
    instance.complete('hotel');
    instance.complete('decide');
    expect(instance.waiting()).toEqual(['noHotel']);
  });

  it('ends its path if it is an end event', async () => {
    const instance = await play(b.process(trip(b.compensationEnd('last'), [])));
    instance.complete('flight', { flightId: 1 });
    instance.complete('hotel');
    instance.complete('decide');
    expect(instance.status()).toBe('active');
    instance.complete('noFlight');
    instance.complete('noHotel');
    expect(instance.status()).toBe('completed');
  });

  it('ends with its scope, and its handlers with it', async () => {
    const instance = await play(throwing());
    instance.complete('hotel');
    instance.complete('decide');
    instance.cancel();
    expect(instance.waiting()).toEqual([]);
  });

  const again = b.process([
    b.start(),
    b.job('book'),
    b.boundaryCompensation('c', 'book', 'undo'),
    b.handler('undo'),
    b.xor('more', 'more-first'),
    b.compensationThrow('first'),
    b.compensationThrow('second'),
    b.userTask('after'),
    b.flow('start -> book -> more -> first -> second -> after'),
    b.flow('more -> book', '=again'),
  ]);

  it('compensates an activity as often as it was completed, and never twice', async () => {
    const instance = await play(again, { again: true });
    instance.complete('book');
    instance.complete('book', { again: false });
    expect(instance.waiting()).toEqual(['undo', 'undo']);
    instance.complete('undo');
    instance.complete('undo');
    // The second event has nothing left to compensate.
    expect(instance.waiting()).toEqual(['after']);
  });

  it('waits for a handler with an incident, and continues after it', async () => {
    const instance = await play(throwing());
    instance.complete('flight', { flightId: 1 });
    instance.complete('decide');
    instance.failJob('noFlight', 'no answer');
    expect(instance.reason()).toBe('Service task (noFlight): no answer');
    instance.complete('noFlight');
    expect(instance.waiting()).toEqual(['after', 'hotel']);
  });
});

describe('compensation of a sub-process', () => {
  const inside = (boundary: string[], subOptions: Parameters<typeof b.sub>[2] = {}) =>
    b.process([
      b.start(),
      b.sub(
        'sub',
        [
          b.start('s2'),
          b.job('book'),
          b.boundaryCompensation('c', 'book', 'undo'),
          b.handler('undo'),
          b.userTask('check'),
          b.end('e2'),
          b.flow('s2 -> book -> check -> e2'),
        ],
        subOptions,
      ),
      ...boundary,
      b.userTask('decide'),
      b.compensationEnd('last'),
      b.flow('start -> sub -> decide -> last'),
    ]);

  it('compensates the activities in it', async () => {
    const instance = await play(inside([]));
    instance.complete('book');
    instance.complete('check');
    instance.complete('decide');
    expect(instance.waiting()).toEqual(['undo']);
    instance.complete('undo');
    expect(instance.status()).toBe('completed');
  });

  it('begins with its own handler', async () => {
    const instance = await play(inside([b.boundaryCompensation('cs', 'sub', 'undoAll'), b.handler('undoAll')]));
    instance.complete('book');
    instance.complete('check');
    instance.complete('decide');
    expect(instance.waiting()).toEqual(['undo', 'undoAll']);
  });

  it('skips a sub-process that did not complete', async () => {
    const instance = await play(
      inside([
        b.boundaryTimer('late', 'sub', { duration: 'PT1H' }),
        b.compensationEnd('giveup'),
        b.flow('late -> giveup'),
      ]),
    );
    instance.complete('book');
    instance.fire('late');
    expect(instance.status()).toBe('completed');
  });

  it('compensates each instance of a multi-instance sub-process, and runs its own handler once', async () => {
    const loop = { inputCollection: '=[1, 2]' };
    const own = [b.boundaryCompensation('cs', 'sub', 'undoAll'), b.handler('undoAll')];
    const instance = await play(inside(own, { loop }));
    for (const id of ['book', 'book', 'check', 'check', 'decide']) instance.complete(id);
    expect(instance.waiting()).toEqual(['undo', 'undo', 'undoAll']);
    for (const id of ['undo', 'undo', 'undoAll']) instance.complete(id);
    expect(instance.status()).toBe('completed');
  });

  it('from an event sub-process compensates the surrounding scope', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.job('book'),
        b.boundaryCompensation('c', 'book', 'undo'),
        b.handler('undo'),
        b.job('pay'),
        b.flow('start -> book -> pay'),
        b.eventSub('rescue', [
          b.eventStart('failed', b.errorDefinition('E')),
          b.compensationEnd('all', 'book'),
          b.flow('failed -> all'),
        ]),
      ]),
    );
    instance.complete('book');
    instance.throwError('pay', 'E');
    expect(instance.waiting()).toEqual(['undo']);
    instance.complete('undo');
    expect(instance.status()).toBe('completed');
  });
});
