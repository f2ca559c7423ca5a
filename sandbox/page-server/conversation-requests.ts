import type { Core } from '../core.ts';
import { withMentions } from '../driver/mentions.ts';
import { Message } from '../driver/message.ts';
import { deleteMessage } from '../workspace/messages.ts';
import { findShown, findVisible } from './find-message.ts';
import type { Handlers } from './handler.ts';
import type { MessageAddress } from './protocol.ts';
import { showPage } from './show-message.ts';
import { runTypedCommand } from './slack-commands.ts';

function messageAt(core: Core, userId: string, address: MessageAddress): Message {
  const { channel, message } = findShown(core, userId, address);
  return new Message(core, userId, channel, message);
}

/** Requests in conversations. */
export const conversationRequests = {
  open_conversation({ core, person, follow }, { conversation }) {
    if (conversation === null) {
      follow(null);
      return { messages: [], hasOlder: false };
    }
    const channel = findVisible(core, person.id, conversation);
    follow(conversation);
    return showPage(core, person.id, channel, {});
  },
  load_messages({ core, person }, { conversation, threadTs, before }) {
    return showPage(core, person.id, findVisible(core, person.id, conversation), { threadTs, before });
  },
  mark_read({ core, person }, { conversation, ts }) {
    findVisible(core, person.id, conversation);
    core.state.lastRead[person.id] ??= {};
    const read = core.state.lastRead[person.id] ?? {};
    if ((read[conversation] ?? '') < ts) read[conversation] = ts;
    core.traffic.changed();
    return null;
  },
  async open_app({ person }, { tab }) {
    return { conversation: (await person.openApp(tab)).id };
  },
  async post({ core, person, uploads }, { conversation, text, threadTs, broadcast = false, uploads: ids = [] }) {
    const channel = findVisible(core, person.id, conversation);
    const thread = threadTs ? messageAt(core, person.id, { conversation, ts: threadTs }) : undefined;
    const typed = withMentions(core, person.id, text);
    person.requireMayPost(channel.id, typed, ids.length > 0);
    const files = ids.length > 0 ? { files: uploads.take(ids) } : {};
    const message = await person.post(channel.id, typed, { ...files, ...(thread ? { thread, broadcast } : {}) });
    return { ts: message.ts };
  },
  async edit({ core, person }, { text, ...address }) {
    await person.edit(messageAt(core, person.id, address), withMentions(core, person.id, text));
    return null;
  },
  async delete({ core, person }, address) {
    await person.delete(messageAt(core, person.id, address));
    return null;
  },
  async react({ core, person }, { name, on, ...address }) {
    await person.react(messageAt(core, person.id, address), name, on);
    return null;
  },
  dismiss({ core, person }, address) {
    const { channel, message } = findShown(core, person.id, address);
    if (!message.ephemeralTo) throw new Error('Only messages that nobody else sees can be dismissed');
    deleteMessage(core, channel, message);
    return null;
  },
  begin_upload({ uploads }, file) {
    return { upload: uploads.begin(file) };
  },
  upload_part({ uploads }, { upload, data }) {
    return { received: uploads.add(upload, data) };
  },
  async run_command({ core, person }, { conversation, text }) {
    await runTypedCommand(core, person, findVisible(core, person.id, conversation), text);
    return null;
  },
  async use_shortcut({ core, person }, { callbackId, message }) {
    if (message) await person.shortcut(callbackId, messageAt(core, person.id, message));
    else await person.globalShortcut(callbackId);
    return null;
  },
} satisfies Partial<Handlers>;
