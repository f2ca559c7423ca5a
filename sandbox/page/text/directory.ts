import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** Names of people, channels and groups for texts, and the targets of links on them. */
export interface Directory {
  /** The id of the reader. */
  viewer: string;
  userName(id: string): string | undefined;
  /** Undefined for a channel that the reader may not see. */
  channelName(id: string): string | undefined;
  groupHandle(id: string): string | undefined;
  /** Whether the reader is in this user group. */
  isInGroup(id: string): boolean;
  /** The hash for a link to something in the workspace; undefined for every other link. */
  within(link: string): string | undefined;
  openChannel(id: string): void;
  openPerson(id: string): void;
}

export const DirectoryContext = createContext<Directory | undefined>(undefined);

export function useDirectory(): Directory {
  const directory = useContext(DirectoryContext);
  if (!directory) throw new Error('Texts are shown below a DirectoryContext only');
  return directory;
}
