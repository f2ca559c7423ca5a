import { refusalOf } from '../refusal.ts';
import type { SlackContext } from '../slack-context.ts';
import { forgetPicture, listSuperseded } from './known-pictures.ts';

const atOnce = 20;

/** Deletes superseded pictures in Slack, a few at a time. */
export async function deleteSuperseded(
  context: Pick<SlackContext, 'db' | 'backgroundClient' | 'identity' | 'timings' | 'logger'>,
): Promise<void> {
  const { db, backgroundClient, identity, timings, logger } = context;
  for (const fileId of await listSuperseded(db, identity.teamId, timings.pictures.graceMs, atOnce)) {
    try {
      await backgroundClient.files.delete({ file: fileId });
    } catch (error) {
      const reason = refusalOf(error);
      if (reason === undefined) throw error;
      // Usually the file is gone already; a refused deletion is not retried.
      logger.info({ fileId, reason }, 'a picture could not be deleted');
    }
    await forgetPicture(db, fileId);
  }
}
