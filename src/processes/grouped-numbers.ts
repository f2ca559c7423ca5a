/**
 * Lists of whole numbers, which are known by their position from 0, in two arrays instead of one array per list: the numbers of
 * `list` are those in `numbers` from `starts[list]` up to `starts[list + 1]`.
 */
export interface GroupedNumbers {
  starts: Uint32Array;
  numbers: Uint32Array;
}

/** Groups `numbers` by the list at the same position of `lists`, in their order. */
export function groupNumbers(listCount: number, lists: readonly number[], numbers: readonly number[]): GroupedNumbers {
  const starts = new Uint32Array(listCount + 1);
  for (const list of lists) starts[list + 1] = (starts[list + 1] ?? 0) + 1;
  for (let list = 0; list < listCount; list += 1) starts[list + 1] = (starts[list + 1] ?? 0) + (starts[list] ?? 0);
  const grouped = new Uint32Array(numbers.length);
  const next = starts.slice();
  lists.forEach((list, index) => {
    const at = next[list] ?? 0;
    grouped[at] = numbers[index] ?? 0;
    next[list] = at + 1;
  });
  return { starts, numbers: grouped };
}
