import { forgetPicture, listSuperseded } from '../../starts/process-pictures.ts';
import { refusalOf } from '../refusal.ts';
import type { SlackContext } from '../slack-context.ts';

const atOnce = 20;

/** Deletes pictures in Slack that newer ones have taken the place of, a few at a time. */
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
      // Mostly it is gone already; what Slack will not have deleted is not asked for again.
      logger.info({ fileId, reason }, 'a picture could not be deleted');
    }
    await forgetPicture(db, fileId);
  }
}
