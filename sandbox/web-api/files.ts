import type { Core } from '../core.ts';
import { SlackError } from '../slack-error.ts';
import type { FileRecord } from '../state.ts';
import { appIsIn } from '../wire/channels.ts';
import { fileObject } from '../wire/files.ts';
import type { Methods } from './method.ts';

/** May the app read this file: shared where it is a member, or uploaded into one of its modals? */
export function appMayRead(core: Core, file: FileRecord): boolean {
  return (
    file.givenToApp ||
    file.channels.some((id) => {
      const channel = core.state.channels[id];
      return channel !== undefined && !channel.isDeleted && appIsIn(core, channel);
    })
  );
}

/** The `files.*` methods. */
export const fileMethods: Methods = {
  'files.info': {
    scope: 'files:read',
    run: (core, args) => {
      const file = core.state.files[args.string('file')];
      if (!file || !appMayRead(core, file)) throw new SlackError('file_not_found');
      return {
        file: { ...fileObject(core, file), channels: file.channels, groups: [], ims: [] },
        comments: [],
        response_metadata: { next_cursor: '' },
      };
    },
  },
};
