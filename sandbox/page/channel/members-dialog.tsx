import { useId } from 'preact/hooks';
import type { ShownConversation } from '../../page-server/protocol.ts';
import { Avatar, roleOf } from '../people/avatar.tsx';
import { useWorkspace } from '../state/context.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';

interface MembersDialogProps {
  channel: ShownConversation;
  onInvite(): void;
  onClose(): void;
}

/** Lists the members of a channel. */
export function MembersDialog({ channel, onInvite, onClose }: MembersDialogProps) {
  const workspace = useWorkspace();
  const heading = useId();
  const people = workspace.people.value;
  const me = workspace.me.value;
  return (
    <Dialog labelledBy={heading} class="is-small" onClose={onClose}>
      <header class="dialog-header">
        <h2 id={heading}>Members of #{channel.name}</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="dialog-body">
        <ul class="member-list">
          {channel.members.map((id) => {
            const person = people.get(id);
            const role = person && (person.isApp ? 'App' : roleOf(person));
            const name = person?.name ?? id;
            return (
              <li key={id}>
                <Avatar id={id} name={name} isApp={person?.isApp ?? false} />
                <span class="member-name">
                  {name} {role && <span class="badge">{role}</span>}
                  <span class="quiet">{person?.title}</span>
                </span>
                {channel.may.invite && id !== me?.id && !channel.isGeneral && (
                  <button
                    type="button"
                    class="button is-small"
                    aria-label={`Remove ${name}`}
                    onClick={() => void workspace.ask('remove', { conversation: channel.id, userId: id })}
                  >
                    Remove
                  </button>
                )}
              </li>
            );
          })}
        </ul>
      </div>
      <footer class="dialog-footer">
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
        {channel.may.invite && (
          <button type="button" class="button is-primary" onClick={onInvite}>
            Invite people
          </button>
        )}
      </footer>
    </Dialog>
  );
}
