import { useEffect, useRef, useState } from 'preact/hooks';
import type { ShownMessage } from '../../page-server/protocol.ts';
import { useWorkspace } from '../state/context.ts';

interface MessageEditorProps {
  message: ShownMessage;
  conversation: string;
  onDone(): void;
}

/** Edits a message. Enter saves, Escape cancels. */
export function MessageEditor({ message, conversation, onDone }: MessageEditorProps) {
  const workspace = useWorkspace();
  const [text, setText] = useState(message.source ?? message.text);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(text.length, text.length);
  }, []);
  const save = async () => {
    if (text.trim() === '') return;
    const saved = await workspace.ask('edit', { conversation, ts: message.ts, text });
    if (saved !== undefined) onDone();
  };
  return (
    <form
      class="message-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        ref={area}
        class="input"
        rows={2}
        aria-label="Edit message"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault();
            onDone();
          } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            void save();
          }
        }}
      />
      <div class="row is-end">
        <button type="button" class="button" onClick={onDone}>
          Cancel
        </button>
        <button type="submit" class="button is-primary">
          Save
        </button>
      </div>
    </form>
  );
}
