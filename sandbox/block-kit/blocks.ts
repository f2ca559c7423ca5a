import { isObject, type JsonObject } from '../json.ts';
import { anything, boolean, byType, type Check, Findings, list, object, string } from './check.ts';
import { anyText, plainText } from './composition.ts';
import { actionsElement, elementChecks, messageInput, modalInput, sectionAccessory } from './elements.ts';

export type Surface = 'message' | 'modal' | 'home';

const isType = string(50);
const withId = { block_id: string(255) };

/** A reference to a file that the app uploaded, by its id or URL. */
const slackFile = object({}, { id: string(50), url: string(3000) }, (file, at, found) => {
  if (file.id === undefined && file.url === undefined) found.add(at, 'invalid slack file');
});

function contextElement(value: unknown, at: string, found: Findings): void {
  if (isObject(value) && value.type === 'image') elementChecks.image?.(value, at, found);
  else anyText(3000)(value, at, found);
}

function blockCheck(surface: Surface): Check {
  const input = surface === 'message' ? messageInput : modalInput;
  const checks: Record<string, Check> = {
    section: object(
      { type: isType },
      {
        ...withId,
        text: anyText(3000),
        fields: list(anyText(2000), 1, 10),
        accessory: sectionAccessory,
        expand: boolean,
      },
      (block, at, found) => {
        if (!block.text && !block.fields) found.add(at, 'missing required field: text');
      },
    ),
    header: object({ type: isType, text: plainText(150) }, withId),
    divider: object({ type: isType }, withId),
    context: object({ type: isType, elements: list(contextElement, 1, 10) }, withId),
    actions: object({ type: isType, elements: list(actionsElement, 1, 25) }, withId),
    input: object(
      { type: isType, label: plainText(2000), element: input },
      { ...withId, hint: plainText(2000), optional: boolean, dispatch_action: boolean },
    ),
    image: object(
      { type: isType, alt_text: string(2000) },
      { ...withId, image_url: string(3000), slack_file: slackFile, title: plainText(2000) },
    ),
    rich_text: object({ type: isType, elements: list(anything, 0, 1000) }, withId),
    video: object(
      {
        type: isType,
        video_url: string(3000),
        thumbnail_url: string(3000),
        alt_text: string(2000),
        title: plainText(200),
      },
      {
        ...withId,
        title_url: string(3000),
        author_name: string(50),
        provider_name: string(50),
        provider_icon_url: string(3000),
        description: plainText(200),
      },
    ),
  };
  if (surface === 'message') checks.markdown = object({ type: isType, text: string(12_000) }, withId);
  return byType(checks);
}

function elementsIn(block: JsonObject): { element: JsonObject; at: string }[] {
  const elements = Array.isArray(block.elements) ? block.elements : [];
  return [
    { element: block.accessory, at: 'accessory' },
    { element: block.element, at: 'element' },
    ...elements.map((element: unknown, index) => ({ element, at: `elements/${index}` })),
  ].flatMap(({ element, at }) => (isObject(element) ? [{ element, at }] : []));
}

function checkUniqueness(blocks: JsonObject[], at: string, found: Findings): void {
  const blockIds = new Set<unknown>();
  let focused = 0;
  blocks.forEach((block, index) => {
    const blockId = block.block_id;
    if (blockId !== undefined && blockIds.has(blockId)) {
      found.add(`${at}/${index}/block_id`, `\`block_id\` ${String(blockId)} is not unique`);
    }
    blockIds.add(blockId);
    const actionIds = new Set<unknown>();
    for (const { element, at: where } of elementsIn(block)) {
      const actionId = element.action_id;
      if (actionId !== undefined && actionIds.has(actionId)) {
        found.add(
          `${at}/${index}/${where}/action_id`,
          `\`action_id\` ${String(actionId)} already exists in this block`,
        );
      }
      actionIds.add(actionId);
      if (element.focus_on_load === true) focused += 1;
    }
  });
  if (focused > 1) found.add(at, 'only one element may have focus_on_load');
}

/** Checks the blocks of a surface: shapes, limits, unique ids. Slack: 50 in a message, 100 in a view. */
export function checkBlocks(blocks: unknown, surface: Surface, at: string, found: Findings): void {
  list(blockCheck(surface), 0, surface === 'message' ? 50 : 100)(blocks, at, found);
  if (Array.isArray(blocks)) checkUniqueness(blocks.filter(isObject), at, found);
}

/** Returns Slack's errors for the blocks of a message; empty if it accepts them. */
export function messageBlockErrors(blocks: unknown): string[] {
  const found = new Findings();
  checkBlocks(blocks, 'message', '/blocks', found);
  return found.messages;
}
