import { useCallback, useMemo } from 'preact/hooks';
import type { ShownConversation } from '../../page-server/protocol.ts';
import { Composer } from '../composer/composer.tsx';
import { AppTabs } from '../home/app-tabs.tsx';
import { useWorkspace } from '../state/context.ts';
import type { MessageStore } from '../state/message-store.ts';
import { ConversationHeader } from './conversation-header.tsx';
import { MessageList } from './message-list.tsx';

interface ConversationViewProps {
  conversation: ShownConversation;
  store: MessageStore;
}

/** A conversation: header, messages, composer. */
export function ConversationView({ conversation, store }: ConversationViewProps) {
  const workspace = useWorkspace();
  const { id } = conversation;
  // The last message read when the conversation was opened. Reading on must not move the "New" line.
  const readUpTo = useMemo(() => conversation.lastRead, [id]);
  const onSeen = useCallback(
    (ts: string) => {
      const now = workspace.conversations.peek().get(id);
      if (now?.isMember && ts > now.lastRead) void workspace.ask('mark_read', { conversation: id, ts });
    },
    [workspace, id],
  );
  const isApp = conversation.kind === 'app';
  return (
    <main class="conversation" aria-label={isApp ? conversation.name : `#${conversation.name}`}>
      <ConversationHeader conversation={conversation} />
      {isApp && <AppTabs current="messages" />}
      <MessageList
        store={store}
        conversation={id}
        label={`Messages in ${conversation.name}`}
        inThread={false}
        readUpTo={readUpTo}
        beginning={<Beginning conversation={conversation} />}
        onSeen={onSeen}
      />
      <ConversationFoot conversation={conversation} />
    </main>
  );
}

function Beginning({ conversation }: { conversation: ShownConversation }) {
  if (conversation.kind === 'app')
    return <p class="beginning quiet">Here is what {conversation.name} writes to you alone.</p>;
  return (
    <div class="beginning">
      <strong>#{conversation.name}</strong>
      <span class="quiet">This is the very beginning of the channel.</span>
    </div>
  );
}

/** The composer, or the reason why there is none. */
function ConversationFoot({ conversation }: { conversation: ShownConversation }) {
  const workspace = useWorkspace();
  const { id, name, may, isArchived, isMember } = conversation;
  if (may.post) return <Composer conversation={conversation} />;
  if (isArchived) {
    return (
      <div class="composer-closed">
        #{name} is archived.
        {may.archive && (
          <button
            type="button"
            class="button"
            onClick={() => void workspace.ask('unarchive_channel', { conversation: id })}
          >
            Unarchive
          </button>
        )}
      </div>
    );
  }
  if (!isMember && conversation.kind === 'channel') {
    return (
      <div class="composer-closed">
        You are looking at #{name}.
        <button
          type="button"
          class="button is-primary"
          onClick={() => void workspace.ask('join', { conversation: id })}
        >
          Join channel
        </button>
      </div>
    );
  }
  return <div class="composer-closed">Nobody can write here.</div>;
}
