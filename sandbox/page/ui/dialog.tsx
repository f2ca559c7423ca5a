import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  /** The id of its heading. */
  labelledBy: string;
  /** Escape, or a close button. The owner decides whether it goes. */
  onClose(): void;
  class?: string;
  role?: 'dialog' | 'alertdialog';
  children: ComponentChildren;
}

/** A modal dialog: the browser keeps the focus in it and makes the rest inert; afterwards the focus goes back. */
export function Dialog({ labelledBy, onClose, children, role = 'dialog', ...rest }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      // What opened it may be gone by now: then the composer is where a person goes on.
      if (document.activeElement === document.body)
        document.querySelector<HTMLElement>('[data-fallback-focus]')?.focus();
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      role={role}
      class={`dialog ${rest.class ?? ''}`}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // A second Escape would close it past `cancel`.
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
}
