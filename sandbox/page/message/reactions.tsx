import type { ShownMessage } from '../../page-server/protocol.ts';
import { useWorkspace } from '../state/context.ts';
import { emojiCharacter } from '../text/emoji.ts';
import { EmojiPickerButton } from './emoji-picker.tsx';

interface ReactionsProps {
  message: ShownMessage;
  onReact(name: string, on: boolean): void;
}

/** The reactions below a message; pressing one adds or removes the person's own. */
export function Reactions({ message, onReact }: ReactionsProps) {
  const workspace = useWorkspace();
  const me = workspace.me.value?.id ?? '';
  const people = workspace.people.value;
  return (
    <div class="reactions">
      {message.reactions.map(({ name, users }) => {
        const mine = users.includes(me);
        const who = users.map((id) => people.get(id)?.name ?? id).join(', ');
        return (
          <button
            key={name}
            type="button"
            class="reaction"
            aria-pressed={mine}
            aria-label={`${name.replaceAll('_', ' ')}: ${users.length}`}
            title={`${who} reacted with :${name}:`}
            disabled={!message.may.react}
            onClick={() => onReact(name, !mine)}
          >
            <span aria-hidden="true">{emojiCharacter(name) ?? `:${name}:`}</span> {users.length}
          </button>
        );
      })}
      {message.may.react && <EmojiPickerButton class="reaction" onPick={(name) => onReact(name, true)} />}
    </div>
  );
}
