import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Elma365Timings } from '../../../src/engines/elma365/context.ts';
import { createElma365Engine } from '../../../src/engines/elma365/elma365-engine.ts';
import { EngineRefusedError, EngineUnavailableError, type ProcessEngine } from '../../../src/engines/engine.ts';
import { type ClockedDatabase, openClockedDatabase } from '../../helpers/database.ts';
import { type ElmaStandIn, type Fate, processFile, startElmaStandIn } from './stand-in.ts';

const waiting = { timeout: 10_000, interval: 50 };
const quick: Partial<Elma365Timings> = { pollMs: 50, fileMs: 50, doubtMs: 300 };

let elma: ElmaStandIn;
let database: ClockedDatabase;
let engine: ProcessEngine;
const opened: ProcessEngine[] = [];

const connect = async (timings: Partial<Elma365Timings> = {}, given: { token?: string; url?: string } = {}) => {
  const made = await createElma365Engine({
    engine: 'elma365',
    engineName: 'ELMA365',
    url: given.url ?? `${elma.url}/`,
    token: given.token ?? elma.environment.ELMA365_TOKEN ?? '',
    processFile: elma.environment.ELMA365_PROCESSES ?? '',
    database,
    logger: pino({ level: 'silent' }),
    timings: { ...quick, ...timings },
  });
  opened.push(made);
  return made;
};

beforeAll(async () => {
  database = await openClockedDatabase();
  elma = await startElmaStandIn();
});
beforeEach(async () => {
  elma.fate = () => 'pass';
  await elma.nameProcesses(processFile);
  elma.instances.length = 0;
  await database.db.execute(sql`delete from remote_requests`);
  engine = await connect();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.stop()));
});
afterAll(async () => {
  await elma?.close();
  await database?.close();
});

const lead = 'crm.leads/create_lead';
const note = 'global/note';
const request = (processDefinitionId: string, variables = {}) => ({
  startId: randomUUID(),
  processDefinitionId,
  variables,
});
/** Sets the fates of the next calls that start something; later calls pass. */
const fates = (...first: Fate[]) => {
  elma.fate = (call) => (call.endsWith('/run') ? (first.shift() ?? 'pass') : 'pass');
};
/** Retries the start like the starts worker. */
const untilStarted = (asked: ReturnType<typeof request>, by = engine) =>
  vi.waitFor(async () => (await by.startProcessInstance(asked)).processInstanceKey, waiting);
const idOf = (key: string) => key.split('/').at(-1) ?? '';

describe('processes of ELMA365', () => {
  it('are those in the file, with their place and parameters', async () => {
    expect(await engine.listProcessDefinitions()).toMatchObject([
      {
        id: lead,
        name: 'Create lead in ELMA365',
        workspace: 'CRM',
        app: 'Leads',
        description: 'A lead of a conversation',
        parameters: [
          { key: 'clientName', type: 'text', required: false },
          { key: 'clientEmail', type: 'email' },
          { key: 'messageText', type: 'text' },
        ],
      },
      { id: note, name: 'Note in ELMA365', parameters: [] },
    ]);
  });

  it('are those of the current file, or of the last valid one while it has errors', async () => {
    let told = 0;
    engine.onProcessDefinitionsChange(() => {
      told += 1;
    });
    await engine.start();
    await elma.nameProcesses('{"processes": [');
    await elma.nameProcesses({ processes: [{ namespace: 'global', code: 'other', name: 'Other' }] });
    await vi.waitFor(() => expect(told).toBe(1), waiting);
    expect(await engine.listProcessDefinitions()).toMatchObject([{ id: 'global/other' }]);
  });

  it.each([
    ['{', /ELMA365_PROCESSES .*JSON/],
    [{ processes: [] }, /processes must name a process/],
    [{ processes: [{ namespace: 'a/b', code: 'c', name: 'n' }] }, /processes\.0\.namespace must be codes with dots/],
    [{ processes: [{ namespace: 'a', code: 'c', name: 'n', colour: 1 }] }, /processes\.0 .*colour/],
    [
      {
        processes: [{ namespace: 'a', code: 'c', name: 'n', parameters: [{ key: 'k', label: 'l', type: 'user' }] }],
      },
      /processes\.0\.parameters\.0\.as must be "text"/,
    ],
    [
      {
        processes: [{ namespace: 'a', code: 'c', name: 'n', parameters: [{ key: 'k', label: 'l', type: 'choice' }] }],
      },
      /parameters\.0\.options must be there for a choice/,
    ],
    [
      {
        processes: [
          { namespace: 'a', code: 'c', name: 'n' },
          { namespace: 'a', code: 'c', name: 'm' },
        ],
      },
      /a\/c is named twice/,
    ],
  ])('are refused with a readable line if the file is invalid: %j', async (content, expected) => {
    await elma.nameProcesses(content);
    await expect(connect()).rejects.toThrow(expected);
  });
});

