import { sql } from 'drizzle-orm';
import { type Claimed, dueQueue, dueQueueOf } from '../db/due-queue.ts';
import { wholeRow } from '../db/whole-row.ts';
import { starts } from './tables.ts';

type Start = typeof starts.$inferSelect;

export type ClaimedStart = Claimed<Start>;

const row = wholeRow(starts);

const queue = dueQueue<Pick<Start, 'id'>>({
  table: 'starts',
  key: ['id'],
  columns: sql`starts.id, ${row.columns}`,
  condition: sql`status = 'waiting' and not is_held`,
  finished: 'clear',
});

/** Columns of a start's row, for {@link claimedStartOf}. */
export const startColumns = row.columns;

/** The start in a row with {@link startColumns} that was inserted as claimed. */
export const claimedStartOf = (returned: object, lease: string): ClaimedStart => ({ ...row.of(returned), lease });

/** Starts that are waiting to run. */
export const startQueue = dueQueueOf<Pick<Start, 'id'>, Start>(queue, (claimed) =>
  claimedStartOf(claimed, claimed.lease),
);
