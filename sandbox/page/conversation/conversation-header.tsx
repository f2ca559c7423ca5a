import { useState } from 'preact/hooks';
import type { ShownConversation } from '../../page-server/protocol.ts';
import { InviteDialog, RenameDialog, TopicDialog } from '../channel/channel-dialogs.tsx';
import { MembersDialog } from '../channel/members-dialog.tsx';
import { useWorkspace } from '../state/context.ts';
import { Icon } from '../ui/icon.tsx';
import { MenuButton, type MenuItem } from '../ui/menu.tsx';
import { ChannelSign } from './channel-sign.tsx';

type Open = 'members' | 'invite' | 'rename' | 'topic';

/** The conversation's name and topic, with its actions. */
export function ConversationHeader({ conversation }: { conversation: ShownConversation }) {
  const workspace = useWorkspace();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const { may, isArchived, id } = conversation;
  const otherTeams = workspace.hello.value?.otherTeams ?? [];
  const unshared = otherTeams.filter((team) => !conversation.sharedWith.includes(team.name));
  const items: MenuItem[] = [
    ...(may.invite ? [{ label: 'Invite people…', onPick: () => setOpen('invite') }] : []),
    ...(may.rename ? [{ label: 'Rename…', onPick: () => setOpen('rename') }] : []),
    ...(may.post ? [{ label: 'Edit topic…', onPick: () => setOpen('topic') }] : []),
    ...(may.invite && !conversation.isGeneral
      ? unshared.map((team) => ({
          label: `Share with ${team.name}`,
          onPick: () => void workspace.ask('share_channel', { conversation: id, teamId: team.id }),
        }))
      : []),
    ...(may.leave ? [{ label: 'Leave channel', onPick: () => void workspace.ask('leave', { conversation: id }) }] : []),
    ...(may.archive
      ? [
          isArchived
            ? {
                label: 'Unarchive channel',
                onPick: () => void workspace.ask('unarchive_channel', { conversation: id }),
              }
            : { label: 'Archive channel', onPick: () => void workspace.ask('archive_channel', { conversation: id }) },
        ]
      : []),
    ...(may.delete
      ? [
          {
            label: 'Delete channel',
            danger: true,
            onPick: () => void workspace.ask('delete_channel', { conversation: id }),
          },
        ]
      : []),
  ];
  return (
    <header class="conversation-header">
      <h1 class="conversation-name">
        <ChannelSign conversation={conversation} />
        <span>{conversation.name}</span>
      </h1>
      {conversation.sharedWith.map((team) => (
        <span class="badge" key={team}>
          Shared with {team}
        </span>
      ))}
      <p class="topic" title={conversation.topic}>
        {conversation.topic}
      </p>
      {conversation.kind === 'channel' && (
        <div class="row">
          <button
            type="button"
            class="button is-small"
            aria-label={`${conversation.members.length} members`}
            onClick={() => setOpen('members')}
          >
            <Icon name="people" /> {conversation.members.length}
          </button>
          {items.length > 0 && (
            <MenuButton label="Channel actions" items={items}>
              <Icon name="more" />
            </MenuButton>
          )}
        </div>
      )}
      {open === 'members' && (
        <MembersDialog channel={conversation} onInvite={() => setOpen('invite')} onClose={close} />
      )}
      {open === 'invite' && <InviteDialog channel={conversation} onClose={close} />}
      {open === 'rename' && <RenameDialog channel={conversation} onClose={close} />}
      {open === 'topic' && <TopicDialog channel={conversation} onClose={close} />}
    </header>
  );
}
