import { describe, expect, it } from 'vitest';
import * as b from './diagram-builder.ts';
import { play } from './play.ts';

describe('an inclusive gateway', () => {
  const lunch = b.process([
    b.start(),
    b.or('choose', 'choose-salad'),
    b.userTask('pasta'),
    b.userTask('steak'),
    b.userTask('salad'),
    b.or('join'),
    b.userTask('eat'),
    b.flow('start -> choose'),
    b.flow('choose -> pasta', '=pasta'),
    b.flow('choose -> steak', '=steak'),
    b.flow('choose -> salad'),
    b.flow('pasta -> join'),
    b.flow('steak -> join'),
    b.flow('salad -> join -> eat'),
  ]);

  it.each([
    [{ pasta: true, steak: true }, ['pasta', 'steak']],
    [{ pasta: false, steak: true }, ['steak']],
    [{ pasta: false, steak: false }, ['salad']],
  ])('takes every flow whose condition is true, else the default, and joins only those: %j', async (given, taken) => {
    const instance = await play(lunch, given);
    expect(instance.waiting()).toEqual(taken);
    for (const [index, id] of taken.entries()) {
      instance.complete(id);
      expect(instance.waiting()).toEqual(index === taken.length - 1 ? ['eat'] : taken.slice(index + 1));
    }
    instance.complete('eat');
    expect(instance.status()).toBe('completed');
  });

  it('has an incident if a condition is neither true nor false', async () => {
    const instance = await play(lunch, { pasta: true });
    expect(instance.reason()).toBe('Inclusive gateway (choose): =steak should be true or false, but is null');
    expect(instance.waiting()).toEqual([]);
  });

  it('has an incident if no flow can be taken', async () => {
    const xml = b.process([
      b.start(),
      b.or('choose'),
      b.task('a'),
      b.task('c'),
      b.flow('start -> choose'),
      b.flow('choose -> a', '=n = 1'),
      b.flow('choose -> c', '=n = 2'),
    ]);
    expect((await play(xml, { n: 3 })).reason()).toBe(
      'Inclusive gateway (choose): no condition is true, and there is no default flow',
    );
  });

  it('does not wait for a token that took another way', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.userTask('a'),
        b.userTask('decide'),
        b.xor('where', 'where-join'),
        b.userTask('elsewhere'),
        b.or('join'),
        b.userTask('after'),
        b.flow('start -> fork -> a -> join -> after'),
        b.flow('fork -> decide -> where -> join'),
        b.flow('where -> elsewhere', '=away'),
      ]),
      { away: true },
    );
    instance.complete('a');
    expect(instance.waiting()).toEqual(['decide']);
    instance.complete('decide');
    expect(instance.waiting()).toEqual(['after', 'elsewhere']);
  });

  it('waits for a token that may come through a boundary event or a link', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.task('a'),
        b.userTask('slow'),
        b.boundaryTimer('late', 'slow', { duration: 'PT1H' }),
        b.linkThrow('out', 'L'),
        b.linkCatch('in', 'L'),
        b.or('join'),
        b.userTask('after'),
        b.flow('start -> fork -> a -> join -> after'),
        b.flow('fork -> slow'),
        b.flow('late -> out'),
        b.flow('in -> join'),
      ]),
    );
    expect(instance.waiting()).toEqual(['late', 'slow']);
    instance.fire('late');
    expect(instance.waiting()).toEqual(['after']);
  });

  it('continues when the token that it waited for ends elsewhere', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.task('a'),
        b.userTask('ask'),
        b.boundaryError('failed', 'ask', 'E'),
        b.boundaryTimer('late', 'ask', { duration: 'PT1H' }),
        b.userTask('sorry'),
        b.or('join'),
        b.userTask('after'),
        b.flow('start -> fork -> a -> join -> after'),
        b.flow('fork -> ask -> join'),
        b.flow('late -> sorry'),
      ]),
    );
    instance.fire('late');
    expect(instance.waiting()).toEqual(['after', 'sorry']);
  });

  it('does not wait again for a second token of one flow', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.userTask('each'),
        b.task('detour'),
        b.userTask('other'),
        b.or('join'),
        b.userTask('after'),
        b.flow('start -> fork -> each -> join -> after'),
        b.flow('fork -> detour -> each'),
        b.flow('fork -> other -> join'),
      ]),
    );
    instance.complete('each');
    instance.complete('each');
    expect(instance.waiting()).toEqual(['other']);
    instance.complete('other');
    // Both flows have brought a token; the second token of the first flow finds nothing left to wait for.
    expect(instance.waiting()).toEqual(['after', 'after']);
    instance.complete('after');
    instance.complete('after');
    expect(instance.status()).toBe('completed');
  });

  it('joins in a sub-process only tokens of that sub-process', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.and('fork'),
        b.userTask('outside'),
        b.sub('sub', [
          b.start('s2'),
          b.or('choose'),
          b.userTask('a'),
          b.userTask('c'),
          b.or('join'),
          b.flow('s2 -> choose'),
          b.flow('choose -> a', '=true'),
          b.flow('choose -> c', '=false'),
          b.flow('a -> join'),
          b.flow('c -> join'),
        ]),
        b.userTask('after'),
        b.flow('start -> fork -> outside'),
        b.flow('fork -> sub -> after'),
      ]),
    );
    instance.complete('a');
    expect(instance.waiting()).toEqual(['after', 'outside']);
  });
});

describe('an event-based gateway', () => {
  const race = b.process([
    b.start(),
    b.eventGateway('race'),
    b.timer('soon', { duration: 'PT1H' }),
    b.timer('late', { duration: '=long', outputs: { was: '"late"' } }),
    b.userTask('quick'),
    b.userTask('slow'),
    b.flow('start -> race -> soon -> quick'),
    b.flow('race -> late -> slow'),
  ]);

  it.each([
    ['soon', 'quick'],
    ['late', 'slow'],
  ])('continues at the event that happens first: %s', async (event, next) => {
    const instance = await play(race, { long: 'P1D' });
    expect(instance.waiting()).toEqual(['late', 'soon']);
    instance.fire(event);
    expect(instance.waiting()).toEqual([next]);
  });

  it('opens nothing if one of its events cannot be evaluated', async () => {
    const instance = await play(race, { long: 'never' });
    expect(instance.reason()).toMatch(/^Event based gateway \(race\): =long should be/);
    expect(instance.waiting()).toEqual([]);
  });

  it('ends with its scope', async () => {
    const instance = await play(race, { long: 'P1D' });
    instance.cancel();
    expect(instance.waiting()).toEqual([]);
  });

  it('waits also for messages and signals, and gets their variables', async () => {
    const xml = b.process([
      b.start(),
      b.eventGateway('race'),
      b.catchEvent('paid', b.messageDefinition('paid', '=order'), { outputs: { amount: '=sum' } }),
      b.catchEvent('alarm', b.signalDefinition('alarm')),
      b.timer('late', { duration: 'PT1H' }),
      b.userTask('after'),
      b.flow('start -> race -> paid -> after'),
      b.flow('race -> alarm -> after'),
      b.flow('race -> late'),
    ]);
    const paid = await play(xml, { order: 'A1' });
    paid.trigger('paid', { sum: 5 });
    expect(paid.waiting()).toEqual(['after']);
    expect(paid.variables()).toEqual({ order: 'A1', amount: 5 });
    const alarm = await play(xml, { order: 'A1' });
    alarm.trigger('alarm', { where: 'here' });
    expect(alarm.variables()).toEqual({ order: 'A1', where: 'here' });
  });
});
