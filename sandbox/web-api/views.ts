import type { Core } from '../core.ts';
import { SlackError } from '../slack-error.ts';
import { checkedView, findView, openModal, publishHome, pushModal, replaceView, stackOf } from '../views/modals.ts';
import { checkTrigger, useTrigger } from '../views/triggers.ts';
import { viewObject } from '../views/view-object.ts';
import type { Args } from './arguments.ts';
import type { Methods } from './method.ts';

function givenView(args: Args): unknown {
  args.string('view');
  return args.all.view;
}

function triggerOf(args: Args): string {
  const id = args.optionalString('trigger_id') ?? args.optionalString('interactivity_pointer');
  return id ?? args.string('trigger_id');
}

function requireSameHash(core: Core, args: Args, id: string): void {
  const hash = args.optionalString('hash');
  if (hash && hash !== core.state.views[id]?.hash) throw new SlackError('hash_conflict');
}

/** The `views.*` methods. */
export const viewMethods: Methods = {
  'views.open': {
    run: (core, args) => {
      const view = checkedView(core, givenView(args), 'modal');
      const trigger = useTrigger(core, triggerOf(args));
      return { view: viewObject(core, openModal(core, trigger.userId, view, trigger.channel)) };
    },
  },
  'views.push': {
    run: (core, args) => {
      const view = checkedView(core, givenView(args), 'modal');
      const { userId, viewId } = checkTrigger(core, triggerOf(args));
      // Only an action in an open modal can push a view onto it.
      if (!viewId || !stackOf(core, userId).some((open) => open.id === viewId)) throw new SlackError('not_found');
      const record = pushModal(core, userId, view);
      useTrigger(core, triggerOf(args));
      return { view: viewObject(core, record) };
    },
  },
  'views.update': {
    run: (core, args) => {
      const viewId = args.optionalString('view_id');
      const externalId = args.optionalString('external_id');
      if (!viewId && !externalId) args.string('view_id');
      const record = findView(core, { viewId, externalId });
      const surface = record.view.type;
      const view = checkedView(core, givenView(args), surface, record.id);
      requireSameHash(core, args, record.id);
      replaceView(core, record, view);
      return { view: viewObject(core, record) };
    },
  },
  'views.publish': {
    run: (core, args) => {
      const userId = args.string('user_id');
      if (!core.manifest.homeTab) throw new SlackError('not_enabled');
      if (!core.state.users[userId]) throw new SlackError('user_not_found');
      const existing = core.state.homes[userId];
      const view = checkedView(core, givenView(args), 'home', existing);
      if (existing) requireSameHash(core, args, existing);
      return { view: viewObject(core, publishHome(core, userId, view)) };
    },
  },
};
