import type { Block, BlockElement } from '../block-kit/types.ts';
import type { Core } from '../core.ts';
import { messageSurface } from '../driver/message.ts';
import { elementsOf } from '../driver/readable.ts';
import type { Surface } from '../driver/surface.ts';
import { viewSurface } from '../driver/view-surface.ts';
import type { ViewRecord } from '../state.ts';
import { topView } from '../views/modals.ts';
import { findShown } from './find-message.ts';
import type { ElementAddress, SurfaceAddress } from './protocol.ts';

/** The topmost view of the person's modal. Throws if it is no longer the one that they acted in. */
export function frontView(core: Core, userId: string, viewId: string): ViewRecord {
  const top = topView(core, userId);
  if (top?.id !== viewId) throw new Error('This is not the view in front any more');
  if (top.isSubmitting) throw new Error('The app is being asked already');
  return top;
}

function homeView(core: Core, userId: string): ViewRecord {
  const record = core.state.views[core.state.homes[userId] ?? ''];
  if (!record) throw new Error('The app has not shown you a home tab yet');
  return record;
}

function findSurface(core: Core, userId: string, address: SurfaceAddress): Surface {
  switch (address.surface) {
    case 'message': {
      const { channel, message } = findShown(core, userId, address);
      return messageSurface(core, userId, channel, message);
    }
    case 'modal': {
      const record = frontView(core, userId, address.viewId);
      return viewSurface(core, userId, () => record);
    }
    case 'home': {
      const record = homeView(core, userId);
      return viewSurface(core, userId, () => record);
    }
  }
}

/** Finds the element that a person uses, with its block and surface. Throws if it is gone. */
export function findElement(
  core: Core,
  userId: string,
  address: ElementAddress,
): { surface: Surface; block: Block; element: BlockElement } {
  const surface = findSurface(core, userId, address);
  const blocks = surface.blocks();
  const block = blocks.find((candidate) => candidate.block_id === address.blockId) ?? blockOfButton(address, blocks);
  const element = block && elementsOf(block).find((candidate) => candidate.action_id === address.actionId);
  if (!block || !element) throw new Error('The app has changed this meanwhile');
  return { surface, block, element };
}

/**
 * Finds the block that now has the pressed button. An update of a view gives new ids to blocks without an id of the app, and
 * Slack still delivers a button pressed at that moment.
 */
function blockOfButton({ actionId, buttonValue }: ElementAddress, blocks: Block[]): Block | undefined {
  if (buttonValue === undefined) return undefined;
  return blocks.find((block) =>
    elementsOf(block).some(({ action_id: id, value }) => id === actionId && value === buttonValue),
  );
}
