/** First in, first out, in constant time: an array's own shift moves all the others, once they are some ten thousand. */
export interface Queue<Item> {
  push(item: Item): void;
  shift(): Item | undefined;
  some(isWanted: (item: Item) => boolean): boolean;
  /** Takes out all of these. */
  remove(isWanted: (item: Item) => boolean): void;
}

/** How many that were taken are kept before their places are given up. */
const spare = 1000;

export function createQueue<Item>(): Queue<Item> {
  let items: Item[] = [];
  let first = 0;
  return {
    push: (item) => items.push(item),
    shift() {
      if (first === items.length) return undefined;
      const item = items[first++];
      if (first > spare && 2 * first > items.length) {
        items = items.slice(first);
        first = 0;
      }
      return item;
    },
    some: (isWanted) => items.some((item, index) => index >= first && isWanted(item)),
    remove(isWanted) {
      items = items.filter((item, index) => index >= first && !isWanted(item));
      first = 0;
    },
  };
}
