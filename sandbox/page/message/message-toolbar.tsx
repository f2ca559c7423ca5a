import { useState } from 'preact/hooks';
import type { ShownMessage } from '../../page-server/protocol.ts';
import { ConfirmDialog } from '../block-kit/confirm.tsx';
import { useWorkspace } from '../state/context.ts';
import { Icon } from '../ui/icon.tsx';
import { MenuButton, type MenuItem } from '../ui/menu.tsx';
import { EmojiPickerButton } from './emoji-picker.tsx';

interface MessageToolbarProps {
  message: ShownMessage;
  conversation: string;
  /** Whether it is shown in a thread, where there is no thread to open. */
  inThread: boolean;
  onReact(name: string): void;
  onEdit(): void;
  /** Called when one of its menus opens or closes: the toolbar stays visible while a menu is open. */
  onToggle(open: boolean): void;
}

const deletion = {
  title: { type: 'plain_text' as const, text: 'Delete message' },
  text: { type: 'plain_text' as const, text: 'Are you sure you want to delete this message? This cannot be undone.' },
  confirm: { type: 'plain_text' as const, text: 'Delete' },
  deny: { type: 'plain_text' as const, text: 'Cancel' },
  style: 'danger',
};

/** The actions on a message. */
export function MessageToolbar({ message, conversation, inThread, onReact, onEdit, onToggle }: MessageToolbarProps) {
  const workspace = useWorkspace();
  const [deleting, setDeleting] = useState(false);
  const address = { conversation, ts: message.ts };
  const hello = workspace.hello.value;
  const shortcuts: MenuItem[] = message.may.shortcuts
    ? (hello?.shortcuts ?? [])
        .filter((shortcut) => shortcut.type === 'message')
        .map((shortcut) => ({
          label: shortcut.name,
          note: hello?.app.name,
          onPick: () => void workspace.ask('use_shortcut', { callbackId: shortcut.callbackId, message: address }),
        }))
    : [];
  const items: MenuItem[] = [
    ...shortcuts,
    ...(message.may.edit ? [{ label: 'Edit message', onPick: onEdit }] : []),
    ...(message.may.delete ? [{ label: 'Delete message…', danger: true, onPick: () => setDeleting(true) }] : []),
    ...(message.may.dismiss
      ? [{ label: 'Dismiss message', onPick: () => void workspace.ask('dismiss', address) }]
      : []),
  ];
  const toggled = (open: boolean) => onToggle(open);
  return (
    <div class="message-toolbar" role="toolbar" aria-label="Message actions">
      {message.may.react && <EmojiPickerButton onPick={onReact} onToggle={toggled} />}
      {message.may.reply && !inThread && (
        <button
          type="button"
          class="icon-button"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => workspace.go({ at: conversation, thread: message.threadTs ?? message.ts })}
        >
          <Icon name="reply" />
        </button>
      )}
      {items.length > 0 && (
        <MenuButton label="More actions" items={items} onToggle={toggled}>
          <Icon name="more" />
        </MenuButton>
      )}
      {deleting && (
        <ConfirmDialog
          confirm={deletion}
          onAnswer={(yes) => {
            setDeleting(false);
            if (yes) void workspace.ask('delete', address);
          }}
        />
      )}
    </div>
  );
}
