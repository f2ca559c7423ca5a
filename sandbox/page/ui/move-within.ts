/** Moves the focus among the buttons of a menu or toolbar: arrow keys, Home, End and first letters. */
export function moveWithin(event: KeyboardEvent, container: HTMLElement | null): void {
  const items = [...(container?.querySelectorAll<HTMLElement>('button:not([disabled])') ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const target = targetOf(event, items, at);
  if (!target) return;
  event.preventDefault();
  target.focus();
}

function targetOf(event: KeyboardEvent, items: HTMLElement[], at: number): HTMLElement | undefined {
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return items[(at + 1) % items.length];
    case 'ArrowUp':
    case 'ArrowLeft':
      return items.at(at <= 0 ? -1 : at - 1);
    case 'Home':
      return items[0];
    case 'End':
      return items.at(-1);
    default: {
      if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey || event.altKey)
        return undefined;
      const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
      return after.find((item) => item.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()));
    }
  }
}
