import type { ShownPerson } from '../../page-server/protocol.ts';
import { useWorkspace } from '../state/context.ts';
import { Combobox } from '../ui/combobox.tsx';
import type { Choice } from '../ui/combobox-choice.ts';
import { LabelledField } from '../ui/labelled-field.tsx';

interface PeopleFieldProps {
  label: string;
  /** Whether this person can be chosen. */
  offers(person: ShownPerson): boolean;
  selected: Choice[];
  onChange(selected: Choice[]): void;
}

/** A field for several people, including the app. */
export function PeopleField({ label, offers, selected, onChange }: PeopleFieldProps) {
  const people = [...useWorkspace().people.value.values()].filter((person) => !person.isDeactivated && offers(person));
  const choices = people.map((person) => ({
    value: person.id,
    text: person.name,
    description: person.isApp ? 'App' : person.isExternal ? person.teamName : person.title,
  }));
  return (
    <LabelledField label={label}>
      {(id) => (
        <Combobox
          id={id}
          placeholder="Select people"
          source={{ kind: 'given', groups: [{ label: '', choices }] }}
          selected={selected}
          multiple
          onChange={onChange}
        />
      )}
    </LabelledField>
  );
}
