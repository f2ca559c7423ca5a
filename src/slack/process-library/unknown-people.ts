import type { NamedPeople } from '../../engines/process-library.ts';

/** Tasks with the people and groups that they name and that Slack did not know when it was asked last. */
export interface UnknownPeople {
  list(): NamedPeople[];
  replace(unknown: NamedPeople[]): void;
}

export function createUnknownPeople(): UnknownPeople {
  let current: NamedPeople[] = [];
  return {
    list: () => current,
    replace(unknown) {
      current = unknown;
    },
  };
}
