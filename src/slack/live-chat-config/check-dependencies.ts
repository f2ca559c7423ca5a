import type { LiveChat } from '../../live-chats/live-chat.ts';
import type { Directory } from '../directory.ts';

/** What it takes to tell whether a live chat's settings are right. */
export interface CheckDependencies {
  directory: Directory;
  teamId: string;
  /** Of the same workspace, but not the one that is edited. */
  others: LiveChat[];
  /** The live chat as it was before; undefined for a new one. */
  before: LiveChat | undefined;
}
