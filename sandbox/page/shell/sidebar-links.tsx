import type { ShownConversation, ShownPerson } from '../../page-server/protocol.ts';
import { ChannelSign } from '../conversation/channel-sign.tsx';
import { Avatar, roleOf } from '../people/avatar.tsx';
import { useWorkspace } from '../state/context.ts';
import { hashOf } from '../state/place.ts';
import { Icon } from '../ui/icon.tsx';

interface ConversationLinkProps {
  conversation: ShownConversation;
  onFollow(): void;
}

/** The server counts unread messages up to this number. */
const manyUnread = 100;

/** A conversation in the sidebar; bold with a number if it has unread messages. */
export function ConversationLink({ conversation, onFollow }: ConversationLinkProps) {
  const place = useWorkspace().place.value;
  const { id, name, unread, isMember } = conversation;
  const classes = ['sidebar-link', unread > 0 ? 'is-unread' : '', isMember ? '' : 'is-joinable'].join(' ');
  return (
    <li>
      <a
        class={classes}
        href={hashOf({ handle: place?.handle ?? '', at: id })}
        aria-current={place?.at === id ? 'page' : undefined}
        onClick={onFollow}
      >
        <ChannelSign conversation={conversation} />
        <span class="sidebar-name">{name}</span>
        {unread > 0 && (
          <span class="unread">
            {unread >= manyUnread ? `${manyUnread - 1}+` : unread}
            <span class="visually-hidden"> unread</span>
          </span>
        )}
      </a>
    </li>
  );
}

export function HomeLink({ onFollow }: { onFollow(): void }) {
  const workspace = useWorkspace();
  const isHere = workspace.place.value?.at === 'home';
  return (
    <li>
      <button
        type="button"
        class="sidebar-link"
        aria-current={isHere ? 'page' : undefined}
        onClick={() => {
          onFollow();
          void workspace.openApp('home');
        }}
      >
        <Icon name="home" />
        <span class="sidebar-name">{workspace.hello.value?.app.name} home</span>
      </button>
    </li>
  );
}

interface PersonButtonProps {
  person: ShownPerson;
  isMe: boolean;
  onOpen(id: string): void;
}

export function PersonButton({ person, isMe, onOpen }: PersonButtonProps) {
  const role = roleOf(person);
  return (
    <li>
      <button type="button" class="sidebar-link" onClick={() => onOpen(person.id)}>
        <Avatar id={person.id} name={person.name} size="small" />
        <span class="sidebar-name">
          {person.name}
          {isMe && <span class="quiet"> you</span>}
        </span>
        {role && <span class="badge">{role}</span>}
      </button>
    </li>
  );
}
