import { nowSeconds } from '../core.ts';
import type { JsonObject } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import { isMember } from '../wire/channels.ts';
import { userGroupObject, userObject } from '../wire/users.ts';
import { page } from './arguments.ts';
import { conversationsFor } from './conversations.ts';
import type { Methods } from './method.ts';

/** Methods for people, user groups, the workspace and the app itself. */
export const userMethods: Methods = {
  'api.test': { run: (_core, args) => ({ args: args.all }) },
  'auth.test': {
    run: (core) => {
      const { team, app } = core.state;
      return {
        url: `https://${team.domain}.slack.com/`,
        team: team.name,
        user: core.state.users[app.botUserId]?.handle,
        team_id: team.id,
        user_id: app.botUserId,
        bot_id: app.botId,
        is_enterprise_install: false,
      };
    },
  },
  'bots.info': {
    scope: 'users:read',
    run: (core, args) => {
      const { app } = core.state;
      if (args.optionalString('bot') !== app.botId) throw new SlackError('bot_not_found');
      const updated = nowSeconds(core);
      return {
        bot: {
          id: app.botId,
          deleted: false,
          name: app.name,
          updated,
          app_id: app.id,
          user_id: app.botUserId,
          icons: {},
        },
      };
    },
  },
  'team.info': {
    scope: 'team:read',
    run: (core, args) => {
      const wanted = args.optionalString('team') ?? core.state.team.id;
      const team = [core.state.team, ...core.state.otherTeams].find((candidate) => candidate.id === wanted);
      if (!team) throw new SlackError('team_not_found');
      return {
        team: {
          id: team.id,
          name: team.name,
          domain: team.domain,
          url: `https://${team.domain}.slack.com/`,
          email_domain: '',
          icon: { image_default: true },
          is_verified: false,
          avatar_base_url: 'https://ca.slack-edge.example/',
        },
      };
    },
  },
  'users.info': {
    scope: 'users:read',
    run: (core, args) => {
      const user = core.state.users[args.string('user')];
      if (!user) throw new SlackError('user_not_found');
      if (user.isHidden) throw new SlackError('user_not_visible');
      return { user: userObject(core, user, { withLocale: args.boolean('include_locale') }) };
    },
  },
  'users.list': {
    scope: 'users:read',
    run: (core, args) => {
      const all = Object.values(core.state.users)
        .filter(({ isHidden }) => !isHidden)
        .map((user) => userObject(core, user, { withLocale: args.boolean('include_locale') }));
      const { items, next } = page(all, args);
      return { members: items, cache_ts: nowSeconds(core), response_metadata: { next_cursor: next } };
    },
  },
  'users.lookupByEmail': {
    scope: 'users:read.email',
    run: (core, args) => {
      const email = args.string('email').toLowerCase();
      const user = Object.values(core.state.users).find(
        (candidate) =>
          candidate.email?.toLowerCase() === email && !candidate.deleted && candidate.teamId === core.state.team.id,
      );
      if (!user) throw new SlackError('users_not_found');
      return { user: userObject(core, user) };
    },
  },
  'users.conversations': {
    run: (core, args) => {
      const userId = args.optionalString('user') ?? core.state.app.botUserId;
      if (!core.state.users[userId]) throw new SlackError('user_not_found');
      const { channels, ...rest } = conversationsFor(core, args, (channel) => isMember(channel, userId));
      // Unlike conversations.list, it shows neither whether the app is a member nor the number of members.
      const shown = (channels as JsonObject[]).map(({ is_member: _, num_members: __, ...channel }) => channel);
      return { channels: shown, ...rest };
    },
  },
  'usergroups.list': {
    scope: 'usergroups:read',
    run: (core, args) => ({
      usergroups: Object.values(core.state.userGroups)
        .filter((group) => group.disabledAt === 0 || args.boolean('include_disabled'))
        .map((group) => userGroupObject(core, group, args.boolean('include_users'))),
    }),
  },
  'usergroups.users.list': {
    scope: 'usergroups:read',
    run: (core, args) => {
      const group = core.state.userGroups[args.string('usergroup')];
      if (!group || (group.disabledAt > 0 && !args.boolean('include_disabled'))) {
        throw new SlackError('no_such_subteam');
      }
      return { users: group.users };
    },
  },
};
