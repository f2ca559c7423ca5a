import { useState } from 'preact/hooks';
import type { ShownConversation } from '../../page-server/protocol.ts';
import { CreateChannelDialog } from '../channel/create-channel-dialog.tsx';
import { useWorkspace } from '../state/context.ts';
import { Icon } from '../ui/icon.tsx';
import { ConversationLink, HomeLink, PersonButton } from './sidebar-links.tsx';

interface SidebarProps {
  onOpenPerson(id: string): void;
  /** Called after a choice, so that a sidebar that covers the page closes. */
  onLeave(): void;
}

/** Whether one of the texts matches the filter; an empty filter matches everything. */
function fits(filter: string, ...texts: string[]): boolean {
  return texts.some((text) => text.toLowerCase().includes(filter.trim().toLowerCase().replace(/^[#@]/, '')));
}

function byName(one: ShownConversation, other: ShownConversation): number {
  return one.name.localeCompare(other.name);
}

/** Channels, the app and people, from the acting person's view. */
export function Sidebar({ onOpenPerson, onLeave }: SidebarProps) {
  const workspace = useWorkspace();
  const [filter, setFilter] = useState('');
  const [creating, setCreating] = useState(false);
  const hello = workspace.hello.value;
  const me = workspace.me.value;
  const all = [...workspace.conversations.value.values()].filter((one) => fits(filter, one.name)).sort(byName);
  const channels = all.filter((one) => one.kind === 'channel');
  const active = channels.filter((one) => !one.isArchived && one.isMember);
  const joinable = channels.filter((one) => !one.isArchived && !one.isMember);
  const archived = channels.filter((one) => one.isArchived);
  const app = all.find((one) => one.kind === 'app');
  const people = [...workspace.people.value.values()].filter(
    (person) => !person.isApp && !person.isDeactivated && fits(filter, person.name, person.handle),
  );
  const link = (one: ShownConversation) => <ConversationLink key={one.id} conversation={one} onFollow={onLeave} />;

  return (
    <nav class="sidebar" aria-label="Workspace">
      <header class="sidebar-header">
        <strong>{hello?.team.name}</strong>
        <span class="quiet">{me?.isExternal ? `as ${me.teamName} sees it` : 'sandbox workspace'}</span>
      </header>
      <div class="sidebar-filter">
        <input
          class="input"
          type="search"
          placeholder="Find a channel or person"
          aria-label="Find a channel or person"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      </div>
      <div class="sidebar-scroll">
        <section aria-labelledby="sidebar-channels">
          <div class="sidebar-section">
            <h2 id="sidebar-channels">Channels</h2>
            {me && !me.isExternal && !me.isGuest && (
              <button
                type="button"
                class="icon-button"
                aria-label="Create a channel"
                title="Create a channel"
                onClick={() => setCreating(true)}
              >
                <Icon name="plus" />
              </button>
            )}
          </div>
          <ul>{active.map(link)}</ul>
          {active.length === 0 && <p class="sidebar-empty">{filter ? 'None of this name' : 'None yet'}</p>}
        </section>
        {joinable.length > 0 && (
          <section aria-labelledby="sidebar-joinable">
            <div class="sidebar-section">
              <h2 id="sidebar-joinable">Open to join</h2>
            </div>
            <ul>{joinable.map(link)}</ul>
          </section>
        )}
        {archived.length > 0 && (
          <details class="sidebar-details" open={filter !== ''}>
            <summary>Archived ({archived.length})</summary>
            <ul>{archived.map(link)}</ul>
          </details>
        )}
        {hello && me && !me.isExternal && (
          <section aria-labelledby="sidebar-apps">
            <div class="sidebar-section">
              <h2 id="sidebar-apps">Apps</h2>
            </div>
            <ul>
              {hello.app.homeTab && <HomeLink onFollow={onLeave} />}
              {app ? link(app) : <AppMessagesButton onFollow={onLeave} />}
            </ul>
          </section>
        )}
        <section aria-labelledby="sidebar-people">
          <div class="sidebar-section">
            <h2 id="sidebar-people">People</h2>
          </div>
          <ul>
            {people.map((person) => (
              <PersonButton key={person.id} person={person} isMe={person.id === me?.id} onOpen={onOpenPerson} />
            ))}
          </ul>
        </section>
      </div>
      {creating && <CreateChannelDialog onClose={() => setCreating(false)} />}
    </nav>
  );
}

/** Opens the direct messages with the app while there are none yet. */
function AppMessagesButton({ onFollow }: { onFollow(): void }) {
  const workspace = useWorkspace();
  const app = workspace.hello.value?.app;
  if (!app?.messagesTab) return null;
  return (
    <li>
      <button
        type="button"
        class="sidebar-link"
        onClick={() => {
          onFollow();
          void workspace.openApp('messages');
        }}
      >
        <span class="avatar is-app is-small" data-sign="▶" aria-hidden="true" />
        <span class="sidebar-name">{app.name}</span>
      </button>
    </li>
  );
}
