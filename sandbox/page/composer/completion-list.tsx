import type { RefObject } from 'preact';
import { Popup } from '../ui/popup.tsx';
import type { Completion } from './completion.ts';

interface CompletionListProps {
  /** Prefix of the options' ids: `<id>-0` … */
  id: string;
  anchor: RefObject<HTMLElement | null>;
  completions: Completion[];
  /** Index of the option that the arrow keys are on. */
  active: number;
  onPoint(index: number): void;
  onPick(completion: Completion): void;
  onClose(): void;
}

/** Completions for the word before the cursor: commands, people, groups, channels. The text area keeps the focus. */
export function CompletionList({ id, anchor, completions, active, onPoint, onPick, onClose }: CompletionListProps) {
  return (
    <Popup anchor={anchor} onClose={onClose} matchWidth class="completion-popup">
      <div id={id} role="listbox" aria-label="Suggestions" class="listbox">
        {completions.map((completion, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text area has the keys.
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text area.
          <div
            key={completion.insert}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            data-active={index === active ? '' : undefined}
            class="option is-row"
            onMouseMove={() => onPoint(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(completion)}
          >
            <span class="option-text">{completion.text}</span>
            <span class="option-description">{completion.note}</span>
          </div>
        ))}
      </div>
    </Popup>
  );
}
