import type { FileValue } from '../processes/value-types.ts';
import type { MissingFile } from './session-facts.ts';

/** A person, as far as their Slack profile is visible to the app. */
export interface Person {
  id: string;
  /** Id of the team (workspace or organisation) they belong to. */
  teamId: string;
  name: string;
  title?: string;
  /** The organisation of a person from outside. */
  company?: string;
  /** IANA name, such as `Europe/Berlin`. */
  timezone?: string;
  /** BCP 47, such as `ru-RU`. */
  locale?: string;
  email?: string;
  phone?: string;
  /** URL of their picture. */
  image?: string;
  isBot: boolean;
  /** A member of another organisation, or a guest of this one. */
  isExternal: boolean;
  /** Workspace owner or admin. */
  isAdmin: boolean;
  isDeleted: boolean;
}

/** Looks up people, places and files; asks Slack if they are not cached. Throws UnavailableError if Slack does not answer. */
export interface People {
  person(userId: string): Promise<Person | undefined>;
  /** Guests and people from outside among a conversation's members, as far as they are visible to the app. */
  outsiders(channelId: string): Promise<Person[]>;
  groupMembers(userGroupId: string): Promise<string[]>;
  /** Name of a channel or user group; undefined if it does not exist or is not visible to the app. */
  placeName(id: string): Promise<string | undefined>;
  /** `unfinished`: somebody is still uploading it. */
  file(fileId: string): Promise<FileValue | MissingFile | 'unfinished'>;
}
