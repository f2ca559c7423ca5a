import { effect, type Signal, signal } from '@preact/signals';
import { createTheme, type Theme } from './theme.ts';

/** Which parts of the page are open. The browser remembers the pane beside the conversation. */
export interface Panels {
  /** The sidebar in a narrow window; in a wide one it is always open. */
  sidebar: Signal<boolean>;
  checklist: Signal<boolean>;
  inspector: Signal<boolean>;
  theme: Signal<Theme>;
}

function remembered(key: string, byDefault: boolean): Signal<boolean> {
  const stored = localStorage.getItem(key);
  const open = signal(stored === null ? byDefault : stored === 'open');
  effect(() => localStorage.setItem(key, open.value ? 'open' : 'closed'));
  return open;
}

/** In a window narrower than this, in pixels, a pane covers the conversation; see `styles/layout.css`. */
const narrow = 900;

export function createPanels(): Panels {
  return {
    sidebar: signal(false),
    checklist: remembered('sandbox-checklist', window.innerWidth >= narrow),
    inspector: remembered('sandbox-inspector', false),
    theme: createTheme(),
  };
}
