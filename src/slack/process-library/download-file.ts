import type { FileToAdd } from '../../engines/process-library.ts';
import { UnavailableError, UserFacingError } from '../../errors.ts';
import { storableText } from '../../storable.ts';
import { message } from '../../words/message.ts';
import type { SlackContext } from '../slack-context.ts';

/** Maximum size of a file in bytes, larger than any process file. */
const mostBytes = 8_000_000;

/** Downloads an uploaded file. Throws UnavailableError, and UserFacingError if it is too big to be a process. */
export async function downloadFile(
  { client, timings }: Pick<SlackContext, 'client' | 'timings'>,
  fileId: string,
): Promise<FileToAdd> {
  const { file } = await client.files.info({ file: fileId });
  const { name = fileId, size = 0, url_private_download: url } = file ?? {};
  if (size > mostBytes) throw new UserFacingError(message('library.tooBig', { file: name }));
  // The URL comes from Slack's own answer, so that the token is sent to Slack only.
  if (url === undefined) throw new UnavailableError(`Slack has no content of the file ${fileId}`);
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${client.token}` },
      signal: AbortSignal.timeout(timings.library.downloadMs),
    });
    // Slack shows its login page to a client that may not read the file.
    const isPage = response.headers.get('content-type')?.startsWith('text/html');
    if (!response.ok || isPage) throw new Error(`the download was answered with ${response.status}`);
    return { name: storableText(name), text: storableText(await response.text()) };
  } catch (cause) {
    throw new UnavailableError(`Slack did not give the file ${fileId}`, { cause });
  }
}
