import { channelRequests } from './channel-requests.ts';
import { conversationRequests } from './conversation-requests.ts';
import type { Handlers } from './handler.ts';
import { inspectorRequests } from './inspector-requests.ts';
import { surfaceRequests } from './surface-requests.ts';

export const handlers: Handlers = {
  act_as({ core, actAs }, { userId }) {
    const user = core.state.users[userId];
    if (!user || user.isBot || user.deleted) throw new Error('There is nobody like that to act as');
    actAs(userId);
    return null;
  },
  ...conversationRequests,
  ...channelRequests,
  ...surfaceRequests,
  ...inspectorRequests,
};
