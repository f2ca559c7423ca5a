import { setTimeout as delay } from 'node:timers/promises';
import type { FileValue } from '../processes/value-types.ts';
import { type Message, message } from '../words/message.ts';
import type { People } from './people.ts';
import type { MessageFacts, MissingFile } from './session-facts.ts';

type Files = MessageFacts['files'];

/**
 * Loads the details of files that a message does not contain. An unfinished upload is requested again after each of the pauses
 * (milliseconds). Throws UnavailableError if Slack does not answer.
 */
export async function seeFiles(
  people: Pick<People, 'file'>,
  files: Files,
  pausesMs: readonly number[] = [],
): Promise<(FileValue | MissingFile)[]> {
  return Promise.all(files.map((file) => ('fileId' in file ? seeFile(people, file.fileId, pausesMs) : file)));
}

async function seeFile(
  people: Pick<People, 'file'>,
  fileId: string,
  pausesMs: readonly number[],
): Promise<FileValue | MissingFile> {
  for (const pauseMs of pausesMs) {
    const seen = await people.file(fileId);
    if (seen !== 'unfinished') return seen;
    await delay(pauseMs);
  }
  const seen = await people.file(fileId);
  return seen === 'unfinished' ? { missing: message('file.unfinished') } : seen;
}

/** The files whose details Slack shows. */
export function shownFiles(files: Files): FileValue[] {
  return files.flatMap((file) => ('link' in file ? [file] : []));
}

/** Why each of the other files was left out, one message per file. */
export function missingFiles(files: Files): Message[] {
  return files.flatMap((file) => ('missing' in file ? [file.missing] : []));
}
