import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOperatonEngine } from '../../../src/engines/operaton/operaton-engine.ts';
import { openTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

const connect = (webappsUrl?: string) =>
  createOperatonEngine({
    engine: 'operaton',
    engineName: 'Operaton',
    url: 'http://127.0.0.1:1/engine-rest',
    webappsUrl,
    database,
    jobHandlers: {},
    logger: pino({ level: 'silent' }),
  });

test('an instance at Operaton has a link to Cockpit if its URL is configured', () => {
  expect(connect().instanceLink('2d1f')).toBeUndefined();
  expect(connect('https://host.example/operaton/app/').instanceLink('2d1f')).toEqual({
    engine: 'Operaton',
    url: 'https://host.example/operaton/app/cockpit/default/#/process-instance/2d1f/runtime',
  });
});
