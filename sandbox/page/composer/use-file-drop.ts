import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/**
 * Handles files that are dropped anywhere on the conversation or thread around an element. Without it the browser would leave
 * the page and open them.
 */
export function useFileDrop(within: RefObject<HTMLElement | null>, onFiles: (files: File[]) => void): void {
  useEffect(() => {
    const around = within.current?.closest<HTMLElement>('main, aside');
    if (!around) return;
    const allow = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      // Text that is dragged into a field is left to the browser.
      if (files.length === 0) return;
      event.preventDefault();
      onFiles(files);
    };
    around.addEventListener('dragover', allow);
    around.addEventListener('drop', drop);
    return () => {
      around.removeEventListener('dragover', allow);
      around.removeEventListener('drop', drop);
    };
  }, [within, onFiles]);
}
