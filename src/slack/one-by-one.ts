/** Runs work with the same id (of a person or a view) one after another, in the order of the calls. */
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
