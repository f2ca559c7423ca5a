import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { openLogDestination } from '../src/log-destination.ts';
import { createLogger } from '../src/logger.ts';

/** A terminal whose output can be read. */
const terminal = () => Object.assign(new PassThrough(), { isTTY: true as const, hasColors: () => false });

test('a terminal shows lines for people', async () => {
  const output = terminal();
  const logger = createLogger('info', await openLogDestination(output));
  logger.warn({ startId: '7' }, 'start will be retried');
  const [line] = await output.take(1).toArray();
  expect(String(line)).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: start will be retried \{"startId":"7"\}\n$/);
});
