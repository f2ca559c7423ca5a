import { messageBlockErrors } from '../block-kit/blocks.ts';
import { viewErrors } from '../block-kit/view.ts';
import { isObject, type JsonObject } from '../json.ts';
import { readManifest } from '../manifest.ts';
import { invalidArguments, SlackError } from '../slack-error.ts';
import type { Args } from './arguments.ts';
import type { Methods } from './method.ts';

/** Converts an error such as `[ERROR] must provide a string [json-pointer:/blocks/0/text]` to its form in `blocks.validate`. */
function toldError(message: string): JsonObject {
  const [, said = message, pointer = ''] = /^\[ERROR\] (.*) \[json-pointer:(.*)\]$/.exec(message) ?? [];
  return { pointer, code: 'failed_constraint', message: said };
}

function refuse(code: string, errors: string[]): JsonObject {
  if (errors.length > 0) throw new SlackError(code, { errors: errors.map(toldError) });
  return {};
}

function given(args: Args, name: string): unknown {
  const value = args.all[name];
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new SlackError('invalid_arguments');
  }
}

/** `blocks.validate` and `apps.manifest.validate`, which change nothing. */
export const validateMethods: Methods = {
  'blocks.validate': {
    run: (_core, args) => {
      const names = ['blocks', 'message', 'view'].filter((name) => args.has(name));
      if (names.length !== 1) throw invalidArguments(['[ERROR] provide exactly one of blocks, view, or message']);
      if (args.has('view')) {
        const view = given(args, 'view');
        return refuse('invalid_view', viewErrors(view, isObject(view) && view.type === 'home' ? 'home' : 'modal'));
      }
      const message = given(args, 'message');
      const blocks = isObject(message) ? (message.blocks ?? []) : given(args, 'blocks');
      return refuse(isObject(message) ? 'invalid_message' : 'invalid_blocks', messageBlockErrors(blocks));
    },
  },
  'apps.manifest.validate': {
    token: 'config',
    run: (_core, args) => {
      try {
        readManifest(args.string('manifest'));
      } catch (error) {
        const errors = [{ message: String(error), pointer: '/' }];
        throw new SlackError('invalid_manifest', { errors });
      }
      return { errors: [] };
    },
  },
};
