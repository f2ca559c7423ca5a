import { rm } from 'node:fs/promises';
import type { Channel } from '../../sandbox/driver/channel.ts';
import type { Message } from '../../sandbox/driver/message.ts';
import type { ModalDriver } from '../../sandbox/driver/modal.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { openEngines } from '../../src/engines/open-engines.ts';
import type { Engines } from '../../src/engines/several.ts';
import type { Kickoff } from '../../src/kickoff.ts';
import type { LiveChat, LiveChatSettings } from '../../src/live-chats/live-chat.ts';
import type { ProcessDefinition } from '../../src/processes/process-definition.ts';
import type { SlackContext } from '../../src/slack/slack-context.ts';
import * as b from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { addLiveChat, liveChatSettings } from './builders.ts';
import type { TestDatabase } from './database.ts';
import { type FaultyEngine, withFaults } from './faulty-engine.ts';
import { type LogLine, prepareWorld } from './kickoff.ts';

export interface TaskSeed {
  name: string;
  assignee?: string;
  candidateUsers?: string[];
  candidateGroups?: string[];
  /** The text of its form, in form-js' format. */
  form?: string;
  followUpDate?: Date;
  dueDate?: Date;
}

/** A process as in the search results. Its tasks follow one after the other. */
export interface OfficeProcess {
  definition: ProcessDefinition;
  tasks: TaskSeed[];
}

export const aDefinition = (id: string, name: string): ProcessDefinition => ({ id, name, version: 1, parameters: [] });

export interface OfficeOptions {
  /** The processes that people find; absent: none. */
  definitions?: ProcessDefinition[];
  /** Files of the processes folder. */
  files?: Record<string, string>;
  admins?: string[];
}

/** A Kickoff whose parts a test can access, with an engine whose faults a test controls. */
export interface Office {
  sandbox: Sandbox;
  people: Sandbox['people'];
  database: TestDatabase;
  /** KICKOFF_ADMINS. */
  admins: string[];
  /** The context of the Kickoff that was started last. */
  context: SlackContext;
  engine: FaultyEngine<Engines>;
  /** Starts Kickoff. */
  open(): Promise<void>;
  /** Stops Kickoff, as if it went down. */
  shut(): Promise<void>;
  /** Kickoff's log lines. */
  log: LogLine[];
  /** Resolves when everything is idle. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

/** Settings of a live chat: Oleg serves the clients of the channels `client-…`. */
export const salesSettings = liveChatSettings({ name: 'Sales', prefixes: ['client-'], operators: ['U0OLEG00001'] });

/** An office whose Kickoff is not started yet. */
export async function prepareOffice(options: OfficeOptions = {}): Promise<Office> {
  const { definitions = [], files = {}, admins = [] } = options;
  const folder = await writeFolder(files);
  let engine: FaultyEngine<Engines> | undefined;
  let kickoff: Kickoff | undefined;
  const world = await prepareWorld({
    environment: { PROCESSES_DIR: folder },
    sandbox: { timings: { patienceMs: 10_000 } },
    async openEngines(config, parts) {
      engine = withFaults(await openEngines(config, parts), definitions);
      return engine;
    },
  });
  world.config.admins.push(...admins);
  const shut = async () => {
    await kickoff?.stop();
  };
  return {
    sandbox: world.sandbox,
    people: world.sandbox.people,
    database: world.database,
    admins: world.config.admins,
    get context() {
      return world.context;
    },
    get engine() {
      if (!engine) throw new Error('the office is not open yet');
      return engine;
    },
    async open() {
      kickoff = await world.start();
    },
    shut,
    log: world.log,
    quiet: world.quiet,
    async close() {
      await world.close({ tolerate: true });
      await rm(folder, { recursive: true });
    },
  };
}

/** A running office with a live chat and a session. */
export interface BusyOffice extends Office {
  liveChat: LiveChat;
  /** A session with Carl of Acme, in which he has asked `question`. */
  channel: Channel;
  question: Message;
  /** Chooses the process in the shortcut's modal and presses Start. */
  start(person: 'oleg' | 'olga' | 'sam', processName: string): Promise<ModalDriver>;
}

/** Oleg and Olga operate the live chat, Sam supervises it. */
export async function openOffice(
  processes: OfficeProcess[],
  settings: (sandbox: Sandbox) => Partial<LiveChatSettings> = () => ({}),
): Promise<BusyOffice> {
  const office = await prepareOffice({
    definitions: processes.map(({ definition }) => definition),
    files: Object.assign({}, ...processes.map(filesOf)),
  });
  const { sandbox, people, database, quiet } = office;
  const liveChat = await addLiveChat(database.db, sandbox.teamId, {
    name: 'Support',
    operators: [people.oleg.id, people.olga.id],
    supervisors: [people.sam.id],
    ...settings(sandbox),
  });
  await office.open();
  const channel = await people.anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const member of ['app', people.carl, people.oleg, people.olga, people.sam, people.emma]) {
    await people.anna.invite(channel, member);
  }
  const question = await people.carl.post(channel, 'Do you have chairs?');
  // A test begins when everything so far is done.
  await quiet();
  return Object.assign(office, {
    liveChat,
    channel,
    question,
    async start(person: 'oleg' | 'olga' | 'sam', processName: string) {
      await people[person].shortcut('start_process', question);
      const modal = await people[person].modalShown('Start business process');
      await modal.choose('Business process', processName);
      await modal.submit();
      return modal;
    },
  });
}

/** The process's diagram, and the forms of its tasks. */
export function filesOf({ definition: { id, name }, tasks }: OfficeProcess): Record<string, string> {
  const ids = tasks.map((_, nth) => `task${nth + 1}`);
  const forms = tasks.map(({ form }) => (form === undefined ? undefined : { id: formId(form), text: form }));
  const elements = tasks.map((task, nth) =>
    b.userTask(ids[nth] ?? '', {
      name: task.name,
      ...(task.assignee !== undefined && { assignee: task.assignee }),
      ...(task.candidateUsers && { candidateUsers: task.candidateUsers.join() }),
      ...(task.candidateGroups && { candidateGroups: task.candidateGroups.join() }),
      ...(forms[nth] && { form: forms[nth].id }),
      extensions: scheduleOf(task),
    }),
  );
  const content = [b.start(), ...elements, b.end(), b.flow(['start', ...ids, 'end'].join(' -> '))];
  return {
    [`${id}.bpmn`]: b.process(content, { id, name }),
    ...Object.fromEntries(forms.flatMap((form) => (form ? [[`${form.id}.form`, form.text]] : []))),
  };
}

const formId = (form: string): string => JSON.parse(form).id;

function scheduleOf({ followUpDate, dueDate }: TaskSeed): string {
  if (!followUpDate && !dueDate) return '';
  const dates = [
    followUpDate && `followUpDate="${followUpDate.toISOString()}"`,
    dueDate && `dueDate="${dueDate.toISOString()}"`,
  ];
  return `<zeebe:taskSchedule ${dates.filter(Boolean).join(' ')}/>`;
}
