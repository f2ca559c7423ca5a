import { useDirectory } from './directory.ts';

/** A person's name in a text; one's own stands out. */
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

/** A link to a channel; a private one that the reader is not in keeps its name to itself. */
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
