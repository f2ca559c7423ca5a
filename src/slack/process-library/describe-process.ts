import type { ProcessLibrary } from '../../engines/process-library.ts';
import { scopeOf } from '../../processes/catalogue.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { Words } from '../../words/words.ts';
import { listSome } from '../block-kit/list-some.ts';
import { joined, type Markup, markup, say } from '../block-kit/markup.ts';
import type { LibraryRow } from './all-processes.ts';

/** How many live chats are named where a process has many. */
const mostNamed = 5;

/** What the lists know of a process beside its definition. */
export interface LibraryFacts {
  library: Pick<ProcessLibrary, 'has' | 'label'> | undefined;
  /** Ids of the processes that only events start. */
  byEvents: ReadonlySet<string>;
}

/** A process in a few lines: name, where it belongs, version, engine, who uses it. */
export function describeProcess(words: Words, { definition, usedBy }: LibraryRow, facts: LibraryFacts): Markup {
  const engine = engineOf(definition, facts);
  const where = [
    scopeOf(definition) ?? words('scope.company'),
    words('library.version', { version: definition.version }),
    ...(engine === undefined ? [] : [engine]),
  ];
  const named = listSome(words, usedBy, mostNamed);
  return joined(
    [
      markup`*${definition.name}*`,
      joined(where, ' · '),
      usedBy.length > 0 ? say(words, 'library.usedBy', { liveChats: named }) : say(words, 'library.unused'),
      ...(facts.byEvents.has(definition.id) ? [say(words, 'library.byEvents')] : []),
      ...(definition.isOff ? [say(words, 'library.isOff')] : []),
    ],
    '\n',
  );
}

function engineOf({ id, engine }: ProcessDefinition, { library }: LibraryFacts): string | undefined {
  return engine ?? (library?.has(id) ? library.label : undefined);
}
