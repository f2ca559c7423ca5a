import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Address, listenAtAddress } from '../../helpers/address.ts';

/**
 * The fate of a call: it passes; its connection breaks before ELMA365 gets it, or after ELMA365 has carried it out; it is never
 * answered, and never reaches ELMA365 or does; or it gets this answer.
 */
export type Fate = 'pass' | 'cut before' | 'lose answer' | 'hold' | 'hold answer' | { status: number; body?: unknown };

export interface StandInInstance {
  id: string;
  process: string;
  state: string;
  context: Record<string, unknown>;
  createdAt: number;
}

/** The part of ELMA365 that Kickoff uses: its Web API for processes, over HTTP. */
export interface ElmaStandIn extends Address {
  /** The environment variables with which Kickoff finds it. */
  environment: Record<string, string>;
  /**
   * Returns the fate of a call, named by its path below `/pub/v1/bpm/`; every call passes unless a test sets another function.
   */
  fate: (call: string) => Fate | Promise<Fate>;
  /** The ids of instances requested in lists, each once. */
  askedFor: string[];
  /** The calls that were not answered. */
  held: string[];
  /** Newest last. */
  instances: StandInInstance[];
  setState(id: string, state: string): void;
  nameProcesses(processes: unknown): Promise<void>;
  close(): Promise<void>;
}

export const processFile = {
  processes: [
    {
      namespace: 'crm.leads',
      code: 'create_lead',
      name: 'Create lead in ELMA365',
      workspace: 'CRM',
      app: 'Leads',
      description: 'A lead of a conversation',
      startIdField: 'kickoff_start',
      parameters: [
        { key: 'clientName', field: 'client_name', label: "Client's name", type: 'text' },
        { key: 'clientEmail', field: 'client_email', label: "Client's e-mail", type: 'email' },
        { key: 'messageText', field: 'words', label: 'Words', type: 'text' },
      ],
    },
    { namespace: 'global', code: 'note', name: 'Note in ELMA365' },
  ],
};

const token = 'token-of-an-administrator';
const runBody = z.strictObject({ context: z.record(z.string(), z.unknown()) });
const listBody = z.strictObject({
  active: z.boolean().optional(),
  from: z.int().min(0).optional(),
  size: z.int().min(1).max(100),
  ids: z.array(z.uuid()).optional(),
  filter: z.strictObject({ tf: z.record(z.string(), z.string()) }).optional(),
  sortExpressions: z.array(z.strictObject({ ascending: z.boolean(), field: z.string() })).optional(),
});

export async function startElmaStandIn(): Promise<ElmaStandIn> {
  const folder = await mkdtemp(join(tmpdir(), 'kickoff-elma-'));
  const path = join(folder, 'processes.json');
  const named = new Set<string>();

  const shown = ({ id, state, context, createdAt }: StandInInstance) => ({
    ...context,
    __id: id,
    __state: state,
    __createdAt: new Date(createdAt).toISOString(),
  });
  const run = (process: string, body: unknown) => {
    if (!named.has(process)) return { status: 404, body: { success: false, error: `no process ${process}` } };
    const { context } = runBody.parse(body);
    const instance = { id: randomUUID(), process, state: 'exec', context, createdAt: Date.now() };
    standIn.instances.push(instance);
    return { status: 200, body: { success: true, error: '', context: shown(instance) } };
  };
  const list = (process: string, body: unknown) => {
    const { ids, filter, size, from = 0 } = listBody.parse(body);
    standIn.askedFor.push(...(ids ?? []).filter((id) => !standIn.askedFor.includes(id)));
    const found = standIn.instances.filter(
      (one) =>
        one.process === process &&
        (!ids || ids.includes(one.id)) &&
        // Strings match by substring, ignoring case.
        Object.entries(filter?.tf ?? {}).every(([field, text]) =>
          String(one.context[field] ?? '')
            .toLowerCase()
            .includes(text.toLowerCase()),
        ),
    );
    const result = found
      .reverse()
      .slice(from, from + size)
      .map(shown);
    return { status: 200, body: { success: true, error: '', result: { result, total: found.length } } };
  };
  const get = (id: string) => {
    const found = standIn.instances.find((one) => one.id === id);
    if (!found) return { status: 404, body: { success: false, error: 'not found' } };
    return { status: 200, body: { success: true, error: '', data: shown(found) } };
  };
  const perform = (call: string, body: unknown): { status: number; body: unknown } => {
    const [kind, first = '', second = '', third = '', fourth] = call.split('/');
    if (kind === 'template' && third === 'run') return run(`${first}/${second}`, body);
    if (kind === 'instance' && first === 'bytemplate' && fourth === 'list') return list(`${second}/${third}`, body);
    if (kind === 'instance' && second === 'get') return get(first);
    return { status: 404, body: { success: false, error: 'no such address' } };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const call = (request.url ?? '').replace('/pub/v1/bpm/', '');
    const fate = await standIn.fate(call);
    if (fate === 'hold') return void standIn.held.push(call);
    if (fate === 'cut before') return void response.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (typeof fate === 'object') return void answer(fate.status, fate.body ?? {});
    if (request.headers.authorization !== `Bearer ${token}`) return void answer(403, {});
    let done: ReturnType<typeof perform>;
    try {
      done = perform(call, JSON.parse(Buffer.concat(chunks).toString()));
    } catch (error) {
      done = { status: 400, body: { success: false, error: String(error) } };
    }
    if (fate === 'hold answer') return void standIn.held.push(call);
    if (fate === 'lose answer') return void response.destroy();
    answer(done.status, done.body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  const address = await listenAtAddress(server);
  const { url } = address;
  const standIn: ElmaStandIn = {
    ...address,
    environment: { ELMA365_URL: url, ELMA365_TOKEN: token, ELMA365_PROCESSES: path },
    fate: () => 'pass',
    askedFor: [],
    held: [],
    instances: [],
    setState(id, state) {
      const found = standIn.instances.find((one) => one.id === id);
      if (!found) throw new Error(`no instance ${id}`);
      found.state = state;
    },
    async nameProcesses(content) {
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
      for (const { namespace, code } of processFile.processes) named.add(`${namespace}/${code}`);
    },
    async close() {
      await address.leave();
      await rm(folder, { recursive: true });
    },
  };
  await standIn.nameProcesses(processFile);
  return standIn;
}
