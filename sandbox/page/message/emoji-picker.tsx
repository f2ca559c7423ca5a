import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { searchEmoji } from '../text/emoji.ts';
import { Icon } from '../ui/icon.tsx';
import { moveWithin } from '../ui/move-within.ts';
import { Popup } from '../ui/popup.tsx';

/** Number of emoji shown; others are found by typing. */
const shown = 72;

interface EmojiPickerButtonProps {
  label?: string;
  class?: string;
  onPick(name: string): void;
  onToggle?: (open: boolean) => void;
}

/** A button that opens the emoji picker. */
export function EmojiPickerButton({ label = 'Add reaction', onPick, onToggle, ...rest }: EmojiPickerButtonProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const toggle = useCallback(
    (next: boolean) => {
      setOpen(next);
      onToggle?.(next);
      if (!next) button.current?.focus();
    },
    [onToggle],
  );
  const close = useCallback(() => toggle(false), [toggle]);
  return (
    <>
      <button
        ref={button}
        type="button"
        class={rest.class ?? 'icon-button'}
        aria-label={label}
        title={label}
        aria-expanded={open}
        onClick={() => toggle(!open)}
      >
        <Icon name="smile" />
      </button>
      {open && (
        <Popup anchor={button} onClose={close} align="end" class="emoji-popup">
          <EmojiGrid
            onPick={(name) => {
              close();
              onPick(name);
            }}
          />
        </Popup>
      )}
    </>
  );
}

function EmojiGrid({ onPick }: { onPick(name: string): void }) {
  const [typed, setTyped] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const found = searchEmoji(typed, shown);
  useEffect(() => input.current?.focus(), []);
  return (
    <>
      <input
        ref={input}
        class="input"
        type="search"
        placeholder="Search emoji"
        aria-label="Search emoji"
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && found[0]) {
            event.preventDefault();
            onPick(found[0].name);
          } else if (event.key === 'ArrowDown') {
            event.preventDefault();
            grid.current?.querySelector('button')?.focus();
          }
        }}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together, no form. */}
      <div
        ref={grid}
        class="emoji-grid"
        role="group"
        aria-label="Emoji"
        onKeyDown={(event) => moveWithin(event, grid.current)}
      >
        {found.map((emoji) => (
          <button
            key={emoji.name}
            type="button"
            class="emoji-button"
            aria-label={emoji.name.replaceAll('_', ' ')}
            title={`:${emoji.name}:`}
            onClick={() => onPick(emoji.name)}
          >
            {emoji.character}
          </button>
        ))}
        {found.length === 0 && <p class="quiet">No emoji found</p>}
      </div>
    </>
  );
}
