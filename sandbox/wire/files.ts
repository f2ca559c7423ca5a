import type { Core } from '../core.ts';
import { isObject, type JsonObject } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import type { FileRecord } from '../state.ts';

/** A file's name for a URL. Names may contain half a surrogate pair, for which `encodeURIComponent` throws. */
export function nameInUrl({ name }: Pick<FileRecord, 'name'>): string {
  return encodeURIComponent(name.toWellFormed());
}

/** Slack scans an uploaded file before it reports its type. */
const isScanned = (core: Core, { scannedAt = 0 }: FileRecord) => core.now() >= scannedAt;

/** Slack's errors for blocks that show an image that is not scanned yet. */
export function unscannedErrors(core: Core, blocks: unknown): string[] {
  if (!Array.isArray(blocks)) return [];
  return blocks.flatMap((block: JsonObject, at) => {
    const id = isObject(block) && isObject(block.slack_file) ? String(block.slack_file.id) : '';
    const file = core.state.files[id];
    return file && !isScanned(core, file) ? [`[ERROR] invalid slack file [json-pointer:/blocks/${at}/slack_file]`] : [];
  });
}

/** A file as in messages and `files.info`. */
export function fileObject(core: Core, file: FileRecord): JsonObject {
  const extension = file.name.includes('.') ? (file.name.split('.').at(-1) ?? '').toLowerCase() : '';
  const path = `${core.state.team.id}-${file.id}/${nameInUrl(file)}`;
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.name,
    mimetype: isScanned(core, file) ? file.mimetype : '',
    filetype: extension || 'binary',
    pretty_type: extension.toUpperCase() || 'Binary',
    user: file.user,
    user_team: file.userTeam,
    editable: false,
    size: file.size,
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: true,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: `${core.url}/files-pri/${path}`,
    url_private_download: `${core.url}/files-pri/${path}?download=1`,
    media_display_type: 'unknown',
    permalink: `https://${core.state.team.domain}.slack.com/files/${file.user}/${file.id}/${nameInUrl(file)}`,
    has_rich_preview: false,
    file_access: 'visible',
  };
}

/** A file as in messages. `isShared`: in a Slack Connect channel, where apps must call `files.info`. */
export function fileInMessage(core: Core, file: FileRecord, { isShared }: { isShared: boolean }): JsonObject {
  const { id } = file;
  switch (file.stub) {
    case 'id_only':
    case 'refused':
      return { id };
    case 'deleted':
      return { id, mode: 'tombstone' };
    case 'hidden_by_limit':
      return { id, mode: 'hidden_by_limit' };
    case 'uploading':
      return unfinishedFileObject(file);
    case undefined: {
      const hidden = { id, mode: 'file_access', file_access: 'check_file_info', created: 0, timestamp: 0, user: '' };
      return isShared ? hidden : fileObject(core, file);
    }
  }
}

/** A file as in `files.info`. Throws Slack's error if nobody, or not the app, may see it. */
export function fileInInfo(core: Core, file: FileRecord): JsonObject {
  switch (file.stub) {
    case 'deleted':
      throw new SlackError('file_deleted');
    case 'refused':
      throw new SlackError('access_denied');
    case 'hidden_by_limit':
      return { id: file.id, mode: 'hidden_by_limit' };
    case 'uploading':
      return unfinishedFileObject(file);
    default:
      return fileObject(core, file);
  }
}

/** A file that is still being uploaded has neither name nor URL. */
function unfinishedFileObject({ id, created, user }: FileRecord): JsonObject {
  return { id, created, timestamp: created, name: null, mimetype: '', filetype: '', size: 0, mode: 'hosted', user };
}
