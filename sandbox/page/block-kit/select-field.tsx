import { useState } from 'preact/hooks';
import { useDirectory } from '../text/directory.ts';
import { Combobox } from '../ui/combobox.tsx';
import type { Choice } from '../ui/combobox-choice.ts';
import type { ChoiceSource } from '../ui/use-choices.ts';
import { chosenChoices, givenChoices } from './choice-of.ts';
import { useConfirm } from './confirm.tsx';
import { type FieldProps, focusesOnLoad } from './field.ts';
import { heldValue, useSurface } from './surface.ts';

/** Slack's default: an external select asks the app after three typed characters. */
const defaultQueryLength = 3;

const placeholders: Record<string, string> = {
  users: 'Select a person',
  channels: 'Select a channel',
  conversations: 'Select a conversation',
};

/** Every kind of select: static, external, people, channels and conversations; one choice or several. */
export function SelectField(props: FieldProps) {
  const { block, element, id, label, describedBy, invalid } = props;
  const surface = useSurface();
  const directory = useDirectory();
  const confirm = useConfirm(element.confirm);
  const multiple = element.type.startsWith('multi_');
  const kind = element.type.replace(/^multi_/, '').replace(/_select$/, '');
  const nameOf = (choice: string) => directory.userName(choice) ?? directory.channelName(choice) ?? choice;
  const [selected, setSelected] = useState<Choice[]>(() => chosenChoices(heldValue(surface, props), nameOf));

  const source: ChoiceSource<Choice> =
    kind === 'static'
      ? { kind: 'given', groups: givenChoices(element) }
      : {
          kind: 'asked',
          minLength: kind === 'external' ? (element.min_query_length ?? defaultQueryLength) : 0,
          ask: async (typed) => {
            const groups = await surface.suggest({ block, element }, typed);
            return groups.map((group) => ({ label: group.label, choices: group.options }));
          },
        };
  const change = async (next: Choice[]) => {
    const before = selected;
    setSelected(next);
    if (!(await confirm.ask())) {
      setSelected(before);
      return;
    }
    const values = next.map((choice) => choice.value);
    await surface.enter({ block, element }, multiple ? values : (values[0] ?? null));
  };
  return (
    <>
      <Combobox
        id={id}
        label={label}
        describedBy={describedBy}
        invalid={invalid}
        placeholder={element.placeholder?.text ?? placeholders[kind] ?? 'Select an option'}
        source={source}
        selected={selected}
        multiple={multiple}
        max={element.max_selected_items}
        autoFocus={focusesOnLoad(element)}
        onChange={(next) => void change(next)}
      />
      {confirm.dialog}
    </>
  );
}
