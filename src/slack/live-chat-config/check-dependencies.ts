import type { LiveChat } from '../../live-chats/live-chat.ts';
import type { Directory } from '../directory.ts';

/** Dependencies of the checks of a live chat's settings. */
export interface CheckDependencies {
  directory: Directory;
  teamId: string;
  /** The workspace's other live chats, without the one being edited. */
  others: LiveChat[];
  /** The live chat before the change; undefined for a new one. */
  before: LiveChat | undefined;
}
