import { effect, type Signal, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

const storageKey = 'sandbox-theme';

function stored(): Theme {
  const value = localStorage.getItem(storageKey);
  return value === 'light' || value === 'dark' ? value : 'system';
}

/** The person's choice of light or dark, stored by the browser. */
export function createTheme(): Signal<Theme> {
  const theme = signal(stored());
  effect(() => {
    localStorage.setItem(storageKey, theme.value);
    if (theme.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  });
  return theme;
}
