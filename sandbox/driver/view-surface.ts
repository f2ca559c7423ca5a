import type { StateValues } from '../block-kit/types.ts';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import type { ViewRecord } from '../state.ts';
import { topView } from '../views/modals.ts';
import { newTrigger } from '../views/triggers.ts';
import { viewObject } from '../views/view-object.ts';
import { describeBlocks } from './describe.ts';
import { textOf } from './readable.ts';
import type { Surface } from './surface.ts';

/** The surface of a person's view, a modal or the home tab. `find` returns the current view. */
export function viewSurface(core: Core, userId: string, find: () => ViewRecord): Surface {
  return {
    core,
    userId,
    blocks: () => find().view.blocks,
    values: (): StateValues => find().values,
    errors: () => find().errors,
    payload: (): JsonObject => ({
      container: { type: 'view', view_id: find().id },
      view: viewObject(core, find()),
    }),
    newTrigger: () => newTrigger(core, userId, { viewId: find().id }),
    entered: () => {},
    describe: () => {
      const open = topView(core, userId);
      if (!open) return `(no modal is open; notices: ${(core.state.notices[userId] ?? []).join('; ') || 'none'})`;
      const { view } = open;
      const lines = describeBlocks(view.blocks, open.values, open.errors);
      const buttons = [view.close, view.submit].flatMap((text) => (text ? [`[${textOf(text)}]`] : []));
      return [`== ${textOf(view.title)} ==`, ...(open.banner ? [`! ${open.banner}`] : []), ...lines, ...buttons].join(
        '\n',
      );
    },
  };
}