describe('a start at ELMA365', () => {
  it('fills the context in ELMA365’s formats', async () => {
    const parameters = [
      { key: 'email', label: 'E', type: 'email' },
      { key: 'phone', label: 'P', type: 'phone' },
      { key: 'kind', label: 'K', type: 'choice', options: [{ value: 'vip', label: 'Important' }] },
      { key: 'count', label: 'C', type: 'number' },
      { key: 'day', label: 'D', type: 'date' },
      { key: 'who', label: 'W', type: 'user', as: 'text' },
      { key: 'files', label: 'F', type: 'files', as: 'text' },
      { key: 'mail', label: 'M', type: 'email', as: 'text' },
      { key: 'absent', label: 'A', type: 'text' },
    ];
    await elma.nameProcesses({ processes: [{ namespace: 'global', code: 'note', name: 'Note', parameters }] });
    await (await connect()).startProcessInstance(
      request(note, {
        email: 'a@b.c',
        phone: '+1 (900) 000-00',
        kind: 'vip',
        count: 3,
        day: '2026-02-03',
        who: 'U1',
        files: [{ name: 'a.pdf', type: 'application/pdf', size: 1, link: 'https://files.example/a' }],
        mail: 'a@b.c',
        absent: '',
        sessionId: 'session-1',
      }),
    );
    expect(elma.instances.map(({ context }) => context)).toEqual([
      {
        email: [{ type: 'work', email: 'a@b.c' }],
        phone: [{ type: 'work', tel: '+190000000' }],
        kind: [{ code: 'vip', name: 'Important' }],
        count: 3,
        day: '2026-02-03T00:00:00Z',
        who: 'U1',
        files: 'a.pdf https://files.example/a',
        mail: 'a@b.c',
      },
    ]);
  });

  it('is one instance, however often and concurrently two replicas ask for it', async () => {
    const asked = request(lead, { clientName: 'Carl' });
    const other = await connect();
    const keys = await Promise.all(
      Array.from({ length: 8 }, (_, at) => (at % 2 ? other : engine).startProcessInstance(asked)),
    );
    expect(new Set(keys.map(({ processInstanceKey }) => processInstanceKey)).size).toBe(1);
    expect(elma.instances).toMatchObject([{ context: { client_name: 'Carl', kickoff_start: asked.startId } }]);
  });

  it.each<[Fate, boolean]>([
    ['lose answer', true],
    ['cut before', false],
    [{ status: 502 }, false],
  ])('after %j is looked for by its id, and made again only once it cannot come any more', async (fate, isThere) => {
    const asked = request(lead);
    fates(fate);
    await expect(engine.startProcessInstance(asked)).rejects.toThrow(EngineUnavailableError);
    expect(elma.instances).toHaveLength(isThere ? 1 : 0);
    const key = await untilStarted(asked);
    expect(elma.instances.map(({ id }) => id)).toEqual([idOf(key)]);
    expect(await engine.getProcessInstance(key)).toMatchObject({ startId: asked.startId, status: 'active' });
  });

  it('is not made again while its call may still take effect', async () => {
    const patient = await connect({ doubtMs: 600_000 });
    const asked = request(lead);
    fates('cut before');
    await expect(patient.startProcessInstance(asked)).rejects.toThrow(EngineUnavailableError);
    await expect(patient.startProcessInstance(asked)).rejects.toThrow('ELMA365 has not said what came of this');
    expect(elma.instances).toHaveLength(0);
  });

  it('does not mistake an instance whose field only contains its id for its own', async () => {
    const asked = request(lead);
    elma.instances.push({
      id: randomUUID(),
      process: lead,
      state: 'exec',
      context: { kickoff_start: `copy of ${asked.startId}` },
      createdAt: 0,
    });
    fates('cut before');
    await expect(engine.startProcessInstance(asked)).rejects.toThrow(EngineUnavailableError);
    await untilStarted(asked);
    expect(elma.instances).toHaveLength(2);
  });

  it('of a process without a field for its id is left to a person if the answer was lost', async () => {
    const asked = request(note);
    fates('lose answer');
    await expect(engine.startProcessInstance(asked)).rejects.toThrow(EngineUnavailableError);
    const refused = engine.startProcessInstance(asked);
    await expect(refused).rejects.toThrow(EngineRefusedError);
    await expect(refused).rejects.toThrow('Look there: Retry starts it again.');
    expect(elma.instances).toHaveLength(1);
    // The same call as *Retry*.
    await engine.startProcessInstance(asked);
    expect(elma.instances).toHaveLength(2);
  });

  it('that never reached ELMA365 is made as soon as it is back, for every process', async () => {
    const asked = request(note);
    const gone = await startElmaStandIn();
    await gone.close();
    const away = await connect({}, { url: gone.url });
    await expect(away.startProcessInstance(asked)).rejects.toThrow(EngineUnavailableError);
    await expect(away.checkHealth()).rejects.toThrow('ELMA365 does not answer');
    await engine.startProcessInstance(asked);
    expect(elma.instances).toHaveLength(1);
  });

  it.each<[Fate, RegExp]>([
    [{ status: 429 }, /limit of process starts/],
    [{ status: 400, body: { success: false, error: 'no field words' } }, /no field words/],
    [{ status: 200, body: { success: false, error: 'not published' } }, /not published/],
    [{ status: 404 }, /There is no process “Create lead in ELMA365”/],
  ])('is refused with the reason of ELMA365: %j', async (fate, expected) => {
    const asked = request(lead);
    fates(fate);
    const refused = engine.startProcessInstance(asked);
    await expect(refused).rejects.toThrow(EngineRefusedError);
    await expect(refused).rejects.toThrow(expected);
    await engine.startProcessInstance(asked);
    expect(elma.instances).toHaveLength(1);
  });

  it('waits while the token is not accepted', async () => {
    const stranger = await connect({}, { token: 'another' });
    await expect(stranger.startProcessInstance(request(lead))).rejects.toThrow(
      'ELMA365 does not accept the token that Kickoff has for it',
    );
    await expect(stranger.checkHealth()).rejects.toThrow(EngineUnavailableError);
    await engine.checkHealth();
  });
});

