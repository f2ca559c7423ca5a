import { useId, useState } from 'preact/hooks';
import { useWorkspace } from '../state/context.ts';
import type { Choice } from '../ui/combobox-choice.ts';
import { FormDialog } from '../ui/form-dialog.tsx';
import { TextLine } from '../ui/labelled-field.tsx';
import { PeopleField } from './people-field.tsx';
import { refusalOf } from './refusal.ts';

type Kind = { isPrivate: boolean; sharedWith?: string };

/** Creates a channel: public, private, or shared with another organisation. */
export function CreateChannelDialog({ onClose }: { onClose(): void }) {
  const workspace = useWorkspace();
  const group = useId();
  const teams = workspace.hello.value?.otherTeams ?? [];
  const kinds: { label: string; note: string; kind: Kind }[] = [
    { label: 'Public', note: 'Anyone in the workspace can find it', kind: { isPrivate: false } },
    { label: 'Private', note: 'Only people who are invited', kind: { isPrivate: true } },
    ...teams.map((team) => ({
      label: `Shared with ${team.name}`,
      note: 'People of both organisations',
      kind: { isPrivate: false, sharedWith: team.id },
    })),
  ];
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState(0);
  const [invited, setInvited] = useState<Choice[]>([]);
  const kind = kinds[chosen]?.kind ?? { isPrivate: false };
  const sharedTeam = teams.find((team) => team.id === kind.sharedWith);

  const create = async () => {
    let conversation = '';
    const wrong = await refusalOf(
      workspace
        .request('create_channel', {
          name: name.trim().replace(/^#/, ''),
          ...kind,
          invite: invited.map((choice) => choice.value),
        })
        .then((created) => {
          conversation = created.conversation;
        }),
    );
    if (wrong === undefined) workspace.go({ at: conversation });
    return wrong;
  };
  return (
    <FormDialog title="Create a channel" submit="Create" onSubmit={create} onClose={onClose}>
      <TextLine
        label="Name"
        value={name}
        placeholder="e.g. support-initech"
        hint="Lower-case letters, digits, hyphens and underscores."
        onInput={(typed) => setName(typed.toLowerCase().replaceAll(' ', '-'))}
      />
      <div class="block-input" role="radiogroup" aria-labelledby={group}>
        <div class="field-label" id={group}>
          Visibility
        </div>
        {kinds.map((one, index) => (
          <label class="choice" key={one.label}>
            <input type="radio" name={group} checked={index === chosen} onChange={() => setChosen(index)} />
            <span>
              {one.label}
              <span class="choice-description">{one.note}</span>
            </span>
          </label>
        ))}
      </div>
      <PeopleField
        label="Invite (optional)"
        offers={(person) =>
          person.id !== workspace.me.value?.id && (!person.isExternal || person.teamId === sharedTeam?.id)
        }
        selected={invited}
        onChange={setInvited}
      />
    </FormDialog>
  );
}
