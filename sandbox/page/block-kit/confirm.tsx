import type { VNode } from 'preact';
import { useCallback, useId, useState } from 'preact/hooks';
import type { ConfirmObject } from '../../block-kit/types.ts';
import { Dialog } from '../ui/dialog.tsx';
import { TextObjectView } from './text-object.tsx';

/** Asks for confirmation if the app wants one; otherwise `ask` resolves to true at once. */
export function useConfirm(confirm: (ConfirmObject & { style?: string }) | undefined): {
  ask(): Promise<boolean>;
  dialog: VNode | null;
} {
  const [asking, setAsking] = useState<{ answer(yes: boolean): void }>();
  const ask = useCallback(() => {
    if (!confirm) return Promise.resolve(true);
    return new Promise<boolean>((resolve) => {
      setAsking({
        answer: (yes) => {
          setAsking(undefined);
          resolve(yes);
        },
      });
    });
  }, [confirm]);
  const dialog = confirm && asking ? <ConfirmDialog confirm={confirm} onAnswer={asking.answer} /> : null;
  return { ask, dialog };
}

interface ConfirmDialogProps {
  confirm: ConfirmObject & { style?: string };
  onAnswer(yes: boolean): void;
}

export function ConfirmDialog({ confirm, onAnswer }: ConfirmDialogProps) {
  const heading = useId();
  return (
    <Dialog labelledBy={heading} role="alertdialog" class="is-small" onClose={() => onAnswer(false)}>
      <header class="dialog-header">
        <h2 id={heading}>{confirm.title.text}</h2>
      </header>
      <div class="dialog-body">
        <TextObjectView text={confirm.text} />
      </div>
      <footer class="dialog-footer">
        <button type="button" class="button" onClick={() => onAnswer(false)}>
          {confirm.deny.text}
        </button>
        <button
          type="button"
          class={`button ${confirm.style === 'danger' ? 'is-danger-solid' : 'is-primary'}`}
          onClick={() => onAnswer(true)}
        >
          {confirm.confirm.text}
        </button>
      </footer>
    </Dialog>
  );
}
