import { z } from 'zod';
import type { Database } from '../db/client.ts';
import type { Directory } from './directory.ts';

const changeSchema = z.union([
  z.literal('all'),
  z.literal('groups'),
  z.object({ person: z.string() }),
  z.object({ channel: z.string() }),
]);

/** What is no longer as the directory remembers it. */
export type DirectoryChange = z.infer<typeof changeSchema>;

/** Slack tells one replica of a change; all of them, this one at once, forget what they remembered. */
export function tellDirectoryChange({ signal }: Pick<Database, 'signal'>, change: DirectoryChange): void {
  signal('directory_changed', JSON.stringify(change));
}

/** Lets the directory forget what any replica was told is no longer so. */
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
