import { isObject, type JsonObject } from '../json.ts';
import { checkBlocks } from './blocks.ts';
import { anything, boolean, Findings, object, oneOf, string } from './check.ts';
import { plainText } from './composition.ts';
import type { Block, BlockElement, TextObject, View } from './types.ts';

const shared = { private_metadata: string(3000, 0), callback_id: string(255, 0), external_id: string(255, 0) };

const modal = object(
  { type: oneOf('modal'), title: plainText(24), blocks: anything },
  { ...shared, submit: plainText(24), close: plainText(24), clear_on_close: boolean, notify_on_close: boolean },
);

const home = object(
  { type: oneOf('home'), blocks: anything },
  // Slack ignores these on a home tab; it does not refuse them.
  {
    ...shared,
    title: anything,
    submit: anything,
    close: anything,
    clear_on_close: anything,
    notify_on_close: anything,
  },
);

/** Returns Slack's errors for a view; empty if it accepts it. */
export function viewErrors(view: unknown, surface: 'modal' | 'home'): string[] {
  const found = new Findings();
  (surface === 'modal' ? modal : home)(view, '/view', found);
  if (isObject(view) && view.blocks !== undefined) {
    checkBlocks(view.blocks, surface, '/view/blocks', found);
    const blocks = Array.isArray(view.blocks) ? view.blocks : [];
    const hasInput = blocks.some((block) => isObject(block) && block.type === 'input');
    if (surface === 'modal' && hasInput && !view.submit) {
      found.add('/view', 'missing required field: submit (a modal with input blocks needs it)');
    }
  }
  if (found.messages.length === 0) return [];
  return ['[ERROR] failed to match all allowed schemas [json-pointer:/view]', ...found.messages];
}

function withEmoji(text: unknown): TextObject | undefined {
  if (!isObject(text)) return undefined;
  const object = { ...text } as unknown as TextObject;
  return object.type === 'plain_text' ? { ...object, emoji: object.emoji ?? true } : object;
}

/** Fills in what Slack fills in: ids, and `emoji` of plain texts. */
export function completeBlocks(blocks: unknown, newId: () => string): Block[] {
  const withDefaults = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(withDefaults);
    if (!isObject(value)) return value;
    const copy: JsonObject = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDefaults(item)]));
    return copy.type === 'plain_text' ? withEmoji(copy) : copy;
  };
  const interactive = (element: BlockElement): BlockElement =>
    element.type === 'image' || element.type === 'mrkdwn' || element.type === 'plain_text'
      ? element
      : { ...element, action_id: element.action_id ?? newId() };
  const copies = withDefaults(Array.isArray(blocks) ? blocks : []) as Block[];
  return copies.map((block) => ({
    ...block,
    block_id: block.block_id ?? newId(),
    ...(block.accessory ? { accessory: interactive(block.accessory) } : {}),
    ...(block.element ? { element: interactive(block.element) } : {}),
    ...(block.elements && block.type === 'actions' ? { elements: block.elements.map(interactive) } : {}),
  }));
}

/** Completes a checked view with everything that Slack fills in. */
export function completeView(view: JsonObject, newId: () => string): View {
  return {
    type: view.type === 'home' ? 'home' : 'modal',
    title: withEmoji(view.title),
    submit: withEmoji(view.submit),
    close: withEmoji(view.close),
    blocks: completeBlocks(view.blocks, newId),
    private_metadata: String(view.private_metadata ?? ''),
    callback_id: String(view.callback_id ?? ''),
    external_id: String(view.external_id ?? ''),
    clear_on_close: view.clear_on_close === true,
    notify_on_close: view.notify_on_close === true,
  };
}
