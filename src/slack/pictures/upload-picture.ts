import { UnavailableError } from '../../errors.ts';
import type { SlackContext } from '../slack-context.ts';

/**
 * Uploads a picture to Slack and returns its file id, for `slack_file` of an image block once Slack has processed it. It is not
 * shared, so only people who see the block see it. Throws UnavailableError.
 */
export async function uploadPicture(
  { client, timings }: Pick<SlackContext, 'client' | 'timings'>,
  { png, filename, title }: { png: Buffer; filename: string; title: string },
): Promise<string> {
  try {
    const { upload_url: url, file_id: id } = await client.files.getUploadURLExternal({ filename, length: png.length });
    if (!url || !id) throw new Error('Slack gave no address to upload to');
    const uploaded = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(png),
      signal: AbortSignal.timeout(timings.pictures.uploadMs),
    });
    if (!uploaded.ok) throw new Error(`the upload was answered with ${uploaded.status}`);
    await client.files.completeUploadExternal({ files: [{ id, title }] });
    return id;
  } catch (cause) {
    throw new UnavailableError('Slack did not take the picture', { cause });
  }
}
