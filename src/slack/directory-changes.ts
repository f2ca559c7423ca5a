import { z } from 'zod';
import type { Database } from '../db/client.ts';
import type { Directory } from './directory.ts';

const changeSchema = z.union([
  z.literal('all'),
  z.literal('groups'),
  z.object({ person: z.string() }),
  z.object({ channel: z.string() }),
]);

/** A change that makes cached entries of the directory outdated. */
export type DirectoryChange = z.infer<typeof changeSchema>;

/** Tells all replicas, including this one, to drop cached entries. Slack reports a change to one replica only. */
export function tellDirectoryChange({ signal }: Pick<Database, 'signal'>, change: DirectoryChange): void {
  signal('directory_changed', JSON.stringify(change));
}

/** Drops cached entries of the directory when any replica receives a change. */
export async function followDirectoryChanges(database: Database, directory: Directory): Promise<void> {
  await database.listen('directory_changed', (payload) => {
    if (payload === undefined) directory.forgetAll();
    else forget(directory, changeSchema.parse(JSON.parse(payload)));
  });
}

function forget(directory: Directory, change: DirectoryChange): void {
  if (change === 'all') directory.forgetAll();
  else if (change === 'groups') directory.forgetGroups();
  else if ('person' in change) directory.forgetPerson(change.person);
  else directory.forgetChannel(change.channel);
}
