/** A choice of a select. */
export interface Choice {
  /** Identifies the choice: an option's value, or the id of a person or channel. */
  value: string;
  text: string;
  description?: string | undefined;
}

export interface ChoiceGroup<C extends Choice = Choice> {
  /** Empty if the choices are not grouped. */
  label: string;
  choices: C[];
}

/** The choices whose text or description contains every typed word. */
export function narrowed<C extends Choice>(groups: ChoiceGroup<C>[], typed: string): ChoiceGroup<C>[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (choice: C) => {
    const text = `${choice.text} ${choice.description ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups
    .map((group) => ({ ...group, choices: group.choices.filter(fits) }))
    .filter((group) => group.choices.length > 0);
}
