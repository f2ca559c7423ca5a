import { useId } from 'preact/hooks';
import type { ShownPerson } from '../../page-server/protocol.ts';
import { useWorkspace } from '../state/context.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { Avatar, firstName, roleOf } from './avatar.tsx';

/** A person's profile, with a button to act as them. */
export function PersonDialog({ person, onClose }: { person: ShownPerson; onClose(): void }) {
  const workspace = useWorkspace();
  const heading = useId();
  const groups = workspace.userGroups.value.filter((group) => group.users.includes(person.id));
  const rows: [string, string | undefined][] = [
    ['Title', person.title],
    ['Handle', `@${person.handle}`],
    ['Organisation', person.teamName],
    ['E-mail', person.email],
    ['Phone', person.phone],
    ['Time zone', person.timeZone],
    ['Groups', groups.map((group) => `@${group.handle}`).join(', ')],
  ];
  return (
    <Dialog labelledBy={heading} class="is-small" onClose={onClose}>
      <header class="dialog-header">
        <Avatar id={person.id} name={person.name} isApp={person.isApp} />
        <h2 id={heading} tabIndex={-1}>
          {person.name}
        </h2>
        {roleOf(person) && <span class="badge">{roleOf(person)}</span>}
        <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="dialog-body">
        <dl class="profile">
          {rows
            .filter(([, value]) => value)
            .map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </div>
      <footer class="dialog-footer">
        {person.isApp ? (
          <button
            type="button"
            class="button is-primary"
            onClick={() => {
              onClose();
              void workspace.openApp('messages');
            }}
          >
            Open messages
          </button>
        ) : (
          <button
            type="button"
            class="button is-primary"
            onClick={() => {
              onClose();
              workspace.go({ handle: person.handle });
            }}
          >
            Act as {firstName(person)}
          </button>
        )}
      </footer>
    </Dialog>
  );
}
