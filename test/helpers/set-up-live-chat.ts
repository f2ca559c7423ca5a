import { boundEvents } from '../../src/bindings/binding-kinds.ts';
import { addBinding, presetTerms } from '../../src/bindings/queries.ts';
import type { LiveChat } from '../../src/live-chats/live-chat.ts';
import { insertLiveChat } from '../../src/live-chats/queries.ts';
import { properties, propertyName } from '../../src/sessions/properties.ts';
import { changeWaits } from '../../src/slack/live-chat-config/change-waits.ts';
import { joinActivityChannel } from '../../src/slack/live-chat-config/check-activity-channel.ts';
import { presetMapping } from '../../src/slack/live-chat-config/preset-mapping.ts';
import { readPrefixes } from '../../src/slack/live-chat-config/read-settings.ts';
import { english } from '../../src/words/words.ts';
import type { World } from './kickoff.ts';

export interface LiveChatSetUp {
  name?: string;
  /** `Name starts with`, the default source. */
  prefixes?: string;
  /** Names of chosen channels. */
  channels?: string[];
  connect?: boolean;
  clients?: 'Everyone except operators and supervisors' | 'Guests and people from other organisations';
  operators?: string[];
  operatorGroups?: string[];
  supervisors?: string[];
  activityChannel?: string;
  /** Bindings by event, as displayed. */
  bindings?: Partial<Record<EventName, BindingSetUp>>;
}

type EventName =
  | 'Session created'
  | "Client's first message"
  | 'Message received'
  | 'Client is waiting'
  | 'Client is silent'
  | 'Reaction added'
  | 'Session closed';

interface BindingSetUp {
  /** The process's name. */
  process: string;
  /** Parameter label → property label where the preset is not wanted. */
  parameters?: Record<string, string>;
  /** Keeps Kickoff's preset of when it starts; otherwise it starts every time. */
  isPreset?: boolean;
}

/**
 * Creates a live chat of Anna's: stores what her clicks would store, ten times as fast. Tests of the modals click
 * (`setUpByClicking`).
 */
export async function setUpLiveChat(world: World, setUp: LiveChatSetUp = {}): Promise<void> {
  const { context } = world;
  const { database, db, identity } = context;
  const settings = await settingsOf(world, setUp);
  const liveChat = await insertLiveChat(db, identity.teamId, settings);
  if (!liveChat) throw new Error(`there is a live chat "${settings.name}" already`);
  await context.liveChats.changed();
  database.signal('adoption_due');
  // A channel that appears while older ones are adopted may count as one of them, and older ones start nothing.
  await world.quiet();
  for (const [event, binding] of Object.entries(setUp.bindings ?? {})) {
    await bind(world, liveChat, event, binding);
  }
}

async function settingsOf({ context, sandbox }: World, setUp: LiveChatSetUp) {
  const { channels, connect, operatorGroups, activityChannel } = setUp;
  const person = (name: string) => found(Object.values(sandbox.people), ({ record }) => record.realName, name).id;
  const group = (name: string) => found(Object.values(sandbox.state.userGroups), (one) => one.name, name).id;
  const source = channels ? ('channels' as const) : connect ? ('connect' as const) : ('prefix' as const);
  const settings = {
    name: setUp.name ?? 'Support',
    source,
    prefixes: source === 'prefix' ? readPrefixes(setUp.prefixes ?? 'support-') : [],
    channels: (channels ?? []).map((name) => sandbox.channel(name).id),
    clients: setUp.clients?.startsWith('Guests') ? ('external' as const) : ('everyone' as const),
    operators: (setUp.operators ?? (operatorGroups ? [] : ['Oleg Operator', 'Olga Operator'])).map(person),
    operatorGroups: (operatorGroups ?? []).map(group),
    supervisors: (setUp.supervisors ?? ['Sam Supervisor']).map(person),
    supervisorGroups: [],
    activityChannel: activityChannel === undefined ? null : sandbox.channel(activityChannel).id,
    locale: (await context.directory.person(sandbox.people.anna.id))?.locale ?? null,
  };
  const cannotJoin = await joinActivityChannel(context, settings.activityChannel);
  if (cannotJoin) throw new Error(english(cannotJoin));
  return settings;
}

async function bind(
  { context, sandbox }: World,
  { id: liveChatId }: LiveChat,
  eventName: string,
  { process, parameters = {}, isPreset = false }: BindingSetUp,
): Promise<void> {
  const event = found(boundEvents, (one) => english(`event.${one}`), eventName);
  const processes = () => context.catalogue().list();
  // A file that was just written is about to be read.
  await sandbox.traffic.until(() => processes().some(({ name }) => name === process), {
    describe: () => `there is a process "${process}", not only ${processes().map(({ name }) => name)}`,
  });
  const definition = found(processes(), ({ name }) => name, process);
  const chosen = Object.entries(parameters).map(([parameter, property]) => [
    found(definition.parameters, ({ label }) => label, parameter).key,
    found(properties, (one) => english(propertyName(one)), property).code,
  ]);
  const isEveryTime = event === 'message_received' && !isPreset;
  const binding = {
    liveChatId,
    event,
    processDefinitionId: definition.id,
    processName: definition.name,
    parameters: definition.parameters,
    mapping: { ...presetMapping(definition, undefined), ...Object.fromEntries(chosen) },
    ...presetTerms(event),
    ...(isEveryTime ? { policy: 'every_time' as const, skipsAwaited: false } : {}),
  };
  await changeWaits(context, liveChatId, (tx) => addBinding(tx, binding));
}

function found<One>(all: readonly One[], nameOf: (one: One) => string, name: string): One {
  const one = all.find((candidate) => nameOf(candidate) === name);
  if (one === undefined) throw new Error(`there is no "${name}", but ${all.map(nameOf).join(', ')}`);
  return one;
}
