import { describe, expect, it } from 'vitest';
import * as b from './diagram-builder.ts';
import { play } from './play.ts';
import { trip } from './scenarios/elements/compensation.ts';

const throwing = (activity?: string) => b.process(trip(b.compensationThrow('last', activity)));

describe('a compensation event', () => {
  it('has all that is done in its scope undone at once, and waits for that', async () => {
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

  it('has nothing undone that is not done', async () => {
    const instance = await play(throwing());
    instance.complete('hotel');
    instance.complete('decide');
    expect(instance.waiting()).toEqual(['flight', 'noHotel']);
    instance.complete('noHotel');
    expect(instance.waiting()).toEqual(['after', 'flight']);
  });

  it('goes on at once where nothing is to be undone', async () => {
    const instance = await play(throwing());
    instance.complete('decide');
    expect(instance.waiting()).toEqual(['after', 'flight', 'hotel']);
  });

  it('has one activity undone, if it says which', async () => {
    const instance = await play(throwing('hotel'));
    instance.complete('flight');
    instance.complete('hotel');
    instance.complete('decide');
    expect(instance.waiting()).toEqual(['noHotel']);
  });

  it('ends its path, as an end event', async () => {
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

  it('has what was done several times undone as often, and nothing twice', async () => {
    const instance = await play(again, { again: true });
    instance.complete('book');
    instance.complete('book', { again: false });
    expect(instance.waiting()).toEqual(['undo', 'undo']);
    instance.complete('undo');
    instance.complete('undo');
    // The second event has nothing left to compensate.
    expect(instance.waiting()).toEqual(['after']);
  });

  it('keeps the handler that stops, and goes on after it', async () => {
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

  it('undoes what was done in it', async () => {
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

  it('leaves one alone that did not complete', async () => {
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

  it('undoes each of a multi-instance sub-process, and its own handler once', async () => {
    const loop = { inputCollection: '=[1, 2]' };
    const own = [b.boundaryCompensation('cs', 'sub', 'undoAll'), b.handler('undoAll')];
    const instance = await play(inside(own, { loop }));
    for (const id of ['book', 'book', 'check', 'check', 'decide']) instance.complete(id);
    expect(instance.waiting()).toEqual(['undo', 'undo', 'undoAll']);
    for (const id of ['undo', 'undo', 'undoAll']) instance.complete(id);
    expect(instance.status()).toBe('completed');
  });

  it('from an event sub-process undoes what was done around it', async () => {
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
