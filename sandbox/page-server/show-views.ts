import type { Core } from '../core.ts';
import { stackOf } from '../views/modals.ts';
import type { ShownHome, ShownModal } from './protocol.ts';

/** A person's open views, the topmost last. */
export function showModals(core: Core, userId: string): ShownModal[] {
  return stackOf(core, userId).map(({ id, hash, view, values, errors, banner, isSubmitting = false }) => ({
    viewId: id,
    hash,
    title: view.title ?? { type: 'plain_text', text: '' },
    submit: view.submit,
    close: view.close,
    blocks: view.blocks,
    values,
    errors,
    banner,
    isSubmitting,
  }));
}

/** The app's home tab; null if the app has published none for the person. */
export function showHome(core: Core, userId: string): ShownHome | null {
  const record = core.state.views[core.state.homes[userId] ?? ''];
  if (!record) return null;
  return { viewId: record.id, hash: record.hash, blocks: record.view.blocks, values: record.values };
}
