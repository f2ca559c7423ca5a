import { useEffect, useId, useRef } from 'preact/hooks';
import type { ShownModal } from '../../page-server/protocol.ts';
import { Blocks } from '../block-kit/block.tsx';
import { SurfaceContext } from '../block-kit/surface.ts';
import { useWorkspace } from '../state/context.ts';
import { useSurfaceAt } from '../state/use-surface.ts';
import { PlainText } from '../text/mrkdwn.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { useModalFocus } from './use-modal-focus.ts';

/** The stack of the app's modals: shows the topmost; Escape goes back to the one below. */
export function ModalStack() {
  const workspace = useWorkspace();
  const heading = useId();
  const stack = workspace.modals.value;
  const top = stack.at(-1);
  if (!top) return null;
  const close = () => void workspace.ask('close', { viewId: top.viewId });
  return (
    <Dialog labelledBy={heading} onClose={close}>
      <ModalView key={top.viewId} modal={top} headingId={heading} depth={stack.length} onClose={close} />
    </Dialog>
  );
}

interface ModalViewProps {
  modal: ShownModal;
  headingId: string;
  depth: number;
  onClose(): void;
}

function ModalView({ modal, headingId, depth, onClose }: ModalViewProps) {
  const workspace = useWorkspace();
  const form = useRef<HTMLFormElement>(null);
  const { viewId, isSubmitting, errors } = modal;
  const surface = useSurfaceAt({ surface: 'modal', viewId }, modal.values, errors);
  useModalFocus(form, modal);
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (modal.banner && body.current) body.current.scrollTop = 0;
  }, [modal.banner]);
  const submit = () => {
    if (modal.submit && !isSubmitting) void workspace.ask('submit', { viewId });
  };
  const closeText = modal.close?.text ?? (depth > 1 ? 'Back' : modal.submit ? 'Cancel' : 'Close');
  return (
    <form
      ref={form}
      class={`dialog-form ${isSubmitting ? 'is-busy' : ''}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
      }}
    >
      <header class="dialog-header">
        <span class="avatar is-app is-small" data-sign="▶" aria-hidden="true" />
        <h2 id={headingId} tabIndex={-1}>
          <PlainText text={modal.title.text} />
        </h2>
        <button
          type="button"
          class="icon-button"
          aria-label={depth > 1 ? 'Close all' : 'Close'}
          title={depth > 1 ? 'Close all' : 'Close'}
          onClick={() => void workspace.ask('close_all', { viewId })}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="dialog-body" ref={body}>
        {modal.banner && (
          <div class="banner" role="alert">
            {modal.banner}
          </div>
        )}
        <SurfaceContext.Provider value={surface}>
          <Blocks blocks={modal.blocks} />
        </SurfaceContext.Provider>
      </div>
      <footer class="dialog-footer">
        <button type="button" class="button" onClick={onClose}>
          {closeText}
        </button>
        {modal.submit && (
          <button type="submit" class="button is-primary" aria-disabled={isSubmitting} aria-busy={isSubmitting}>
            <PlainText text={modal.submit.text} />
            {isSubmitting && <span class="spinner" aria-hidden="true" />}
          </button>
        )}
      </footer>
    </form>
  );
}
