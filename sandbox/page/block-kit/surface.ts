import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Block, BlockElement, StateValue, StateValues } from '../../block-kit/types.ts';
import type { ShownChoiceGroup } from '../../page-server/protocol.ts';

/** A value that a person enters into a field; `null` empties it. See `Requests.enter` of the page's protocol. */
export type Entry = string | number | string[] | null;

/** The element that is pressed or filled in, with its block. */
export interface ElementPath {
  block: Block;
  element: BlockElement;
}

/** The place of blocks (a message, a modal or the home tab), with the actions on them. */
export interface Surface {
  kind: 'message' | 'modal' | 'home';
  values: StateValues;
  /** Errors by block id. */
  errors: Record<string, string>;
  press(path: ElementPath, option?: string | number): Promise<void>;
  enter(path: ElementPath, value: Entry, options?: { pressedEnter?: boolean }): Promise<void>;
  suggest(path: ElementPath, typed: string): Promise<ShownChoiceGroup[]>;
  /** Uploads a file for a file input and returns its id. */
  upload(file: File): Promise<string>;
}

export const SurfaceContext = createContext<Surface | undefined>(undefined);

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error('Elements are shown below a SurfaceContext only');
  return surface;
}

/** The value of an element as the server last sent it. */
export function heldValue(surface: Surface, { block, element }: ElementPath): StateValue | undefined {
  return surface.values[block.block_id]?.[element.action_id];
}

/** Identifies an element; changes when another element takes its place. */
export function keyOf({ block, element }: ElementPath): string {
  return `${block.block_id} ${element.action_id} ${element.type}`;
}
