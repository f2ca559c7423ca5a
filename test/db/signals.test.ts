import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createSignals } from '../../src/db/signals.ts';

/** The signals of two processes, connected by a channel. */
function twoProcesses() {
  const hearers: ((message: string) => void)[] = [];
  const create = () =>
    createSignals({
      subscribe: async (onMessage) => hearers.push(onMessage),
      publish: async (messages) => {
        for (const message of messages) for (const hear of hearers) hear(message);
      },
      logger: pino({ level: 'silent' }),
    });
  return [create(), create()] as const;
}

test('signalOthers signals everybody except the sender', async () => {
  const [here, elsewhere] = twoProcesses();
  const heard: string[] = [];
  const own = () => void heard.push('own');
  await here.listen('catalogue_changed', own);
  await here.listen('catalogue_changed', () => void heard.push('here'));
  await elsewhere.listen('catalogue_changed', () => void heard.push('elsewhere'));
  here.signalOthers('catalogue_changed', own);
  await here.stop();
  expect(heard).toEqual(['here', 'elsewhere']);
  here.signal('catalogue_changed');
  await here.stop();
  expect(heard.slice(2)).toEqual(['own', 'here', 'elsewhere']);
});
