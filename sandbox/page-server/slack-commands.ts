import type { Core } from '../core.ts';
import type { Person } from '../driver/person.ts';
import type { ChannelRecord, UserRecord } from '../state.ts';
import { appIsIn } from '../wire/channels.ts';

interface SlackCommand {
  usage: string;
  description: string;
  run(core: Core, person: Person, channel: ChannelRecord, text: string): Promise<unknown>;
}

/** The people named in a text, by `@handle`, `@Full name` or id in Slack's markup. */
function peopleIn(core: Core, text: string): UserRecord[] {
  const names = text.split(/\s+(?=@|<@)|,\s*/).filter((name) => name.trim() !== '');
  if (names.length === 0) throw new Error('Say whom, such as @handle');
  return names.map((name) => {
    const wanted = name.trim().replace(/^<?@/, '').replace(/>$/, '').toLowerCase();
    const fits = ({ id, handle, realName }: UserRecord) =>
      [id, handle, realName].some((one) => one.toLowerCase() === wanted);
    const user = Object.values(core.state.users).find(fits);
    if (!user) throw new Error(`There is nobody called "${wanted}" here`);
    return user;
  });
}

/** The subset of Slack's own commands that makes sense here. */
export const slackCommands: Record<string, SlackCommand> = {
  '/archive': {
    usage: '',
    description: 'Archive the channel',
    run: (_core, person, channel) => person.archive(channel.id),
  },
  '/invite': {
    usage: '@someone',
    description: 'Add people or the app to the channel',
    async run(core, person, channel, text) {
      const users = peopleIn(core, text);
      if (users.some((user) => user.isBot) && appIsIn(core, channel)) throw new Error('The app is in here already');
      for (const user of users) await person.invite(channel.id, user.id);
    },
  },
  '/leave': { usage: '', description: 'Leave the channel', run: (_core, person, channel) => person.leave(channel.id) },
  '/me': {
    usage: 'text',
    description: 'Say what you do',
    run: (_core, person, channel, text) => person.post(channel.id, text, { me: true }),
  },
  '/remove': {
    usage: '@someone',
    description: 'Take people or the app out of the channel',
    async run(core, person, channel, text) {
      for (const user of peopleIn(core, text)) await person.kick(channel.id, user.id);
    },
  },
  '/rename': {
    usage: 'new-name',
    description: 'Rename the channel',
    run: (_core, person, channel, text) => person.rename(channel.id, text.trim()),
  },
  '/topic': {
    usage: 'text',
    description: 'Set the topic of the channel',
    run: (_core, person, channel, text) => person.setTopic(channel.id, text),
  },
};

/** Runs a typed slash command: one of Slack's own, or the app's. */
export async function runTypedCommand(
  core: Core,
  person: Person,
  channel: ChannelRecord,
  typed: string,
): Promise<void> {
  const [, command = '', text = ''] = /^(\/\S*)\s*([\s\S]*)$/.exec(typed.trim()) ?? [];
  const own = Object.hasOwn(slackCommands, command) ? slackCommands[command] : undefined;
  if (own) await own.run(core, person, channel, text);
  else if (core.manifest.commands.includes(command)) await person.command(command, { in: channel.id, text });
  else throw new Error(`${command || 'This'} is not a valid command`);
}
