import type { AllMiddlewareArgs, AnyMiddlewareArgs } from '@slack/bolt';
import { UserFacingError } from '../errors.ts';
import { messageModal, tryAgain } from './open-modal.ts';

/**
 * Bolt middleware: whoever asked for something that failed is told, in the modal they submitted or the answer to their
 * command, instead of being left with a spinner. What they typed stays. The error goes on to the error handler.
 */
export async function tellFaults(args: AnyMiddlewareArgs & AllMiddlewareArgs): Promise<void> {
  if (!('ack' in args) || !args.ack || 'event' in args) return args.next();
  let acknowledged = false;
  const ack = args.ack as (answer?: unknown) => Promise<void>;
  Object.assign(args, {
    ack: async (answer?: unknown) => {
      acknowledged = true;
      await ack(answer);
    },
  });
  try {
    await args.next();
  } catch (error) {
    const text = error instanceof UserFacingError ? error.message : tryAgain;
    if (!acknowledged) await ack(faultAnswer(args, text));
    if (!(error instanceof UserFacingError)) throw error;
  }
}

function faultAnswer(args: AnyMiddlewareArgs, text: string): unknown {
  if ('command' in args && args.command) return { response_type: 'ephemeral', text };
  if ('options' in args && args.options) return { options: [] };
  if (!('view' in args) || !args.view || args.body.type !== 'view_submission') return undefined;
  const input = args.view.blocks.find((block) => block.type === 'input');
  return input?.block_id
    ? { response_action: 'errors', errors: { [input.block_id]: text } }
    : { response_action: 'update', view: messageModal(args.view.title.text, text) };
}
