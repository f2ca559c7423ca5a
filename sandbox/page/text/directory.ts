import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** What texts need to know to name people, channels and groups, and where a click on them leads. */
export interface Directory {
  /** Whose screen it is. */
  viewer: string;
  userName(id: string): string | undefined;
  /** Undefined for a channel that the person may not see. */
  channelName(id: string): string | undefined;
  groupHandle(id: string): string | undefined;
  /** Is the person in this user group? */
  isInGroup(id: string): boolean;
  /** Where in the page a link to something in the workspace leads; undefined for every other link. */
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
