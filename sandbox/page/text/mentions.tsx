import { useDirectory } from './directory.ts';

/** A mention of a person; the reader's own name is highlighted. */
export function UserMention({ id, label }: { id: string; label?: string | undefined }) {
  const directory = useDirectory();
  const name = directory.userName(id) ?? label ?? id;
  return (
    <button
      type="button"
      class={`mention ${id === directory.viewer ? 'is-me' : ''}`}
      onClick={() => directory.openPerson(id)}
    >
      @{name}
    </button>
  );
}

/** A link to a channel; the name of a private channel is hidden from people who are not in it. */
export function ChannelMention({ id, label }: { id: string; label?: string | undefined }) {
  const directory = useDirectory();
  const name = directory.channelName(id) ?? label;
  if (name === undefined) return <span class="mention is-unknown">a private channel</span>;
  return (
    <button type="button" class="mention" onClick={() => directory.openChannel(id)}>
      #{name}
    </button>
  );
}

export function GroupMention({ id, label }: { id: string; label?: string | undefined }) {
  const directory = useDirectory();
  const name = directory.groupHandle(id) ?? label?.replace(/^@/, '') ?? id;
  return <span class={`mention ${directory.isInGroup(id) ? 'is-me' : ''}`}>@{name}</span>;
}

export function BroadcastMention({ range }: { range: string }) {
  return <span class="mention is-me">@{range}</span>;
}
