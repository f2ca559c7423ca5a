/** Does what concerns one person one by one, in the order that it was asked for. */
export type OneByOne = <Result>(userId: string, work: () => Promise<Result>) => Promise<Result>;

export function createOneByOne(): OneByOne {
  const latest = new Map<string, Promise<unknown>>();
  return (userId, work) => {
    const mine = (latest.get(userId) ?? Promise.resolve()).then(work, work);
    latest.set(userId, mine);
    const forget = () => {
      if (latest.get(userId) === mine) latest.delete(userId);
    };
    mine.then(forget, forget);
    return mine;
  };
}