describe('an instance at ELMA365', () => {
  it.each([
    ['exec', 'active'],
    ['done', 'completed'],
    ['cancel', 'terminated'],
    ['error', 'incident'],
    ['unheard-of', 'active'],
  ])('that is %s there is %s in Kickoff', async (state, status) => {
    const { processInstanceKey: key } = await engine.startProcessInstance(request(lead, { clientName: 'Carl' }));
    elma.setState(idOf(key), state);
    expect(await engine.getProcessInstance(key)).toMatchObject({
      processDefinitionId: lead,
      status,
      variables: { client_name: 'Carl' },
    });
  });

  it('has a link, and can be worked on only there', async () => {
    const { processInstanceKey: key } = await engine.startProcessInstance(request(lead));
    expect(engine.instanceLink(key)).toEqual({ engine: 'ELMA365', url: `${elma.url}/(p:history/${idOf(key)})` });
    await expect(engine.cancelProcessInstance(key)).rejects.toThrow('Do everything else in ELMA365 itself.');
    expect(await engine.listUserTasks(key)).toEqual([]);
    expect(await engine.getProcessInstance('no key')).toBeUndefined();
    expect(await engine.getProcessInstance(`${lead}/${randomUUID()}`)).toBeUndefined();
  });

  it('is reported when its state changes, once per state, by any replica', async () => {
    const keys = await Promise.all(
      [lead, lead, note].map(async (id) => (await engine.startProcessInstance(request(id))).processInstanceKey),
    );
    const told: string[] = [];
    const listening = await connect();
    for (const one of [engine, listening]) {
      one.onProcessInstanceChange(async (key) => {
        told.push(key);
      });
      await one.start();
    }
    await vi.waitFor(() => expect([...told].sort()).toEqual([...keys].sort()), waiting);
    elma.setState(idOf(keys[1] ?? ''), 'done');
    await vi.waitFor(() => expect(told.slice(3)).toEqual([keys[1]]), waiting);
    // The engine that was reading is stopped.
    await engine.stop();
    elma.setState(idOf(keys[0] ?? ''), 'error');
    await vi.waitFor(() => expect(told.slice(4)).toEqual([keys[0]]), waiting);
    elma.setState(idOf(keys[0] ?? ''), 'done');
    elma.setState(idOf(keys[2] ?? ''), 'cancel');
    await vi.waitFor(() => expect(told).toHaveLength(7), waiting);
    // Ended instances are no longer polled.
    elma.askedFor.length = 0;
    const { processInstanceKey: last } = await listening.startProcessInstance(request(lead));
    await vi.waitFor(() => expect(told.at(-1)).toBe(last), waiting);
    expect(elma.askedFor).toEqual([idOf(last)]);
  });

  it('is reported also while ELMA365 refuses the instances of another process', async () => {
    await engine.startProcessInstance(request(lead));
    const { processInstanceKey: key } = await engine.startProcessInstance(request(note));
    elma.fate = (call) => (call.endsWith('create_lead/list') ? { status: 400, body: { error: 'no rights' } } : 'pass');
    const told: string[] = [];
    engine.onProcessInstanceChange(async (changed) => {
      told.push(changed);
    });
    await engine.start();
    await vi.waitFor(() => expect(told).toEqual([key]), waiting);
  });
});
