import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describe, expect, test } from 'vitest';
import { PermanentJobError } from '../src/engines/engine.ts';
import { UserFacingError } from '../src/errors.ts';
import { createLogger } from '../src/logger.ts';
import { boltLogger } from '../src/slack/bolt-logger.ts';
import { message } from '../src/words/message.ts';

function logging() {
  const lines: string[] = [];
  return { lines, logger: createLogger('trace', { write: (line) => lines.push(line) }) };
}

const secrets = ['xoxb-12-34-abcDEF', 'xapp-1-A1-99-ffff', 'carl.client@acme.example', 'hunter2'];
const sentence = `told ${secrets.slice(0, 3).join(' and ')} to postgres://kickoff:hunter2@db/x with Bearer hunter2`;

describe('a log line', () => {
  test('contains no address, token or password, in any field', () => {
    const { lines, logger } = logging();
    logger.info(sentence);
    logger.warn({ reason: sentence, deep: { list: [sentence, { more: sentence }] } }, sentence);
    logger.child({ start: sentence }).error({ err: new Error(sentence, { cause: new Error(sentence) }) }, 'failed');
    logger.child({}).child({ user: sentence }).info('told');
    logger.error(new Error(sentence));
    logger.error({ err: new Error(sentence) });
    logger.error({ other: new Error(sentence) }, 'failed');
    boltLogger(logger).error(sentence, new Error(sentence), { token: 'hunter2' });
    expect(lines).toHaveLength(8);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number), time: expect.any(Number) });
      for (const secret of secrets) expect(line).not.toContain(secret);
    }
    expect(JSON.parse(lines[0] ?? '').msg).toBe('told … and … and … to postgres://…@db/x with Bearer …');
  });

  test('contains no fields with names of texts or secrets', () => {
    const { lines, logger } = logging();
    const told = { text: 'hunter2', body: { deep: 'hunter2' }, variables: { a: 'hunter2' }, headers: ['hunter2'] };
    logger.info({ ...told, deliveries: [told], Password: 'hunter2', signingSecret: 'hunter2', token: 'hunter2' }, 'x');
    expect(lines.join()).not.toContain('hunter2');
  });

  test('is short, whatever its fields, and stays JSON', () => {
    const { lines, logger } = logging();
    const long = `${'word '.repeat(10_000)}`;
    logger.info({ type: long, list: Array.from({ length: 1000 }, () => long), [long]: long }, long);
    logger.info({ a: { b: { c: { d: { e: { f: long } } } } }, many: Object.fromEntries([...long].entries()) }, 'deep');
    logger.child({ long }).error({ err: new Error(long, { cause: new TypeError(long) }), again: [long, long] }, long);
    for (const line of lines) {
      expect(line.length).toBeLessThan(5000);
      for (const value of Object.values(JSON.parse(line))) {
        if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(301);
      }
    }
  });

  test('has the kind and place of an error, and nothing that the error quotes', () => {
    const { lines, logger } = logging();
    const postgres = Object.assign(new Error('invalid input syntax for type uuid: "from hunter2"'), { code: '22P02' });
    const errors = [
      new DrizzleQueryError('insert into x values ($1)', ['hunter2'], postgres),
      new PermanentJobError('“user” names nobody in Slack: hunter2'),
      new UserFacingError(message('start.noSuchProcess', { process: 'hunter2' })),
      (() => {
        try {
          return JSON.parse('{"password": hunter2}');
        } catch (error) {
          return error;
        }
      })(),
    ];
    for (const err of errors) logger.error({ err }, 'failed');
    expect(lines.join()).not.toContain('hunter2');
    expect(lines.map((line) => JSON.parse(line).err)).toMatchObject([
      { message: 'Failed query: insert into x values ($1): invalid input syntax for type uuid: "…"' },
      { type: 'PermanentJobError', stack: expect.stringContaining('log-fields.test.ts') },
      { type: 'UserFacingError', message: 'start.noSuchProcess' },
      { type: 'SyntaxError' },
    ]);
  });

  test('does not change ids, numbers, times and codes', () => {
    const { lines, logger } = logging();
    const at = new Date(0);
    logger.child({ startId: 's-1' }).warn({ at, retryInMs: 5, ok: true, none: null, gone: undefined }, 'again');
    logger.error({ err: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }) }, 'away');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      startId: 's-1',
      at: at.toJSON(),
      retryInMs: 5,
      ok: true,
      none: null,
    });
    expect(JSON.parse(lines[1] ?? '').err).toMatchObject({ message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' });
  });
});
