import { setTimeout as delay } from 'node:timers/promises';
import { UnavailableError } from '../../errors.ts';
import type { SlackContext } from '../slack-context.ts';

/** Slack takes a moment to look at a file before it shows it in a block: how often it is asked, and how long between. */
const mostLooks = 10;
const lookEveryMs = 300;

/**
 * Gives Slack a picture and returns its file id, for `slack_file` of an image block. It is shared nowhere: only who gets to
 * see the block sees it. Throws UnavailableError.
 */
export async function uploadPicture(
  { client }: Pick<SlackContext, 'client'>,
  { png, filename, title }: { png: Buffer; filename: string; title: string },
): Promise<string> {
  try {
    const { upload_url: url, file_id: id } = await client.files.getUploadURLExternal({ filename, length: png.length });
    if (!url || !id) throw new Error('Slack gave no address to upload to');
    const uploaded = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(png),
      signal: AbortSignal.timeout(10_000),
    });
    if (!uploaded.ok) throw new Error(`the upload was answered with ${uploaded.status}`);
    await client.files.completeUploadExternal({ files: [{ id, title }] });
    for (let look = 0; look < mostLooks; look += 1) {
      const { file } = await client.files.info({ file: id });
      if (file?.mimetype) return id;
      await delay(lookEveryMs);
    }
    throw new Error('Slack does not come to look at the file');
  } catch (cause) {
    throw new UnavailableError('Slack did not take the picture', { cause });
  }
}
