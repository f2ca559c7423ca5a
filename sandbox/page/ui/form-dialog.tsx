import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';

interface FormDialogProps {
  title: string;
  submit: string;
  /** Resolves to an error, or to undefined on success. */
  onSubmit(): Promise<string | undefined>;
  onClose(): void;
  children: ComponentChildren;
}

/** A dialog of the page itself with one form. Closes after a successful submission. */
export function FormDialog({ title, submit, onSubmit, onClose, children }: FormDialogProps) {
  const heading = useId();
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('.dialog-body input, .dialog-body textarea')?.focus(), []);
  const send = async () => {
    if (busy) return;
    setBusy(true);
    const wrong = await onSubmit();
    setBusy(false);
    setError(wrong);
    if (wrong === undefined) onClose();
  };
  return (
    <Dialog labelledBy={heading} onClose={onClose} class="is-small">
      <form
        ref={form}
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <header class="dialog-header">
          <h2 id={heading}>{title}</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div class="dialog-body">
          {error && (
            <div class="banner" role="alert">
              {error}
            </div>
          )}
          {children}
        </div>
        <footer class="dialog-footer">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button is-primary" aria-busy={busy}>
            {submit}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
