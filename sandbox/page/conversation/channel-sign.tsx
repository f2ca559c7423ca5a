import type { ShownConversation } from '../../page-server/protocol.ts';
import { Icon } from '../ui/icon.tsx';

/** `#`, a lock, or the icon of a shared channel. */
export function ChannelSign({ conversation }: { conversation: ShownConversation }) {
  const { kind, isPrivate, sharedWith } = conversation;
  const spoken = [isPrivate ? 'private' : '', sharedWith.length > 0 ? 'shared' : ''].filter(Boolean).join(' and ');
  return (
    <span class="channel-sign">
      {kind === 'app' ? (
        <span class="avatar is-app is-small" data-sign="▶" aria-hidden="true" />
      ) : isPrivate ? (
        <Icon name="lock" />
      ) : sharedWith.length > 0 ? (
        <Icon name="shared" />
      ) : (
        <span aria-hidden="true">#</span>
      )}
      {spoken && <span class="visually-hidden">{spoken} channel</span>}
    </span>
  );
}
