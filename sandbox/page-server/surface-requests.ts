import { choicesFor, enterValue, isExternal, menuItem, sendBlockAction } from '../driver/surface.ts';
import { stackOf, topView } from '../views/modals.ts';
import { enteredValue } from './entered-value.ts';
import { findElement, frontView } from './find-element.ts';
import type { Handlers } from './handler.ts';
import type { ElementAddress } from './protocol.ts';

/** Key of the remembered suggestions for an element. */
function keyOf(address: ElementAddress): string {
  const place =
    address.surface === 'modal' ? address.viewId : address.surface === 'message' ? address.ts : address.surface;
  return [place, address.blockId, address.actionId].join(' ');
}

/** Slack's default: an external select asks the app after three typed characters. */
const defaultQueryLength = 3;

/** Requests on the blocks of messages, modals and the home tab. */
export const surfaceRequests = {
  async press({ core, person }, { option, ...address }) {
    const { surface, block, element } = findElement(core, person.id, address);
    if (element.type === 'button') await sendBlockAction(surface, block, element, {});
    else if (element.type === 'overflow' && option !== undefined) {
      await sendBlockAction(surface, block, element, { selected_option: menuItem(element, option) });
    } else throw new Error(`A ${element.type} cannot be pressed`);
    return null;
  },
  async enter(session, { value, pressedEnter = false, ...address }) {
    const { core, person, uploads } = session;
    const { surface, block, element } = findElement(core, person.id, address);
    const before = surface.values()[block.block_id]?.[element.action_id];
    const suggested = [...session.suggestionsOf(keyOf(address)).values()];
    const entered = enteredValue(surface, element, value, { before, suggested, uploads });
    const sent = enterValue(surface, block, element, entered, pressedEnter ? 'enter' : 'typing');
    // The page already has the value that it sent. For files the value differs (records, not upload ids), so it is pushed.
    if (address.surface !== 'message' && element.type !== 'file_input') {
      session.knows(address.surface === 'modal' ? 'modals' : 'home');
    }
    await sent;
    return null;
  },
  async suggest(session, { typed, ...address }) {
    const { surface, block, element } = findElement(session.core, session.person.id, address);
    const isTooShort = isExternal(element) && typed.length < (element.min_query_length ?? defaultQueryLength);
    const groups = isTooShort ? [] : await choicesFor(surface, block, element, typed);
    if (isExternal(element)) {
      const remembered = session.suggestionsOf(keyOf(address));
      for (const choice of groups.flatMap((group) => group.options)) remembered.set(choice.value, choice);
    }
    return {
      groups: groups.map(({ label, options }) => ({
        label,
        options: options.map(({ text, value, description }) => ({ text, value, description })),
      })),
    };
  },
  async submit({ core, person }, { viewId }) {
    frontView(core, person.id, viewId);
    await person.modal.submit();
    return null;
  },
  // Closing needs no answer of the app: it also works during a submission. Closing a closed view does nothing.
  async close({ core, person }, { viewId }) {
    if (topView(core, person.id)?.id === viewId) await person.modal.close();
    return null;
  },
  async close_all({ core, person }, { viewId }) {
    if (stackOf(core, person.id).some(({ id }) => id === viewId)) await person.modal.closeAll();
    return null;
  },
} satisfies Partial<Handlers>;
