import type { SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import { UserFacingError } from '../../errors.ts';
import { message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { say } from '../block-kit/markup.ts';
import { pushModal } from '../live-chat-config/push-modal.ts';
import { refreshBelow } from '../live-chat-config/update-views.ts';
import { readMetadata, readViewAction, readViewSubmission } from '../live-chat-config/view-request.ts';
import { messageModal } from '../open-modal.ts';
import { startPatience } from '../patience.ts';
import { assertAdministrator } from '../rights/administrator.ts';
import type { SlackContext } from '../slack-context.ts';
import { answerWithView, type Submission } from '../task-form/show-view.ts';
import { wordsFor } from '../words-for.ts';
import { addedModal, addModal, readFileIds } from './add-view.ts';
import { downloadFile } from './download-file.ts';
import { type LibraryPlace, libraryBeginning, libraryPlaceSchema } from './library-place.ts';
import { placeOf, refreshLibrary } from './show-library.ts';

/** *Add process*. */
export function openAdd(context: SlackContext) {
  return async ({ body, ack }: SlackActionMiddlewareArgs): Promise<void> => {
    const action = readViewAction(body);
    await ack();
    await pushModal(
      context,
      action,
      (words) => words('library.addTitle'),
      async (words) => addModal(words, placeOf(action)),
    );
  };
}

/** *Add* in the modal: checks the files and puts them into effect, or shows what is wrong with them. */
export function submitFiles(context: SlackContext) {
  return async (submission: Submission): Promise<void> => {
    const { userId, rootViewId, metadata, stateValues } = readViewSubmission(submission.body);
    const patience = startPatience();
    const words = await wordsFor(context, userId);
    await assertAdministrator(context, userId, patience);
    const place = readMetadata(libraryPlaceSchema, metadata);
    const { blockId, fileIds } = readFileIds(stateValues);
    if (fileIds.length === 0) {
      await submission.ack({ response_action: 'errors', errors: { [blockId]: words('library.noFiles') } });
      return;
    }
    const build = () => addFiles(context, words, { fileIds, userId, place, rootViewId, attempt: `${blockId}+` });
    const checking = messageModal(words, words('library.addTitle'), say(words, 'library.checking'));
    await answerWithView(context, words, submission, patience, build, checking);
  };
}

interface AddFiles {
  fileIds: string[];
  userId: string;
  place: LibraryPlace;
  rootViewId: string;
  /** Identifies this attempt. */
  attempt: string;
}

async function addFiles(
  context: SlackContext,
  words: Words,
  { fileIds, userId, place, rootViewId, attempt }: AddFiles,
): Promise<ModalView> {
  const { library, logger } = context;
  if (!library) throw new UserFacingError(message('library.noEngine'));
  const files = await Promise.all(fileIds.map((id) => downloadFile(context, id)));
  const addition = await library.add(files, userId);
  if (addition.faults.length > 0) return addModal(words, place, { ...addition, attempt });
  logger.info({ files: files.map(({ name }) => name), by: userId }, 'process files added');
  await context.catalogueChanged();
  await refreshBelow(context, [refreshLibrary(context, words, rootViewId, libraryBeginning)]);
  return addedModal(words, addition);
}
