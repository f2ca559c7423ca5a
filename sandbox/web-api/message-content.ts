import { messageBlockErrors } from '../block-kit/blocks.ts';
import type { Block } from '../block-kit/types.ts';
import { completeBlocks } from '../block-kit/view.ts';
import type { Core } from '../core.ts';
import { isObject, type JsonObject } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import { newId } from '../state.ts';
import { unscannedErrors } from '../wire/files.ts';

/** Slack: longer texts are refused with `msg_too_long`. */
const maxText = 40_000;

export interface MessageContent {
  text: string;
  mrkdwn?: boolean | undefined;
  blocks?: JsonObject[] | undefined;
  attachments?: JsonObject[] | undefined;
  metadata?: JsonObject | undefined;
}

/** Checks blocks and fills in their ids. Slack: `invalid_blocks`, `invalid_blocks_format`. */
export function checkedBlocks(core: Core, blocks: unknown): JsonObject[] {
  if (!Array.isArray(blocks)) throw new SlackError('invalid_blocks_format');
  const errors = [...messageBlockErrors(blocks), ...unscannedErrors(core, blocks)];
  if (errors.length > 0) throw new SlackError('invalid_blocks', { errors, response_metadata: { messages: errors } });
  const complete: Block[] = completeBlocks(blocks, () => newId(core.state, 'b').slice(-5));
  return complete as unknown as JsonObject[];
}

function checkedMetadata(metadata: unknown): JsonObject {
  if (!isObject(metadata)) throw new SlackError('invalid_metadata_format');
  const { event_type: type, event_payload: payload, ...rest } = metadata;
  if (typeof type !== 'string' || !isObject(payload) || Object.keys(rest).length > 0) {
    throw new SlackError('invalid_metadata_schema');
  }
  return metadata;
}

/** Checks the content of a message. Slack: `no_text`, `msg_too_long`, `invalid_blocks`, `invalid_metadata_format` … */
export function checkedContent(core: Core, args: JsonObject): MessageContent {
  const text = args.text === undefined || args.text === null ? '' : String(args.text);
  if (text.length > maxText) throw new SlackError('msg_too_long');
  const blocks = args.blocks === undefined || args.blocks === null ? undefined : checkedBlocks(core, args.blocks);
  const given = args.attachments;
  if (given !== undefined && given !== null && !Array.isArray(given)) throw new SlackError('invalid_attachments');
  const attachments = Array.isArray(given) ? given.filter(isObject) : undefined;
  if (attachments && attachments.length > 100) throw new SlackError('too_many_attachments');
  const metadata = args.metadata ? checkedMetadata(args.metadata) : undefined;
  if (text === '' && !blocks?.length && !attachments?.length) throw new SlackError('no_text');
  return { text, mrkdwn: String(args.mrkdwn) === 'false' ? false : undefined, blocks, attachments, metadata };
}
