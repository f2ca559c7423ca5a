import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { eq, sql } from 'drizzle-orm';
import type { Person } from '../../../sandbox/driver/person.ts';
import type { JsonObject } from '../../../sandbox/json.ts';
import type { MessageRecord } from '../../../sandbox/state.ts';
import type { Call } from '../../../sandbox/traffic.ts';
import { addBinding } from '../../../src/bindings/queries.ts';
import { selectRows } from '../../../src/db/query.ts';
import type { Form, FormField } from '../../../src/processes/form.ts';
import type { Parameter } from '../../../src/processes/process-definition.ts';
import { sessions } from '../../../src/sessions/tables.ts';
import { createSlackApp } from '../../../src/slack/app.ts';
import type { SlackContext } from '../../../src/slack/slack-context.ts';
import { markActivityDue } from '../../../src/starts/activity-queue.ts';
import { starts } from '../../../src/starts/tables.ts';
import { message } from '../../../src/words/message.ts';
import { addLiveChat } from '../../helpers/builders.ts';
import { type BusyOffice, type OfficeProcess, openOffice } from '../../helpers/office.ts';

/** Markup that an attacker could try to inject. */
export const hostile = '<!channel> <https://evil.example|Log in> *x* `y`';
/**
 * Part of every text about the live chat *Support*, about *Sales*, which staff of other live chats must not read, and about the
 * processes, which all staff may start.
 */
export const marks = { support: 'Secret', sales: 'Hidden', company: 'Internal' };
type Side = 'support' | 'sales';

/** The ids of one live chat that a payload can contain. */
export interface Place {
  liveChatId: string;
  channelId: string;
  sessionId: string;
  messageTs: string;
  taskKey: string;
  runningId: string;
  /** A start that is running as well, until it is cancelled. */
  cancelledId: string;
  failedId: string;
  processId: string;
  bindingId: string;
}

/** The outcome of an interaction. */
export interface Outcome {
  /** The acknowledgements. */
  answers: unknown[];
  calls: Call[];
  /** Messages that the app wrote without a Web API call, by response_url. */
  written: MessageRecord[];
}

export interface RightsWorld {
  office: BusyOffice;
  context: SlackContext;
  people: Record<'client' | 'guest' | 'nobody' | 'elsewhere' | 'deactivated' | 'foreign', Person> &
    Record<'operator' | 'supervisor' | 'administrator', Person>;
  places: Record<Side, Place>;
  /** Delivers a body to the app; resolves when it has been handled. */
  deliver(body: JsonObject): Promise<Outcome>;
  /** Creates a trigger, a view and a response URL of this person, for a payload. */
  stage(person: Person): { triggerId: string; viewId: string; responseUrl: string };
  /** Restores what an earlier interaction may have changed: the failed start, the sessions' status, who is away. */
  restore(): Promise<void>;
  /** All rows of all tables (without people's own filters of Home), and all requests to the engine. */
  snapshot(): Promise<string[]>;
  close(): Promise<void>;
}

const form = (mark: string): Form => ({
  id: mark,
  items: [{ kind: 'text', text: `${mark} {{evil}}` }, fieldOf(mark)],
});

/** The same in form-js' format. */
const formText = (mark: string): string => {
  const { key, label, description, options: values } = fieldOf(mark);
  const field = { type: 'select', key, label, description, values };
  return JSON.stringify({ type: 'default', id: mark, components: [{ type: 'text', text: `${mark} {{evil}}` }, field] });
};

/** A field with so many options that it is an external select. */
const fieldOf = (mark: string): FormField => ({
  kind: 'field',
  key: 'pick',
  label: `${mark} ${hostile}`,
  description: hostile,
  type: 'choice',
  required: false,
  options: Array.from({ length: 120 }, (_, nth) => ({ label: `${mark} ${nth} ${hostile}`, value: `v${nth}` })),
});

export const parameter: Parameter = {
  key: 'pick',
  label: `${marks.company} ${hostile}`,
  type: 'text',
  required: false,
};

