import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Block, BlockElement, StateValue, StateValues } from '../../block-kit/types.ts';
import type { ShownChoiceGroup } from '../../page-server/protocol.ts';

/** What a person enters into a field; `null` empties it. See `Requests.enter` of the page's protocol. */
export type Entry = string | number | string[] | null;

/** What a press or an entry is about. */
export interface ElementPath {
  block: Block;
  element: BlockElement;
}

/** Where blocks stand, a message, a modal or the home tab, and what can be done there. */
export interface Surface {
  kind: 'message' | 'modal' | 'home';
  values: StateValues;
  /** What is wrong, by block id. */
  errors: Record<string, string>;
  press(path: ElementPath, option?: string | number): Promise<void>;
  enter(path: ElementPath, value: Entry, options?: { pressedEnter?: boolean }): Promise<void>;
  suggest(path: ElementPath, typed: string): Promise<ShownChoiceGroup[]>;
  /** Uploads a file for a file input; its id. */
  upload(file: File): Promise<string>;
}

export const SurfaceContext = createContext<Surface | undefined>(undefined);

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error('Elements are shown below a SurfaceContext only');
  return surface;
}

/** What the element held when it was shown first. */
export function heldValue(surface: Surface, { block, element }: ElementPath): StateValue | undefined {
  return surface.values[block.block_id]?.[element.action_id];
}

/** Tells an element from every other that may stand in its place later. */
export function keyOf({ block, element }: ElementPath): string {
  return `${block.block_id} ${element.action_id} ${element.type}`;
}
