/** Does what concerns one thing (a person, a view) one by one, in the order that it was asked for. */
export type OneByOne = <Result>(id: string, work: () => Promise<Result>) => Promise<Result>;

export function createOneByOne(): OneByOne {
  const latest = new Map<string, Promise<unknown>>();
  return (id, work) => {
    const mine = (latest.get(id) ?? Promise.resolve()).then(work, work);
    latest.set(id, mine);
    const forget = () => {
      if (latest.get(id) === mine) latest.delete(id);
    };
    mine.then(forget, forget);
    return mine;
  };
}
