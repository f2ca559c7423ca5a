import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { moveWithin } from './move-within.ts';
import { Popup } from './popup.tsx';

export interface MenuItem {
  label: string;
  /** A second line in smaller text. */
  note?: string | undefined;
  danger?: boolean;
  /** Whether it is the chosen one of several. Makes the item a radio button. */
  checked?: boolean | undefined;
  onPick(): void;
}

interface MenuProps {
  /** The accessible name of the button. */
  label: string;
  items: MenuItem[];
  children: ComponentChildren;
  class?: string;
  align?: 'start' | 'end';
  disabled?: boolean;
  onToggle?: (open: boolean) => void;
}

function itemRole({ checked }: MenuItem) {
  return checked === undefined
    ? { role: 'menuitem' as const }
    : { role: 'menuitemradio' as const, 'aria-checked': checked };
}

/** A button with a menu below it. */
export function MenuButton({ label, items, children, align = 'end', disabled = false, onToggle, ...rest }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const toggle = useCallback(
    (next: boolean) => {
      setOpen(next);
      onToggle?.(next);
    },
    [onToggle],
  );
  const close = useCallback(() => {
    if (list.current?.contains(document.activeElement)) button.current?.focus();
    toggle(false);
  }, [toggle]);

  useEffect(() => {
    if (open) list.current?.querySelector<HTMLElement>('button')?.focus();
  }, [open]);

  return (
    <>
      <button
        ref={button}
        type="button"
        class={rest.class ?? 'icon-button'}
        title={label}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        disabled={disabled}
        onClick={() => (open ? close() : toggle(true))}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || open) return;
          event.preventDefault();
          toggle(true);
        }}
      >
        {children}
      </button>
      {open && (
        <Popup anchor={button} onClose={close} align={align} class="menu-popup">
          <div
            ref={list}
            class="menu"
            role="menu"
            aria-label={label}
            onKeyDown={(event) => {
              if (event.key === 'Tab') close();
              else moveWithin(event, list.current);
            }}
          >
            {items.map((item) => (
              <button
                key={item.label}
                type="button"
                {...itemRole(item)}
                tabIndex={-1}
                class={`menu-item ${item.danger ? 'is-danger' : ''}`}
                onClick={() => {
                  close();
                  item.onPick();
                }}
              >
                <span>{item.label}</span>
                {item.note && <span class="menu-note">{item.note}</span>}
              </button>
            ))}
          </div>
        </Popup>
      )}
    </>
  );
}
