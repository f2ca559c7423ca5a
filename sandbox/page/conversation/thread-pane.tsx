import type { ShownConversation } from '../../page-server/protocol.ts';
import { Composer } from '../composer/composer.tsx';
import { useWorkspace } from '../state/context.ts';
import type { MessageStore } from '../state/message-store.ts';
import { Icon } from '../ui/icon.tsx';
import { MessageList } from './message-list.tsx';

interface ThreadPaneProps {
  conversation: ShownConversation;
  store: MessageStore;
  threadTs: string;
}

/** A thread, shown beside its conversation. */
export function ThreadPane({ conversation, store, threadTs }: ThreadPaneProps) {
  const workspace = useWorkspace();
  const close = () => workspace.go({ at: conversation.id });
  return (
    <aside
      class="pane thread-pane"
      aria-label="Thread"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) close();
      }}
    >
      <header class="pane-header">
        <h2>
          Thread <span class="quiet">#{conversation.name}</span>
        </h2>
        <button type="button" class="icon-button" aria-label="Close thread" title="Close thread" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <MessageList store={store} conversation={conversation.id} label="Replies" inThread />
      {conversation.may.post && <Composer conversation={conversation} threadTs={threadTs} />}
    </aside>
  );
}
