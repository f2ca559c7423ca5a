import type { ShownPerson } from '../../page-server/protocol.ts';
import { Avatar, firstName, roleOf } from '../people/avatar.tsx';
import { useWorkspace } from '../state/context.ts';
import { MenuButton } from '../ui/menu.tsx';

/** Number of people in the bar; all others are in the menu beside it. */
const inBar = 8;

function describe(person: ShownPerson): string {
  return [person.name, roleOf(person) ?? person.title].filter(Boolean).join(', ');
}

/** Switches the acting person: a button for each. */
export function ActingAs() {
  const workspace = useWorkspace();
  const me = workspace.me.value;
  const people = [...workspace.people.value.values()].filter((person) => !person.isApp && !person.isDeactivated);
  const bar = people.slice(0, inBar);
  if (me && !bar.includes(me)) bar.splice(-1, 1, me);
  const others = people.filter((person) => !bar.includes(person));
  return (
    <nav class="acting-as" aria-label="Acting as">
      <span class="acting-label" aria-hidden="true">
        Acting as
      </span>
      {bar.map((person) => (
        <button
          key={person.id}
          type="button"
          class="actor"
          aria-pressed={person.id === me?.id}
          aria-label={describe(person)}
          title={describe(person)}
          onClick={() => workspace.go({ handle: person.handle })}
        >
          <Avatar id={person.id} name={person.name} size="small" />
          <span class="actor-name">{firstName(person)}</span>
        </button>
      ))}
      {others.length > 0 && (
        <MenuButton
          label="Act as somebody else"
          items={others.map((person) => ({
            label: person.name,
            note: roleOf(person) ?? person.title,
            onPick: () => workspace.go({ handle: person.handle }),
          }))}
        >
          <span aria-hidden="true">+{others.length}</span>
        </MenuButton>
      )}
    </nav>
  );
}
