import type { Core } from '../core.ts';
import { isObject } from '../json.ts';
import { invalidArguments, SlackError } from '../slack-error.ts';
import { type FileRecord, newId } from '../state.ts';
import { appIsIn } from '../wire/channels.ts';
import { fileInInfo, fileObject } from '../wire/files.ts';
import type { Methods } from './method.ts';

/** Whether the app may read this file: shared where the app is a member, or uploaded into one of its modals. */
export function appMayRead(core: Core, file: FileRecord): boolean {
  return (
    file.givenToApp ||
    file.channels.some((id) => {
      const channel = core.state.channels[id];
      return channel !== undefined && !channel.isDeleted && appIsIn(core, channel);
    })
  );
}

/** Uploads that the app has begun, by file id, until it completes them. */
const uploads = new WeakMap<Core, Map<string, { name: string; length: number; content?: Buffer }>>();

function uploadsOf(core: Core) {
  const known = uploads.get(core) ?? new Map();
  uploads.set(core, known);
  return known;
}

/** Stores the content of an announced file. Returns undefined if no file with that id and length was announced. */
export function takeUpload(core: Core, fileId: string, content: Buffer): string | undefined {
  const upload = uploadsOf(core).get(fileId);
  if (upload?.length !== content.length) return undefined;
  upload.content = content;
  return `OK - ${content.length}`;
}

function completeUpload(core: Core, fileId: string): FileRecord {
  const upload = uploadsOf(core).get(fileId);
  if (!upload?.content) throw new SlackError('file_not_found');
  uploadsOf(core).delete(fileId);
  const isPng = upload.content.subarray(1, 4).toString('latin1') === 'PNG';
  const file: FileRecord = {
    id: fileId,
    name: upload.name,
    mimetype: isPng ? 'image/png' : 'application/octet-stream',
    user: core.state.app.botUserId,
    userTeam: core.state.team.id,
    created: Math.floor(core.now() / 1000),
    content: upload.content.toString('base64'),
    size: upload.content.length,
    channels: [],
    givenToApp: true,
    scannedAt: core.now() + core.timings.scanMs,
  };
  core.state.files[fileId] = file;
  return file;
}

/** The `files.*` methods. */
export const fileMethods: Methods = {
  'files.getUploadURLExternal': {
    scope: 'files:write',
    run: (core, args) => {
      const name = args.string('filename');
      const length = Number(args.string('length'));
      if (!Number.isInteger(length) || length <= 0) throw new SlackError('invalid_arguments');
      const id = newId(core.state, 'F');
      uploadsOf(core).set(id, { name, length });
      return { file_id: id, upload_url: `${core.url}/upload/${id}` };
    },
  },
  'files.completeUploadExternal': {
    scope: 'files:write',
    run: (core, args) => {
      // Not supported: an upload that is shared at once (channel_id).
      if (args.optionalString('channel_id')) throw new SlackError('invalid_arguments');
      const { files } = args.all;
      if (!Array.isArray(files) || files.length === 0)
        throw invalidArguments(['[ERROR] missing required field: files']);
      return {
        files: files
          .map((one) => (isObject(one) ? String(one.id) : ''))
          .map((id) => fileObject(core, completeUpload(core, id))),
      };
    },
  },
  'files.delete': {
    scope: 'files:write',
    run: (core, args) => {
      const id = args.string('file');
      const file = core.state.files[id];
      if (!file) throw new SlackError('file_not_found');
      // An app can delete only its own uploads.
      if (file.user !== core.state.app.botUserId) throw new SlackError('cant_delete_file');
      delete core.state.files[id];
      return {};
    },
  },
  'files.info': {
    scope: 'files:read',
    run: (core, args) => {
      const file = core.state.files[args.string('file')];
      if (!file || !appMayRead(core, file)) throw new SlackError('file_not_found');
      return {
        file: { ...fileInInfo(core, file), channels: file.channels, groups: [], ims: [] },
        comments: [],
        response_metadata: { next_cursor: '' },
      };
    },
  },
};
