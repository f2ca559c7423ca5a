import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  /** The id of its heading. */
  labelledBy: string;
  /** Called on Escape or the close button. The owner decides whether the dialog closes. */
  onClose(): void;
  class?: string;
  role?: 'dialog' | 'alertdialog';
  children: ComponentChildren;
}

/** A modal dialog: the browser keeps the focus inside and makes the rest inert; closing restores the focus. */
export function Dialog({ labelledBy, onClose, children, role = 'dialog', ...rest }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      // If the element that opened it is gone, the focus goes to the composer.
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
      // A second Escape would close it without a `cancel` event.
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
