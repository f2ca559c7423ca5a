import { type Core, nowSeconds } from '../core.ts';
import type { JsonObject } from '../json.ts';
import { emptyChannel, type SeedChannel, type SeedUser, seedChannel } from '../seed.ts';
import type { FileStub, UserGroupRecord, UserRecord } from '../state.ts';
import { changeChannelId } from '../workspace/channels.ts';
import { addMessage } from '../workspace/messages.ts';
import { addUser, changeUser, changeUserGroup, createUserGroup, setUserGroupMembers } from '../workspace/people.ts';
import { publish } from '../workspace/publish.ts';
import { Channel, type ChannelReference } from './channel.ts';
import { Member, type Someone } from './member.ts';
import { Message } from './message.ts';
import { Person } from './person.ts';

/** Administrators' actions on the workspace: accounts, user groups, channels in large numbers. */
export class WorkspaceAdmin {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Creates an account: `team_join`, unless it belongs to another organisation (`teamId`). */
  addPerson(user: Omit<SeedUser, 'id'> & { id?: string }): Person {
    return new Person(this.#core, addUser(this.#core, user).id);
  }

  /** Changes a profile or a role, or deactivates an account (`deleted: true`): `user_change`. */
  changePerson(someone: Someone, changes: Partial<Omit<UserRecord, 'id'>>): void {
    changeUser(this.#core, this.#idOf(someone), changes);
  }

  /** The user group with that handle. */
  userGroup(handle: string): UserGroupRecord {
    const group = Object.values(this.#core.state.userGroups).find((candidate) => candidate.handle === handle);
    if (!group) throw new Error(`There is no user group @${handle}`);
    return group;
  }

  createUserGroup(handle: string, name: string, members: Someone[]): UserGroupRecord {
    const creator = Object.values(this.#core.state.users).find((user) => user.isAdmin)?.id ?? '';
    return createUserGroup(this.#core, creator, { handle, name, users: members.map((one) => this.#idOf(one)) });
  }

  setUserGroupMembers(handle: string, members: Someone[]): void {
    const users = members.map((one) => this.#idOf(one));
    setUserGroupMembers(this.#core, this.userGroup(handle), users);
  }

  /** Renames, disables or enables a user group. */
  changeUserGroup(handle: string, changes: { handle?: string; name?: string; disabled?: boolean }): void {
    changeUserGroup(this.#core, this.userGroup(handle), changes);
  }

  /** Posts as another app of the workspace. */
  postAsAnotherApp(
    where: ChannelReference,
    content: { username: string; text?: string; blocks?: JsonObject[]; attachments?: JsonObject[] },
  ): Channel {
    const channel = Channel.named(this.#core, where);
    const { text = '', ...rest } = content;
    addMessage(this.#core, channel.record, { ...rest, text, subtype: 'bot_message', botId: 'B0ANOTHER01' });
    return channel;
  }

  /** Posts in a person's name, like a tool that has their user token. */
  postWithTokenOf(person: Person, where: ChannelReference, text: string): Message {
    const channel = Channel.named(this.#core, where).record;
    const bot = { id: 'B0TOOL00001', app_id: 'A0TOOL00001', name: 'Help desk tool', team_id: person.record.teamId };
    const message = addMessage(this.#core, channel, {
      text,
      user: person.id,
      team: person.record.teamId,
      botId: bot.id,
      appId: bot.app_id,
      details: { bot_profile: bot },
    });
    return new Message(this.#core, person.id, channel, message);
  }

  /** Changes how Slack hides a file, found by its name, from the app; undefined: not at all, as after a finished upload. */
  withholdFile(name: string, stub: FileStub | undefined): void {
    const file = Object.values(this.#core.state.files).findLast((one) => one.name === name);
    if (!file) throw new Error(`There is no file "${name}"`);
    file.stub = stub;
  }

  /** Gives a channel a new id: `channel_id_changed`. */
  changeChannelId(where: ChannelReference): Channel {
    const channel = Channel.named(this.#core, where);
    changeChannelId(this.#core, channel.record);
    return channel;
  }

  /** Adds channels as if they had always existed: no events. `creator` is their only member. */
  seedChannels(names: string[], options: { creator: Person; isPrivate?: boolean; withApp?: boolean }): Channel[] {
    const { state } = this.#core;
    const app = options.withApp ? [state.app.botUserId] : [];
    return names.map((name) => {
      const record = emptyChannel(state, {
        name,
        creator: options.creator.id,
        created: nowSeconds(this.#core) - 3600,
        isPrivate: options.isPrivate ?? false,
        members: [options.creator.id, ...app],
      });
      state.channels[record.id] = record;
      return new Channel(this.#core, record);
    });
  }

  /** Adds a channel as if it had always existed: no events. */
  seedChannel(seed: SeedChannel): Channel {
    const { state, traffic } = this.#core;
    const creator = Object.values(state.users).find((user) => user.isAdmin)?.id ?? '';
    const record = seedChannel(state, seed, creator, nowSeconds(this.#core));
    traffic.changed();
    return new Channel(this.#core, record);
  }

  /** Removes a channel as if it had never existed: no events. */
  unseedChannel(channel: Channel): void {
    delete this.#core.state.channels[channel.id];
    this.#core.traffic.changed();
  }

  /** Revokes the app's bot token. Sends `tokens_revoked` unless `isTold` is false. */
  async revokeToken({ isTold = true } = {}): Promise<void> {
    this.#core.tokenRefusal = 'token_revoked';
    const { botUserId } = this.#core.state.app;
    if (isTold) await publish(this.#core, { type: 'tokens_revoked', tokens: { oauth: [], bot: [botUserId] } });
  }

  /** Uninstalls the app: `tokens_revoked` and `app_uninstalled`, in no particular order. */
  async uninstallApp(): Promise<void> {
    this.#core.tokenRefusal = 'account_inactive';
    const { botUserId } = this.#core.state.app;
    await Promise.all([
      publish(this.#core, { type: 'app_uninstalled' }),
      publish(this.#core, { type: 'tokens_revoked', tokens: { oauth: [], bot: [botUserId] } }),
    ]);
  }

  /** Removes a scope from the app, as if it had been installed without it. */
  removeScope(scope: string): void {
    const { botScopes } = this.#core.manifest;
    botScopes.splice(botScopes.indexOf(scope), botScopes.includes(scope) ? 1 : 0);
  }

  /** Makes the app's bot token valid again. */
  restoreToken(): void {
    this.#core.tokenRefusal = undefined;
  }

  #idOf(someone: Someone): string {
    if (someone instanceof Member) return someone.id;
    return new Person(this.#core, someone === 'app' ? this.#core.state.app.botUserId : someone).record.id;
  }
}
