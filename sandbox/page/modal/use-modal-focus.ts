import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ShownModal } from '../../page-server/protocol.ts';

const fields = 'input:not([type=hidden]), textarea, select';

function firstField(form: HTMLElement): HTMLElement | null {
  const body = form.querySelector<HTMLElement>('.dialog-body');
  return (
    body?.querySelector<HTMLElement>('[data-autofocus]') ??
    body?.querySelector<HTMLElement>(fields) ??
    // Without fields, the heading gets the focus, so that screen readers read the text from its beginning.
    form.querySelector<HTMLElement>('h2')
  );
}

/** Moves the focus to the first field, or to the first error; also when an update removes the focused field. */
export function useModalFocus(form: RefObject<HTMLFormElement | null>, modal: ShownModal): void {
  const { viewId, hash, title, errors } = modal;

  useEffect(() => {
    if (form.current) firstField(form.current)?.focus();
    // With another title, the app has turned the view into another form.
  }, [viewId, title.text, form]);

  // An update by the app may remove the focused field.
  useEffect(() => {
    const element = form.current;
    const active = document.activeElement;
    // The heading has the focus only if there was no field before.
    if (element && (!element.contains(active) || active?.matches('h2'))) firstField(element)?.focus();
  }, [hash, form]);

  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    const wrong = form.current?.querySelector<HTMLElement>('.has-error');
    wrong?.querySelector<HTMLElement>(fields)?.focus();
    wrong?.scrollIntoView({ block: 'nearest' });
  }, [errors, form]);
}