function processOf(side: Side): OfficeProcess {
  const mark = marks.company;
  return {
    definition: {
      id: `process-${side}`,
      name: `${mark} ${hostile}`,
      description: `${mark} ${hostile}`,
      version: 1,
      parameters: [parameter],
      startForm: form(mark),
    },
    tasks: [{ name: `${marks[side]} ${hostile}`, form: formText(marks[side]) }],
  };
}

/** Two live chats with a session each, and in each a running start, with a task, and a failed one. */
export async function openRightsWorld(): Promise<RightsWorld> {
  const office = await openOffice([processOf('support'), processOf('sales')], ({ people }) => ({
    name: `${marks.support} ${hostile}`,
    operators: [people.oleg.id, people.rita.id],
    supervisors: [people.sam.id],
  }));
  const { context, sandbox, people, channel } = office;
  const { db, identity } = context;
  const { anna, carl, emma, gina, oleg, olga, rita, sam } = people;
  sandbox.workspace.changePerson(rita, { isAdmin: false, deleted: true });
  sandbox.workspace.changePerson(carl, { realName: `Carl ${hostile}`, title: hostile });
  const sales = await addLiveChat(db, identity.teamId, {
    name: `${marks.sales} ${hostile}`,
    prefixes: ['sales-'],
    operators: [olga.id],
  });
  await context.liveChats.changed();
  const salesChannel = await anna.createChannel('sales-globex', { sharedWith: 'Acme' });
  for (const member of ['app', carl, olga, anna] as const) await anna.invite(salesChannel, member);
  const salesQuestion = await carl.post(salesChannel, `${marks.sales} ${hostile} &lt;!channel&gt;`);
  await sandbox.traffic.settled();
  const places = {
    support: await furnish(office, 'support', office.liveChat.id, channel.id, office.question.ts, oleg.id),
    sales: await furnish(office, 'sales', sales.id, salesChannel.id, salesQuestion.ts, olga.id),
  };
  await office.quiet();

  const tables = await selectRows<{ name: string }>(
    db,
    sql`select table_name as name from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'homes'`,
  );
  const contents = tables.map(
    ({ name }) => sql`select ${name} as name, row_to_json(t)::text as row from ${sql.identifier(name)} t`,
  );
  const allRows = sql`${sql.join(contents, sql` union all `)} order by 1, 2`;
  const app = unheardApp(context);
  const messagesOfApp = () =>
    Object.values(sandbox.state.channels).flatMap(({ messages }) =>
      messages.filter(({ botId }) => botId !== undefined),
    );
  let count = 0;
  const stage = (person: Person) => {
    count += 1;
    const viewId = `V9${person.id.slice(2, 6)}${String(count).padStart(4, '0')}`;
    const triggerId = `${count}.9.staged`;
    const { state } = sandbox;
    state.views[viewId] = {
      id: viewId,
      userId: person.id,
      view: { type: 'modal', title: { type: 'plain_text', text: 'Staged' }, blocks: [] } as never,
      hash: 'staged',
      rootViewId: viewId,
      previousViewId: null,
      values: {},
      errors: {},
    };
    state.modals[person.id] = [viewId];
    state.triggers[triggerId] = { id: triggerId, userId: person.id, at: Date.now(), used: false, viewId };
    const id = `R${count}`;
    const channel = places.support.channelId;
    state.responseUrls[id] = { id, userId: person.id, channel, ephemeral: false, at: Date.now(), uses: 0 };
    return { triggerId, viewId, responseUrl: `${sandbox.url}/respond/${sandbox.teamId}/${id}` };
  };
  return {
    office,
    context,
    people: {
      client: carl,
      guest: gina,
      nobody: emma,
      elsewhere: olga,
      deactivated: rita,
      foreign: oleg,
      operator: oleg,
      supervisor: sam,
      administrator: anna,
    },
    places,
    stage,
    async deliver(body) {
      const answers: unknown[] = [];
      const before = sandbox.traffic.calls.length;
      const known = new Set(messagesOfApp());
      await app.processEvent({
        body,
        ack: async (answer?: unknown) => {
          answers.push(answer);
        },
      } as unknown as ReceiverEvent);
      const written = messagesOfApp().filter((message) => !known.has(message));
      return { answers, calls: sandbox.traffic.calls.slice(before), written };
    },
    async restore() {
      for (const { failedId, sessionId } of Object.values(places)) {
        await db.execute(sql`update starts set status = 'failed', process_instance_key = null, due_at = null
          where id = ${failedId}::uuid`);
        await db.execute(sql`update sessions set status = 'open', closed_at = null where id = ${sessionId}::uuid`);
      }
      await db.execute(sql`delete from absences`);
      await office.quiet();
    },
    async snapshot() {
      const found = await selectRows<{ name: string; row: string }>(db, allRows);
      const rows = found.map(({ name, row }) => `${name} ${row}`);
      const { engine } = office;
      return [...rows, JSON.stringify([engine.starts, engine.completions])];
    },
    close: () => office.close(),
  };
}

