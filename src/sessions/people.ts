import type { FileValue } from '../processes/value-types.ts';
import type { MissingFile } from './session-facts.ts';

/** A person, as far as their Slack profile shows them to us. */
export interface Person {
  id: string;
  /** The team (workspace or organisation) they belong to. */
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
  /** Address of their picture. */
  image?: string;
  isBot: boolean;
  /** Of another organisation, or a guest of ours. */
  isExternal: boolean;
  /** Workspace owner or admin. */
  isAdmin: boolean;
  isDeleted: boolean;
}

/** Answers who is who, and which file is which; asks Slack where it does not know yet. Throws UnavailableError while Slack does not answer. */
export interface People {
  person(userId: string): Promise<Person | undefined>;
  /** Guests and people from outside among a conversation's members, as far as we can see them. */
  outsiders(channelId: string): Promise<Person[]>;
  groupMembers(userGroupId: string): Promise<string[]>;
  /** What a channel or user group is called; undefined: it is not there, or we may not see it. */
  placeName(id: string): Promise<string | undefined>;
  /** `unfinished`: somebody is still uploading it. */
  file(fileId: string): Promise<FileValue | MissingFile | 'unfinished'>;
}
