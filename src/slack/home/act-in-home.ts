import { EngineUnavailableError } from '../../engines/engine.ts';
import { UserFacingError } from '../../errors.ts';
import { message } from '../../words/message.ts';
import { say } from '../block-kit/markup.ts';
import { errorMessage, messageModal } from '../open-modal.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { showHome } from './open-home.ts';

/** The fields of a click in the Home tab that are read. */
export interface HomeClick {
  user: { id: string };
  trigger_id: string;
}

/** Does what somebody clicked in their Home tab, and shows the tab again. Errors are shown in a modal. */
export async function actInHome(
  context: SlackContext,
  { user, trigger_id }: HomeClick,
  act: () => Promise<void>,
): Promise<void> {
  const { client, logger } = context;
  try {
    await act();
  } catch (error) {
    const words = await wordsFor(context, user.id);
    const isAway = error instanceof EngineUnavailableError;
    const text = say(words, isAway ? message('home.engineRefuses') : errorMessage(error));
    await client.views.open({ trigger_id, view: messageModal(words, words('home.title'), text) });
    if (isAway) logger.warn({ err: error }, 'the engine was unavailable for an action in a Home tab');
    else if (!(error instanceof UserFacingError)) throw error;
  } finally {
    await showHome(context, user.id).catch((err) => logger.warn({ err }, 'a Home tab will be updated later'));
  }
}
