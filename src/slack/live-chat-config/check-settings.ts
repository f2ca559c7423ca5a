import type { LiveChat, LiveChatSettings } from '../../live-chats/live-chat.ts';
import { type Message, message } from '../../words/message.ts';
import { checkActivityChannel } from './check-activity-channel.ts';
import type { CheckDependencies } from './check-dependencies.ts';
import { checkGroups, checkOperators, checkPeople } from './check-people.ts';
import { checkSource } from './check-source.ts';
import { settingsBlocks, settingsLimits } from './settings-draft.ts';

/** Error messages by the block id of the field to show them at. */
export type FieldErrors = Record<string, Message>;

/** All mistakes in a live chat's settings. Throws UnavailableError. */
export async function checkSettings(dependencies: CheckDependencies, settings: LiveChatSettings): Promise<FieldErrors> {
  const [source, operators, supervisors, operatorGroups, supervisorGroups, activity] = await Promise.all([
    checkSource(dependencies, settings),
    checkOperators(dependencies, settings),
    checkPeople(dependencies, settings.supervisors),
    checkGroups(dependencies, settings.operatorGroups),
    checkGroups(dependencies, settings.supervisorGroups),
    checkActivityChannel(dependencies, settings),
  ]);
  const found: [string, Message | undefined][] = [
    [settingsBlocks.name, checkName(dependencies, settings.name)],
    [sourceField(settings.source), source],
    [settingsBlocks.operators, operators],
    [settingsBlocks.supervisors, supervisors],
    [settingsBlocks.operatorGroups, operatorGroups],
    [settingsBlocks.supervisorGroups, supervisorGroups],
    [settingsBlocks.activityChannel, activity],
  ];
  return Object.fromEntries(found.flatMap(([block, mistake]) => (mistake === undefined ? [] : [[block, mistake]])));
}

/** The field that shows a mistake in the source: Slack Connect has no field of its own. */
function sourceField(source: LiveChat['source']): string {
  const fields = { prefix: settingsBlocks.prefixes, channels: settingsBlocks.channels, connect: settingsBlocks.source };
  return fields[source];
}

/** Checked here so that it is shown together with other mistakes; the database's constraint is what enforces it. */
function checkName({ others }: CheckDependencies, name: string): Message | undefined {
  if (name === '') return message('settings.nameEmpty');
  if (name.length > settingsLimits.name) return message('settings.nameTooLong', { limit: settingsLimits.name });
  return others.some((other) => other.name.toLowerCase() === name.toLowerCase()) ? nameIsTaken(name) : undefined;
}

export function nameIsTaken(name: string): Message {
  return message('settings.nameTaken', { name });
}