async function furnish(
  { context, engine }: BusyOffice,
  side: Side,
  liveChatId: string,
  channelId: string,
  messageTs: string,
  startedBy: string,
): Promise<Place> {
  const { db, identity } = context;
  const { teamId } = identity;
  const [session] = await db.select().from(sessions).where(eq(sessions.channelId, channelId));
  if (!session) throw new Error(`${side} has no session`);
  const processId = `process-${side}`;
  await db.execute(sql`update sessions set given_name = ${`${marks[side]} ${hostile}`} where id = ${session.id}::uuid`);
  const bindingId = await addBinding(db, {
    liveChatId,
    event: 'session_closed',
    processDefinitionId: processId,
    processName: `${marks[side]} ${hostile}`,
    parameters: [parameter],
    mapping: { pick: 'message.text' },
  });
  const facts = {
    liveChatName: `${marks[side]} ${hostile}`,
    channelId,
    sessionName: `${marks[side]} ${hostile}`,
    status: 'open' as const,
    messageCount: 1,
    openedAt: session.openedAt.toISOString(),
    closedAt: null,
    clientUserId: session.clientUserId,
    operatorUserId: startedBy,
    transcript: [],
    message: { ts: messageTs, userId: session.clientUserId ?? '', text: `${marks[side]} ${hostile}`, files: [] },
  };
  const common = {
    teamId,
    sessionId: session.id,
    liveChatId,
    startedBy,
    processDefinitionId: processId,
    processName: `${marks[side]} ${hostile}`,
    facts,
    variables: { pick: hostile },
  };
  const reason = message('asIs', { text: `${marks[side]} ${hostile}` });
  const [failed] = await db
    .insert(starts)
    .values({ ...common, key: `test:failed:${side}`, status: 'failed', reason, attempts: 1 })
    .returning();
  const run = async (key: string) => {
    const [start] = await db
      .insert(starts)
      .values({ ...common, key, status: 'running' })
      .returning();
    if (!start) throw new Error('a start was not made');
    const variables = { sessionId: session.id, evil: hostile };
    const request = { startId: start.id, processDefinitionId: processId, variables };
    const { processInstanceKey } = await engine.startProcessInstance(request);
    await db.execute(sql`update starts set process_instance_key = ${processInstanceKey}, status = 'running'
      where id = ${start.id}::uuid`);
    return { start, processInstanceKey };
  };
  if (!failed) throw new Error('the failed start was not made');
  const { start: running, processInstanceKey } = await run(`test:running:${side}`);
  const { start: cancelled } = await run(`test:cancelled:${side}`);
  for (const { id } of [failed, running]) await markActivityDue(db, id);
  context.database.signal('activity_due');
  const [task] = await engine.listUserTasks(processInstanceKey);
  if (!task) throw new Error(`${side} has no task`);
  return {
    liveChatId,
    channelId,
    sessionId: session.id,
    messageTs,
    taskKey: task.key,
    runningId: running.id,
    cancelledId: cancelled.id,
    failedId: failed.id,
    processId,
    bindingId,
  };
}

/**
 * The app with all its listeners, but without a connection: the test delivers to it, and knows when each delivery is handled.
 */
function unheardApp(context: SlackContext): App {
  const receiver: Receiver = { init() {}, start: async () => {}, stop: async () => {} };
  const { app } = createSlackApp(
    context,
    { receiver, handleRequest: undefined, fault: () => undefined },
    context.client.token ?? '',
  );
  return app;
}
