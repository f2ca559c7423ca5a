import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ShownModal } from '../../page-server/protocol.ts';

const fields = 'input:not([type=hidden]), textarea, select';

function firstField(form: HTMLElement): HTMLElement | null {
  const body = form.querySelector<HTMLElement>('.dialog-body');
  return (
    body?.querySelector<HTMLElement>('[data-autofocus]') ??
    body?.querySelector<HTMLElement>(fields) ??
    // Nothing to fill in: the heading, so that the text is read from its beginning.
    form.querySelector<HTMLElement>('h2')
  );
}

/** Keeps the focus where a person goes on: in the first field, at the first mistake, never lost with a field that went. */
export function useModalFocus(form: RefObject<HTMLFormElement | null>, modal: ShownModal): void {
  const { viewId, hash, title, errors } = modal;

  useEffect(() => {
    if (form.current) firstField(form.current)?.focus();
    // Another title: the app has turned the view into another form.
  }, [viewId, title.text, form]);

  // An update by the app may take the focused field away.
  useEffect(() => {
    const element = form.current;
    const active = document.activeElement;
    // On the heading it is only because there was no field yet.
    if (element && (!element.contains(active) || active?.matches('h2'))) firstField(element)?.focus();
  }, [hash, form]);

  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    const wrong = form.current?.querySelector<HTMLElement>('.has-error');
    wrong?.querySelector<HTMLElement>(fields)?.focus();
    wrong?.scrollIntoView({ block: 'nearest' });
  }, [errors, form]);
}
