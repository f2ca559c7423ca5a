import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ShownMessage } from '../../page-server/protocol.ts';
import { MessageRow } from '../message/message-row.tsx';
import type { MessageStore } from '../state/message-store.ts';
import { dayHeading, momentOf } from '../text/dates.ts';
import { Icon } from '../ui/icon.tsx';
import { useMessageWindow } from './use-message-window.ts';

/** Messages of one author within this time are grouped, in seconds. */
const togetherSeconds = 300;

interface MessageListProps {
  store: MessageStore;
  conversation: string;
  label: string;
  inThread: boolean;
  /** The last message that had been read when the conversation was opened. */
  readUpTo?: string | undefined;
  /** Shown above the very first message. */
  beginning?: VNode;
  /** Called when the newest message was on the screen. */
  onSeen?(ts: string): void;
}

function continuesBefore(message: ShownMessage, before: ShownMessage | undefined): boolean {
  return (
    before !== undefined &&
    !before.isNotice &&
    !message.isNotice &&
    before.userId === message.userId &&
    before.authorName === message.authorName &&
    before.isEphemeral === message.isEphemeral &&
    Number(message.ts) - Number(before.ts) < togetherSeconds
  );
}

/** The messages of a conversation or thread. The arrow keys move between them. */
export function MessageList(props: MessageListProps) {
  const { store, conversation, label, inThread, readUpTo, beginning, onSeen } = props;
  const { list, messages, onScroll, toBottom, isAtEnd, isBeginning } = useMessageWindow(store);
  const [hovered, setHovered] = useState<string>();
  const [focused, setFocused] = useState<string>();
  const rows = useRef(new Map<string, { key: string; message: ShownMessage; node: VNode }>());
  const newest = store.messages.value.at(-1)?.ts;
  const tabStop = messages.some((message) => message.ts === focused) ? focused : messages.at(-1)?.ts;

  useEffect(() => {
    if (newest && isAtEnd && !document.hidden) onSeen?.(newest);
  }, [newest, isAtEnd, onSeen]);

  const onKeyDown = (event: KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('.message-item');
    if (!row || event.target !== row) {
      if (event.key === 'Escape' && row && !event.defaultPrevented) row.focus();
      return;
    }
    const all = [...(list.current?.querySelectorAll<HTMLElement>('.message-item') ?? [])];
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    const target = all[all.indexOf(row) + step];
    if (step === 0 || !target) return;
    event.preventDefault();
    target.focus();
    target.scrollIntoView({ block: 'nearest' });
  };

  let before: ShownMessage | undefined;
  const used = new Set<string>();
  const items = messages.map((message) => {
    const day = momentOf(message.ts).toDateString();
    const newDay = before === undefined || momentOf(before.ts).toDateString() !== day;
    const isFirstNew =
      readUpTo !== undefined &&
      readUpTo !== '' &&
      message.ts > readUpTo &&
      before !== undefined &&
      before.ts <= readUpTo;
    const continues = !newDay && !isFirstNew && continuesBefore(message, before);
    const isActive = message.ts === hovered || message.ts === focused;
    const isTabStop = message.ts === tabStop;
    before = message;
    used.add(message.ts);
    // An unchanged message reuses its node, so that it is not rendered again.
    const key = [newDay, isFirstNew, continues, isActive, isTabStop, conversation].join();
    const known = rows.current.get(message.ts);
    if (known?.message === message && known.key === key) return known.node;
    const node = (
      <li
        key={message.ts}
        class="message-item"
        data-ts={message.ts}
        tabIndex={isTabStop ? 0 : -1}
        onMouseEnter={() => setHovered(message.ts)}
        onMouseLeave={() => setHovered((now) => (now === message.ts ? undefined : now))}
        onFocusIn={() => setFocused(message.ts)}
        onFocusOut={(event) => {
          const to = event.relatedTarget;
          if (!(to instanceof Node) || !event.currentTarget.contains(to)) {
            setFocused((now) => (now === message.ts ? undefined : now));
          }
        }}
      >
        {newDay && (
          <div class="day-heading">
            <span>{dayHeading(momentOf(message.ts), new Date())}</span>
          </div>
        )}
        {isFirstNew && (
          <div class="new-messages">
            <span>New</span>
          </div>
        )}
        <MessageRow
          message={message}
          conversation={conversation}
          continues={continues}
          isActive={isActive}
          inThread={inThread}
        />
      </li>
    );
    rows.current.set(message.ts, { key, message, node });
    return node;
  });
  for (const ts of rows.current.keys()) if (!used.has(ts)) rows.current.delete(ts);

  return (
    <div class="messages">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the messages in it. */}
      <div class="messages-scroll" ref={list} onScroll={onScroll} onKeyDown={onKeyDown}>
        <div class="messages-content">
          {isBeginning && !store.hasOlder.value && store.state.value === 'ready' && beginning}
          {store.state.value === 'loading' || store.hasOlder.value ? (
            <p class="quiet is-centered">Loading messages…</p>
          ) : null}
          <ol class="message-items" aria-label={label}>
            {items}
          </ol>
        </div>
      </div>
      {!isAtEnd && (
        <button type="button" class="jump-button" onClick={toBottom}>
          <Icon name="down" /> Jump to the latest
        </button>
      )}
      <NewestAloud message={store.messages.value.at(-1)} />
    </div>
  );
}

/** Announces a new message to screen readers. */
function NewestAloud({ message }: { message: ShownMessage | undefined }) {
  const first = useRef(message?.ts);
  const isNew = message !== undefined && first.current !== undefined && message.ts > first.current;
  if (first.current === undefined) first.current = message?.ts;
  return (
    <div class="visually-hidden" aria-live="polite">
      {isNew ? `${message.authorName}: ${message.text.slice(0, 200)}` : ''}
    </div>
  );
}
