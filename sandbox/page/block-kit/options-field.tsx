import { useState } from 'preact/hooks';
import type { TextObject } from '../../block-kit/types.ts';
import { chosenChoices } from './choice-of.ts';
import { useConfirm } from './confirm.tsx';
import { type FieldProps, fieldAttributes } from './field.ts';
import { heldValue, useSurface } from './surface.ts';
import { TextObjectView } from './text-object.tsx';

/** Checkboxes and radio buttons. */
export function OptionsField(props: FieldProps) {
  const { block, element, id, label, describedBy } = props;
  const surface = useSurface();
  const confirm = useConfirm(element.confirm);
  const multiple = element.type === 'checkboxes';
  const [selected, setSelected] = useState(() =>
    chosenChoices(heldValue(surface, props), (value) => value).map((choice) => choice.value),
  );
  const options = element.options ?? [];
  const change = async (value: string, on: boolean) => {
    const before = selected;
    const next = options
      .map((option) => option.value ?? '')
      .filter((one) => (one === value ? on : multiple && selected.includes(one)));
    setSelected(next);
    if (!(await confirm.ask())) {
      setSelected(before);
      return;
    }
    await surface.enter({ block, element }, multiple ? next : (next[0] ?? null));
  };
  const attributes = fieldAttributes(props);
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is one of two, and both support it.
    <div
      class="options"
      role={multiple ? 'group' : 'radiogroup'}
      aria-label={label}
      aria-labelledby={label ? undefined : `${id}-label`}
      aria-describedby={describedBy}
    >
      {options.map((option, index) => (
        <label class="choice" key={option.value}>
          <input
            type={multiple ? 'checkbox' : 'radio'}
            id={`${id}-${index}`}
            name={id}
            checked={selected.includes(option.value ?? '')}
            aria-invalid={attributes['aria-invalid']}
            data-autofocus={index === 0 ? attributes['data-autofocus'] : undefined}
            onChange={(event) => void change(option.value ?? '', event.currentTarget.checked)}
          />
          <span>
            <TextObjectView text={option.text} />
            {option.description && <Description text={option.description} />}
          </span>
        </label>
      ))}
      {confirm.dialog}
    </div>
  );
}

function Description({ text }: { text: TextObject }) {
  return (
    <span class="choice-description">
      <TextObjectView text={text} />
    </span>
  );
}
