import { useState } from 'preact/hooks';
import type { ShownMessage } from '../../page-server/protocol.ts';
import { Avatar, roleOf } from '../people/avatar.tsx';
import { useWorkspace } from '../state/context.ts';
import { clock, fullMoment, momentOf, shortClock } from '../text/dates.ts';
import { Mrkdwn } from '../text/mrkdwn.tsx';
import { Icon } from '../ui/icon.tsx';
import { Attachment } from './attachment.tsx';
import { MessageEditor } from './message-editor.tsx';
import { MessageFiles } from './message-files.tsx';
import { MessageText } from './message-text.tsx';
import { MessageToolbar } from './message-toolbar.tsx';
import { Reactions } from './reactions.tsx';
import { ThreadSummary } from './thread-summary.tsx';

export interface MessageRowProps {
  message: ShownMessage;
  conversation: string;
  /** Whether it directly follows a message of the same author, and is shown without author and time. */
  continues: boolean;
  /** Whether the mouse or the focus is on it. */
  isActive: boolean;
  inThread: boolean;
}

/** A message with its text, files, reactions and thread. */
export function MessageRow(props: MessageRowProps) {
  const { message } = props;
  if (message.isNotice) return <NoticeRow message={message} />;
  return <OrdinaryRow {...props} />;
}

/** The time of a message. `short`: the form for the margin. */
function Time({ ts, short = false }: { ts: string; short?: boolean }) {
  const date = momentOf(ts);
  return (
    <time class="message-time" dateTime={date.toISOString()} title={fullMoment(date)}>
      {short ? shortClock(date) : clock(date)}
    </time>
  );
}

function NoticeRow({ message }: { message: ShownMessage }) {
  return (
    <div class="message is-notice">
      <Time ts={message.ts} short />
      <div class="message-body">
        <strong>{message.authorName}</strong> <Mrkdwn text={message.text.replace(/^<@[A-Z0-9]+(?:\|[^>]*)?> /, '')} />
      </div>
    </div>
  );
}

function Author({ message }: { message: ShownMessage }) {
  const person = useWorkspace().people.value.get(message.userId);
  const role = message.isByApp ? 'App' : person && roleOf(person);
  return (
    <div class="message-head">
      <strong class="message-author">{message.authorName}</strong>
      {role && <span class="badge">{role}</span>}
      <Time ts={message.ts} />
    </div>
  );
}

function OrdinaryRow({ message, conversation, continues, isActive, inThread }: MessageRowProps) {
  const workspace = useWorkspace();
  const [editing, setEditing] = useState(false);
  const [held, setHeld] = useState(false);
  const react = (name: string, on: boolean) => void workspace.ask('react', { conversation, ts: message.ts, name, on });
  return (
    <div class={`message ${continues ? 'is-continued' : ''} ${message.isEphemeral ? 'is-ephemeral' : ''}`}>
      {message.isEphemeral && (
        <div class="only-you">
          <Icon name="eye" /> Only visible to you
          {message.may.dismiss && (
            <button
              type="button"
              class="text-button"
              onClick={() => void workspace.ask('dismiss', { conversation, ts: message.ts })}
            >
              Dismiss
            </button>
          )}
        </div>
      )}
      <div class="message-side">
        {continues ? (
          <Time ts={message.ts} short />
        ) : (
          <Avatar id={message.userId} name={message.authorName} isApp={message.isByApp} />
        )}
      </div>
      <div class="message-body">
        {!continues && <Author message={message} />}
        {editing ? (
          <MessageEditor message={message} conversation={conversation} onDone={() => setEditing(false)} />
        ) : (
          <div class="message-text">
            <MessageText message={message} conversation={conversation} />
            {message.isEdited && <span class="quiet edited">(edited)</span>}
          </div>
        )}
        {message.attachments?.map((attachment, index) => (
          <Attachment
            key={`${index} ${message.ts}`}
            attachment={attachment}
            message={message}
            conversation={conversation}
          />
        ))}
        {message.files.length > 0 && <MessageFiles files={message.files} />}
        {message.reactions.length > 0 && <Reactions message={message} onReact={react} />}
        {!inThread && message.replyCount > 0 && <ThreadSummary message={message} conversation={conversation} />}
        {!inThread && message.threadTs !== undefined && message.threadTs !== message.ts && (
          <button
            type="button"
            class="text-button"
            onClick={() => workspace.go({ at: conversation, thread: message.threadTs })}
          >
            Reply in a thread
          </button>
        )}
      </div>
      {(isActive || held) && !editing && (
        <MessageToolbar
          message={message}
          conversation={conversation}
          inThread={inThread}
          onReact={(name) => react(name, true)}
          onEdit={() => setEditing(true)}
          onToggle={setHeld}
        />
      )}
    </div>
  );
}
