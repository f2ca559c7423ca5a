import type { NamedPeople } from '../../engines/process-library.ts';

/** Tasks that name people or groups whom Slack did not know at the last check. */
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
