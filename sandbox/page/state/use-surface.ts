import { useMemo } from 'preact/hooks';
import type { StateValues } from '../../block-kit/types.ts';
import type { SurfaceAddress } from '../../page-server/protocol.ts';
import type { ElementPath, Surface } from '../block-kit/surface.ts';
import { useWorkspace } from './context.ts';
import { uploadFile } from './upload.ts';

const noErrors: Record<string, string> = {};

/** The surface at this address, with its actions sent over the connection. */
export function useSurfaceAt(
  address: SurfaceAddress,
  values: StateValues,
  errors: Record<string, string> = noErrors,
): Surface {
  const workspace = useWorkspace();
  const key = JSON.stringify(address);
  return useMemo(() => {
    const at = JSON.parse(key) as SurfaceAddress;
    const path = ({ block, element }: ElementPath) => ({
      ...at,
      blockId: block.block_id,
      actionId: element.action_id,
      ...(element.type === 'button' && element.value !== undefined && { buttonValue: element.value }),
    });
    return {
      kind: at.surface,
      values,
      errors,
      press: async (where, option) => {
        await workspace.ask('press', { ...path(where), ...(option === undefined ? {} : { option }) });
      },
      enter: async (where, value, options) => {
        await workspace.ask('enter', {
          ...path(where),
          value,
          ...(options?.pressedEnter ? { pressedEnter: true } : {}),
        });
      },
      suggest: async (where, typed) => (await workspace.request('suggest', { ...path(where), typed })).groups,
      upload: (file) => uploadFile(workspace, file),
    };
  }, [workspace, key, values, errors]);
}
