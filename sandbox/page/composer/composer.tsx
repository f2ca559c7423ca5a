import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ShownConversation } from '../../page-server/protocol.ts';
import { EmojiPickerButton } from '../message/emoji-picker.tsx';
import { useWorkspace } from '../state/context.ts';
import { Icon } from '../ui/icon.tsx';
import { AttachedFiles } from './attached-files.tsx';
import { type Completion, completionsFor, wordBefore } from './completion.ts';
import { CompletionList } from './completion-list.tsx';
import { useAttachedFiles } from './use-attached-files.ts';
import { useFileDrop } from './use-file-drop.ts';

interface ComposerProps {
  conversation: ShownConversation;
  threadTs?: string;
}

/** The input for messages, slash commands and files. Enter sends, Shift+Enter begins a new line. */
export function Composer({ conversation, threadTs }: ComposerProps) {
  const workspace = useWorkspace();
  const area = useRef<HTMLTextAreaElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const listId = useId();
  const [text, setText] = useState('');
  const [cursor, setCursor] = useState(0);
  const [active, setActive] = useState(0);
  const [closedWord, setClosedWord] = useState<string>();
  const { files, setFiles, attach } = useAttachedFiles();
  const [broadcast, setBroadcast] = useState(false);
  const [sending, setSending] = useState(false);

  const target = wordBefore(text, cursor);
  const completions =
    target && target.word !== closedWord
      ? completionsFor(target.word, {
          commands: threadTs ? [] : (workspace.hello.value?.commands ?? []),
          people: [...workspace.people.value.values()],
          userGroups: workspace.userGroups.value,
          conversations: [...workspace.conversations.value.values()],
        })
      : [];
  const open = completions.length > 0 && !(completions.length === 1 && completions[0]?.insert.trim() === target?.word);

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, 240)}px`;
  });

  useEffect(() => area.current?.focus({ preventScroll: true }), []);

  const write = (next: string, at = next.length) => {
    setText(next);
    setCursor(at);
    setActive(0);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(at, at);
    });
  };
  const complete = (completion: Completion) => {
    if (!target) return;
    const before = text.slice(0, target.start) + completion.insert;
    write(before + text.slice(cursor), before.length);
  };
  const insert = (piece: string) => write(text.slice(0, cursor) + piece + text.slice(cursor), cursor + piece.length);

  const send = async () => {
    const typed = text.trim();
    const uploads = files.flatMap((file) => (file.upload ? [file.upload] : []));
    if (sending || (typed === '' && uploads.length === 0) || uploads.length < files.length) return;
    setSending(true);
    const isCommand = typed.startsWith('/') && !threadTs && uploads.length === 0;
    // Cleared at once, as in Slack, and restored if the server refuses.
    setText('');
    setFiles([]);
    const sent = isCommand
      ? await workspace.ask('run_command', { conversation: conversation.id, text: typed })
      : await workspace.ask('post', {
          conversation: conversation.id,
          text: typed,
          ...(threadTs ? { threadTs } : {}),
          ...(broadcast ? { broadcast } : {}),
          ...(uploads.length > 0 ? { uploads } : {}),
        });
    setSending(false);
    if (sent !== undefined) return setBroadcast(false);
    setText((now) => (now === '' ? typed : now));
    setFiles(files);
  };

  useFileDrop(box, attach);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((at) => (at + step + completions.length) % completions.length);
    } else if (open && (event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) {
      const completion = completions[active];
      event.preventDefault();
      if (completion) complete(completion);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    }
  };
  const noteCursor = () => setCursor(area.current?.selectionStart ?? 0);
  const closeList = useCallback(() => setClosedWord(target?.word), [target?.word]);
  const name = conversation.kind === 'app' ? conversation.name : `#${conversation.name}`;
  const label = threadTs ? 'Reply…' : `Message ${name}`;

  return (
    <div class="composer" ref={box}>
      {open && (
        <CompletionList
          id={listId}
          anchor={box}
          completions={completions}
          active={active}
          onPoint={setActive}
          onPick={complete}
          onClose={closeList}
        />
      )}
      <textarea
        ref={area}
        rows={1}
        class="composer-text"
        aria-label={label}
        placeholder={label}
        data-fallback-focus={threadTs ? undefined : ''}
        aria-autocomplete="list"
        aria-controls={open ? listId : undefined}
        aria-activedescendant={open ? `${listId}-${active}` : undefined}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setCursor(event.currentTarget.selectionStart);
          setActive(0);
          setClosedWord(undefined);
        }}
        onKeyDown={onKeyDown}
        onKeyUp={noteCursor}
        onClick={noteCursor}
        onPaste={(event) => {
          const pasted = [...(event.clipboardData?.files ?? [])];
          if (pasted.length === 0) return;
          event.preventDefault();
          void attach(pasted);
        }}
      />
      <AttachedFiles files={files} onRemove={(file) => setFiles((now) => now.filter((one) => one !== file))} />
      <div class="composer-bar">
        <input
          ref={fileInput}
          type="file"
          multiple
          class="visually-hidden"
          tabIndex={-1}
          aria-label={threadTs ? 'Files for the reply' : 'Files for the message'}
          onChange={(event) => {
            void attach([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
        <button
          type="button"
          class="icon-button"
          aria-label="Attach files"
          title="Attach files"
          onClick={() => fileInput.current?.click()}
        >
          <Icon name="attach" />
        </button>
        <EmojiPickerButton label="Insert emoji" onPick={(emoji) => insert(`:${emoji}: `)} />
        {!threadTs && (
          <button
            type="button"
            class="icon-button"
            aria-label="Slash commands"
            title="Slash commands"
            onClick={() => write('/')}
          >
            <span aria-hidden="true">/</span>
          </button>
        )}
        {threadTs && (
          <label class="choice is-compact">
            <input
              type="checkbox"
              checked={broadcast}
              onChange={(event) => setBroadcast(event.currentTarget.checked)}
            />
            <span>Also send to {name}</span>
          </label>
        )}
        <button
          type="button"
          class="send-button"
          aria-label={threadTs ? 'Send reply' : 'Send message'}
          title="Send (Enter)"
          disabled={(text.trim() === '' && files.length === 0) || files.some(({ upload }) => !upload)}
          onClick={() => void send()}
        >
          <Icon name="send" />
        </button>
      </div>
    </div>
  );
}
