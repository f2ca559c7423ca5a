import type { ShownMessage } from '../../page-server/protocol.ts';
import { Avatar } from '../people/avatar.tsx';
import { useWorkspace } from '../state/context.ts';
import { clock, dayHeading, momentOf } from '../text/dates.ts';

/** Number of avatars shown. */
const faces = 4;

/** Shows `3 replies · Last reply today at 9:05 AM`; opens the thread. */
export function ThreadSummary({ message, conversation }: { message: ShownMessage; conversation: string }) {
  const workspace = useWorkspace();
  const people = workspace.people.value;
  const last = message.latestReply ? momentOf(message.latestReply) : undefined;
  return (
    <button type="button" class="thread-summary" onClick={() => workspace.go({ at: conversation, thread: message.ts })}>
      {message.replyUsers.slice(0, faces).map((id) => {
        const person = people.get(id);
        return <Avatar key={id} id={id} name={person?.name ?? ''} isApp={person?.isApp ?? false} size="small" />;
      })}
      <span class="thread-count">
        {message.replyCount} {message.replyCount === 1 ? 'reply' : 'replies'}
      </span>
      {last && (
        <span class="quiet">
          {dayHeading(last, new Date())} at {clock(last)}
        </span>
      )}
    </button>
  );
}
