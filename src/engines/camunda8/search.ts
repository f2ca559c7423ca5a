import { z } from 'zod';

/** Rows per page of a search. */
export const pageSize = 1000;

/** Reads a date: clusters write the offset in different ways. */
export const dateSchema = z
  .string()
  .transform((text) => new Date(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')))
  .refine((date) => !Number.isNaN(date.getTime()), 'should be a date');

/** A key, as text: it may exceed the range of `number`. */
export const keySchema = z.string();

/** Reads null and an empty text, which the cluster returns for some absent values, as undefined. */
export const optionalText = z
  .string()
  .nullish()
  .transform((text) => text || undefined);

/** The schema of a page of search results with such items. */
export const page = <T>(item: z.ZodType<T>) =>
  z.object({
    items: z.array(item),
    page: z
      .object({
        endCursor: z.string().nullish(),
        totalItems: z.number().nullish(),
        hasMoreTotalItems: z.boolean().nullish(),
      })
      .nullish(),
  });

type Page<T> = z.infer<ReturnType<typeof page<T>>>;

/** Reads all pages of a search, one after the other. */
export async function allPages<T>(
  read: (page: { limit: number } | { limit: number; after: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const found: T[] = [];
  let after: string | undefined;
  for (;;) {
    const answer = await read(after === undefined ? { limit: pageSize } : { limit: pageSize, after });
    found.push(...answer.items);
    after = answer.page?.endCursor ?? undefined;
    if (answer.items.length < pageSize || after === undefined || isComplete(answer, found.length)) return found;
  }
}

/** Whether these are all items, although the last page is full. The cluster counts only to a limit. */
function isComplete<T>({ page: counted }: Page<T>, found: number): boolean {
  return counted?.hasMoreTotalItems === false && found === counted.totalItems;
}

/** Compares keys by the order in which the cluster generated them. */
export const byKey = (a: string, b: string): number => (BigInt(a) < BigInt(b) ? -1 : a === b ? 0 : 1);
