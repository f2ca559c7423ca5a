import { z } from 'zod';
import type { Database, Db } from '../db/client.ts';
import { notify } from '../db/query.ts';
import type { Directory } from './directory.ts';

const changeSchema = z.union([
  z.literal('groups'),
  z.object({ person: z.string() }),
  z.object({ channel: z.string() }),
]);

/** What is no longer as the directory remembers it. */
export type DirectoryChange = z.infer<typeof changeSchema>;

/** Slack tells one replica of a change: it forgets what it remembered, and tells the others to. */
export async function tellDirectoryChange(
  { db, directory }: { db: Db; directory: Directory },
  change: DirectoryChange,
): Promise<void> {
  forget(directory, change);
  await notify(db, 'directory_changed', JSON.stringify(change));
}

/** Lets the directory forget what any replica was told is no longer so. */
export async function followDirectoryChanges(database: Database, directory: Directory): Promise<void> {
  await database.listen('directory_changed', (payload) => {
    if (payload === undefined) directory.forgetAll();
    else forget(directory, changeSchema.parse(JSON.parse(payload)));
  });
}

function forget(directory: Directory, change: DirectoryChange): void {
  if (change === 'groups') directory.forgetGroups();
  else if ('person' in change) directory.forgetPerson(change.person);
  else directory.forgetChannel(change.channel);
}
