import type { ProcessLibrary } from '../../engines/process-library.ts';
import { scopeOf } from '../../processes/catalogue.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { Words } from '../../words/words.ts';
import { listSome } from '../block-kit/list-some.ts';
import { joined, type Markup, markup, say } from '../block-kit/markup.ts';
import type { LibraryRow } from './all-processes.ts';

/** Maximum number of live chats that are named for a process. */
const mostNamed = 5;

/** Facts that lists show about a process in addition to its definition. */
export interface LibraryFacts {
  library: Pick<ProcessLibrary, 'has' | 'label'> | undefined;
  /** Ids of the processes that only a message, signal or timer starts. */
  byEvents: ReadonlySet<string>;
}

/** A process in a few lines: name, scope, version, engine, and the live chats that use it. */
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
