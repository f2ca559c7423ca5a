import type { Block } from '../../block-kit/types.ts';
import type { ShownMessage } from '../../page-server/protocol.ts';
import { Blocks } from '../block-kit/block.tsx';
import { SurfaceContext } from '../block-kit/surface.ts';
import { useSurfaceAt } from '../state/use-surface.ts';
import { Mrkdwn } from '../text/mrkdwn.tsx';

interface MessageTextProps {
  message: ShownMessage;
  conversation: string;
}

/** The content of a message: its blocks, or else its text. */
export function MessageText({ message, conversation }: MessageTextProps) {
  if (message.blocks && message.blocks.length > 0) {
    return <MessageBlocks message={message} conversation={conversation} blocks={message.blocks} />;
  }
  if (message.text === '') return null;
  return (
    <div class={message.subtype === 'me_message' ? 'is-me-message' : undefined}>
      <Mrkdwn text={message.text} formatting={message.mrkdwn} />
    </div>
  );
}

/** The blocks of a message, with working buttons and fields. */
export function MessageBlocks({ message, conversation, blocks }: MessageTextProps & { blocks: Block[] }) {
  const surface = useSurfaceAt({ surface: 'message', conversation, ts: message.ts }, message.values);
  return (
    <SurfaceContext.Provider value={surface}>
      <Blocks blocks={blocks} />
    </SurfaceContext.Provider>
  );
}
