import { useState } from 'preact/hooks';
import { ConfirmDialog } from '../block-kit/confirm.tsx';
import { useWorkspace } from '../state/context.ts';
import { Icon } from '../ui/icon.tsx';
import { MenuButton } from '../ui/menu.tsx';
import { ActingAs } from './acting-as.tsx';
import type { Panels } from './panels.ts';

const reset = {
  title: { type: 'plain_text' as const, text: 'Reset the workspace' },
  text: {
    type: 'plain_text' as const,
    text: 'Channels, messages, live chats and everything started so far are gone, and the workspace is as on its first day.',
  },
  confirm: { type: 'plain_text' as const, text: 'Reset' },
  deny: { type: 'plain_text' as const, text: 'Cancel' },
  style: 'danger',
};

/** The bar at the top: the acting person, and controls for the whole workspace. */
export function TopBar({ panels }: { panels: Panels }) {
  const workspace = useWorkspace();
  const [resetting, setResetting] = useState(false);
  const hello = workspace.hello.value;
  const steps = workspace.wire.checklist.value;
  const done = steps.filter((step) => step.isDone).length;
  const theme = panels.theme.value;
  return (
    <div class="top-bar">
      <button
        type="button"
        class="icon-button only-narrow"
        aria-label="Channels and people"
        aria-expanded={panels.sidebar.value}
        onClick={() => {
          panels.sidebar.value = !panels.sidebar.value;
        }}
      >
        <Icon name="menu" />
      </button>
      <ActingAs />
      <div class="top-tools">
        {hello?.links.map((link) => (
          <a key={link.url} class="tool" href={link.url} target="_blank" rel="noopener">
            {link.label}
          </a>
        ))}
        {steps.length > 0 && (
          <button
            type="button"
            class="tool"
            aria-pressed={panels.checklist.value}
            title="First minute"
            onClick={() => {
              panels.checklist.value = !panels.checklist.value;
            }}
          >
            <Icon name="list" />
            <span class="tool-name">First minute</span>
            <span class="count">
              {done}/{steps.length}
            </span>
          </button>
        )}
        <button
          type="button"
          class="tool"
          aria-pressed={panels.inspector.value}
          title="Inspector"
          onClick={() => {
            panels.inspector.value = !panels.inspector.value;
          }}
        >
          <Icon name="inspect" />
          <span class="tool-name">Inspector</span>
        </button>
        <MenuButton
          label="Theme and reset"
          items={[
            ...(['system', 'light', 'dark'] as const).map((one) => ({
              label: { system: 'Theme of the system', light: 'Light theme', dark: 'Dark theme' }[one],
              checked: theme === one,
              onPick: () => {
                panels.theme.value = one;
              },
            })),
            { label: 'Reset the workspace…', danger: true, onPick: () => setResetting(true) },
          ]}
        >
          <Icon name="more" />
        </MenuButton>
      </div>
      {resetting && (
        <ConfirmDialog
          confirm={reset}
          onAnswer={(yes) => {
            setResetting(false);
            if (yes) void workspace.ask('reset', {});
          }}
        />
      )}
    </div>
  );
}
