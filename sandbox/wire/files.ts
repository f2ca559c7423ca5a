import type { Core } from '../core.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { FileRecord } from '../state.ts';

/** A file's name as a part of a URL. Names may hold half a surrogate pair, which `encodeURIComponent` throws at. */
export function nameInUrl({ name }: Pick<FileRecord, 'name'>): string {
  return encodeURIComponent(name.toWellFormed());
}

/** Slack looks at an uploaded file before it knows its type. */
const isScanned = (core: Core, { scannedAt = 0 }: FileRecord) => core.now() >= scannedAt;

/** Slack's errors for blocks that show a picture which it has not scanned yet. */
export function unscannedErrors(core: Core, blocks: unknown): string[] {
  if (!Array.isArray(blocks)) return [];
  return blocks.flatMap((block: JsonObject, at) => {
    const id = isObject(block) && isObject(block.slack_file) ? String(block.slack_file.id) : '';
    const file = core.state.files[id];
    return file && !isScanned(core, file) ? [`[ERROR] invalid slack file [json-pointer:/blocks/${at}/slack_file]`] : [];
  });
}

/** A file as messages and `files.info` show it to the app. */
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

/** All that an app learns of a file in a Slack Connect channel before it asks `files.info`. */
export function hiddenFileObject(file: FileRecord): JsonObject {
  return {
    id: file.id,
    mode: 'file_access',
    file_access: 'check_file_info',
    created: 0,
    timestamp: 0,
    user: '',
  };
}
