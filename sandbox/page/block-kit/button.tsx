import { useState } from 'preact/hooks';
import { PlainText } from '../text/mrkdwn.tsx';
import { safeUrl } from '../text/safe-url.ts';
import { MenuButton } from '../ui/menu.tsx';
import { useConfirm } from './confirm.tsx';
import { type ElementPath, useSurface } from './surface.ts';

/** Presses an element, and tracks whether the press is still pending. */
function usePress({ block, element }: ElementPath) {
  const surface = useSurface();
  const confirm = useConfirm(element.confirm);
  const [busy, setBusy] = useState(false);
  const press = async (option?: string | number) => {
    if (busy || !(await confirm.ask())) return;
    setBusy(true);
    try {
      await surface.press({ block, element }, option);
    } finally {
      setBusy(false);
    }
  };
  return { press, busy, dialog: confirm.dialog };
}

export function ButtonElement(path: ElementPath) {
  const { element } = path;
  const { press, busy, dialog } = usePress(path);
  const style = element.style === 'primary' ? 'is-primary' : element.style === 'danger' ? 'is-danger' : '';
  const url = element.url && safeUrl(element.url);
  const click = () => {
    if (url) window.open(url, '_blank', 'noopener');
    void press();
  };
  return (
    <>
      <button
        type="button"
        class={`button ${style}`}
        aria-label={element.accessibility_label}
        aria-busy={busy}
        onClick={click}
      >
        {element.text && <PlainText text={element.text.text} />}
        {busy && <span class="spinner" aria-hidden="true" />}
      </button>
      {dialog}
    </>
  );
}

/** The "⋯" menu of a row. `row` is the text of the row, for its accessible name. */
export function OverflowElement({ row, ...path }: ElementPath & { row: string }) {
  const { press, dialog } = usePress(path);
  const items = (path.element.options ?? []).map((option, index) => ({
    label: option.text.text.replace(/:[a-z_]+:\s*/g, ''),
    note: option.description?.text,
    onPick: () => {
      const url = option.url && safeUrl(option.url);
      if (url) window.open(url, '_blank', 'noopener');
      void press(option.value ?? index);
    },
  }));
  return (
    <>
      <MenuButton label={row ? `More actions: ${row}` : 'More actions'} class="button is-icon" items={items}>
        <span aria-hidden="true">⋯</span>
      </MenuButton>
      {dialog}
    </>
  );
}
