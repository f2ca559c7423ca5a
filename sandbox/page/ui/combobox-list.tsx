import { useEffect, useRef } from 'preact/hooks';
import type { Choice } from './combobox-choice.ts';
import type { Choices } from './use-choices.ts';

interface ComboboxListProps<C extends Choice> {
  id: string;
  label: string;
  choices: Choices<C>;
  /** Index of the choice that the arrow keys are on, counted over all groups. */
  active: number;
  isSelected(choice: C): boolean;
  multiple: boolean;
  /** Whether the maximum number of choices is chosen. */
  full: boolean;
  onPick(choice: C): void;
  onHover(index: number): void;
}

function statusText<C extends Choice>(choices: Choices<C>, full: boolean): string {
  if (choices.state === 'failed') return 'The app gave no options. Try again.';
  if (choices.state === 'too_short') {
    const { minLength } = choices;
    return minLength === 1 ? 'Type to search' : `Type at least ${minLength} characters to search`;
  }
  if (choices.state === 'asking') return choices.groups.length > 0 ? '' : 'Searching…';
  if (full) return 'No more can be chosen';
  return choices.groups.length === 0 ? 'No results' : '';
}

/** The list below a select, with its groups. */
export function ComboboxList<C extends Choice>(props: ComboboxListProps<C>) {
  const { id, choices, active } = props;
  const list = useRef<HTMLDivElement>(null);
  const groups = 'groups' in choices ? choices.groups : [];
  const status = statusText(choices, props.full);
  let index = -1;

  useEffect(() => {
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' });
  });

  const option = (choice: C) => {
    index += 1;
    const at = index;
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox's input has the keys.
      // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input (aria-activedescendant).
      <div
        key={choice.value}
        id={`${id}-${at}`}
        role="option"
        aria-selected={props.isSelected(choice)}
        data-active={at === active ? '' : undefined}
        class="option"
        onMouseMove={() => at !== active && props.onHover(at)}
        // The input keeps the focus.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => props.onPick(choice)}
      >
        <span class="option-text">{choice.text}</span>
        {choice.description && <span class="option-description">{choice.description}</span>}
      </div>
    );
  };

  return (
    <>
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={props.label}
        aria-multiselectable={props.multiple}
        aria-busy={choices.state === 'asking'}
        tabIndex={-1}
        class={`listbox ${choices.state === 'asking' ? 'is-asking' : ''}`}
      >
        {groups.map((group, at) =>
          group.label === '' ? (
            group.choices.map(option)
          ) : (
            // biome-ignore lint/a11y/useSemanticElements: a group of a listbox is no fieldset.
            <div key={group.label} role="group" aria-labelledby={`${id}-group-${at}`}>
              <div class="option-group" id={`${id}-group-${at}`} role="presentation">
                {group.label}
              </div>
              {group.choices.map(option)}
            </div>
          ),
        )}
      </div>
      <div class={status === '' ? 'visually-hidden' : 'listbox-status'} role="status">
        {status}
      </div>
    </>
  );
}
