import { useCallback, useId, useRef, useState } from 'preact/hooks';
import type { Choice } from './combobox-choice.ts';
import { ComboboxList } from './combobox-list.tsx';
import { Popup } from './popup.tsx';
import { type ChoiceSource, useChoices } from './use-choices.ts';

interface ComboboxProps<C extends Choice> {
  id: string;
  /** The accessible name of a select without a label element. */
  label?: string | undefined;
  describedBy?: string | undefined;
  invalid?: boolean;
  placeholder: string;
  source: ChoiceSource<C>;
  selected: C[];
  /** Whether several can be chosen; each then has a button to remove it. */
  multiple: boolean;
  /** Maximum number of choices. */
  max?: number | undefined;
  autoFocus?: boolean;
  disabled?: boolean;
  onChange(selected: C[]): void;
}

/** A select with a text input: one choice, or several as chips. */
export function Combobox<C extends Choice>(props: ComboboxProps<C>) {
  const { id, label, source, selected, multiple, max, placeholder, disabled = false, onChange } = props;
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const choices = useChoices(source, typed, open);
  const flat = 'groups' in choices ? choices.groups.flatMap((group) => group.choices) : [];
  const full = multiple && max !== undefined && selected.length >= max;
  const isSelected = (choice: C) => selected.some((one) => one.value === choice.value);

  const show = () => {
    if (open || disabled) return;
    const at = flat.findIndex(isSelected);
    setActive(Math.max(at, 0));
    setOpen(true);
  };
  const close = useCallback(() => {
    setOpen(false);
    setTyped('');
  }, []);
  const pick = (choice: C) => {
    if (!multiple) {
      onChange([choice]);
      close();
    } else if (isSelected(choice)) {
      onChange(selected.filter((one) => one.value !== choice.value));
    } else if (!full) {
      onChange([...selected, choice]);
    }
    if (multiple) setTyped('');
    input.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Backspace' && typed === '' && multiple && selected.length > 0) {
      onChange(selected.slice(0, -1));
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) return show();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((at) => (flat.length === 0 ? 0 : (at + step + flat.length) % flat.length));
    } else if (event.key === 'Home' || event.key === 'End') {
      if (!open || typed !== '') return;
      event.preventDefault();
      setActive(event.key === 'Home' ? 0 : flat.length - 1);
    } else if (event.key === 'Enter') {
      const choice = flat[active];
      // Enter opens the list and chooses; it does not submit the form while a list is open.
      event.preventDefault();
      if (!open) show();
      else if (choice && choices.state === 'ready') pick(choice);
    } else if (event.key === 'Tab') {
      close();
    }
  };

  const shown = open || multiple ? typed : (selected[0]?.text ?? '');
  const hint = open && !multiple && selected[0] ? selected[0].text : placeholder;
  return (
    <div class={`combobox ${disabled ? 'is-disabled' : ''} ${props.invalid ? 'is-invalid' : ''}`} ref={box}>
      {multiple &&
        selected.map((choice) => (
          <span class="chip" key={choice.value}>
            {choice.text}
            <button
              type="button"
              class="chip-remove"
              aria-label={`Remove ${choice.text}`}
              disabled={disabled}
              onClick={() => {
                onChange(selected.filter((one) => one.value !== choice.value));
                input.current?.focus();
              }}
            >
              ×
            </button>
          </span>
        ))}
      <input
        ref={input}
        id={id}
        class="combobox-input"
        role="combobox"
        type="text"
        autocomplete="off"
        spellcheck={false}
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-activedescendant={open && flat[active] ? `${listId}-${active}` : undefined}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid ? 'true' : undefined}
        data-autofocus={props.autoFocus ? '' : undefined}
        disabled={disabled}
        placeholder={multiple && selected.length > 0 ? '' : hint}
        value={shown}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
          setOpen(true);
        }}
        onClick={show}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <span class="combobox-arrow" aria-hidden="true">
        ▾
      </span>
      {open && (
        <Popup anchor={box} onClose={close} matchWidth class="combobox-popup">
          <ComboboxList
            id={listId}
            label={label ?? placeholder}
            choices={choices}
            active={active}
            isSelected={isSelected}
            multiple={multiple}
            full={full}
            onPick={pick}
            onHover={setActive}
          />
        </Popup>
      )}
    </div>
  );
}
