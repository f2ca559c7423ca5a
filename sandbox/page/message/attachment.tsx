import type { Block } from '../../block-kit/types.ts';
import type { JsonObject } from '../../json.ts';
import type { ShownMessage } from '../../page-server/protocol.ts';
import { Link } from '../text/inline-view.tsx';
import { Mrkdwn } from '../text/mrkdwn.tsx';
import { safeUrl } from '../text/safe-url.ts';
import { MessageBlocks } from './message-text.tsx';

const namedColours: Record<string, string> = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' };

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function colourOf(value: string): string | undefined {
  return namedColours[value] ?? (/^#?[0-9a-f]{6}$/i.test(value) ? `#${value.replace('#', '')}` : undefined);
}

interface AttachmentProps {
  attachment: JsonObject;
  message: ShownMessage;
  conversation: string;
}

/** A secondary attachment: a coloured bar with legacy fields or blocks. */
export function Attachment({ attachment, message, conversation }: AttachmentProps) {
  const colour = colourOf(text(attachment.color));
  const titleUrl = safeUrl(text(attachment.title_link));
  const fields = Array.isArray(attachment.fields) ? (attachment.fields as JsonObject[]) : [];
  const blocks = Array.isArray(attachment.blocks) ? (attachment.blocks as Block[]) : [];
  return (
    <div>
      {text(attachment.pretext) && <Mrkdwn text={text(attachment.pretext)} />}
      <div class="attachment" style={colour ? { borderInlineStartColor: colour } : undefined}>
        {text(attachment.author_name) && <div class="quiet">{text(attachment.author_name)}</div>}
        {text(attachment.title) && (
          <strong>{titleUrl ? <Link url={titleUrl}>{text(attachment.title)}</Link> : text(attachment.title)}</strong>
        )}
        {blocks.length > 0 ? (
          <MessageBlocks message={message} conversation={conversation} blocks={blocks} />
        ) : (
          <Mrkdwn text={text(attachment.text)} />
        )}
        {fields.length > 0 && (
          <div class="section-fields">
            {fields.map((field) => (
              <div key={text(field.title)}>
                <strong>{text(field.title)}</strong>
                <Mrkdwn text={text(field.value)} />
              </div>
            ))}
          </div>
        )}
        {text(attachment.footer) && <div class="quiet">{text(attachment.footer)}</div>}
      </div>
    </div>
  );
}
