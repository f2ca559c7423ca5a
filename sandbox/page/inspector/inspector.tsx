import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TrafficEntry } from '../../page-server/protocol.ts';
import { useWorkspace } from '../state/context.ts';
import { Icon } from '../ui/icon.tsx';
import { EntryDetails } from './entry-details.tsx';
import { EntryRow } from './entry-row.tsx';
import { FaultBar } from './fault-bar.tsx';

/** Number of lines shown at once, the newest ones. */
const shown = 300;

type Kind = 'all' | 'deliveries' | 'calls';

function isOf(kind: Kind, entry: TrafficEntry): boolean {
  return kind === 'all' || (kind === 'calls') === (entry.kind === 'call');
}

/** Shows the traffic between the workspace and the app, live, with controls to disturb it. */
export function Inspector({ onClose }: { onClose(): void }) {
  const workspace = useWorkspace();
  const { wire } = workspace;
  const connected = workspace.connected.value;
  const epoch = workspace.hello.value?.epoch;
  const [chosen, setChosen] = useState<string>();
  const [kind, setKind] = useState<Kind>('all');
  const list = useRef<HTMLDivElement>(null);
  const following = useRef(true);

  useEffect(() => {
    if (!connected || epoch === undefined) return;
    wire.watch(true).catch(() => {});
    return () => {
      wire.watch(false).catch(() => {});
    };
  }, [wire, connected, epoch]);

  const entries = wire.entries.value.filter((entry) => isOf(kind, entry)).slice(-shown);
  const entry = wire.entries.value.find((one) => one.id === chosen);

  useLayoutEffect(() => {
    if (following.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  });

  return (
    <section class="inspector" aria-label="Inspector">
      <header class="inspector-header">
        <h2>Inspector</h2>
        <select
          class="input is-compact"
          aria-label="Show"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as Kind)}
        >
          <option value="all">Deliveries and calls</option>
          <option value="deliveries">Deliveries to the app</option>
          <option value="calls">Web API calls of the app</option>
        </select>
        <FaultBar />
        <button type="button" class="icon-button" aria-label="Close inspector" title="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="inspector-body">
        <div
          class="entries"
          ref={list}
          onScroll={(event) => {
            const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
            following.current = scrollHeight - scrollTop - clientHeight < 30;
          }}
        >
          {entries.length === 0 && <p class="quiet is-centered">Nothing has gone over the wire yet.</p>}
          <ul>
            {entries.map((one) => (
              <EntryRow key={one.id} entry={one} isChosen={one.id === chosen} onChoose={setChosen} />
            ))}
          </ul>
        </div>
        {entry ? (
          <EntryDetails key={entry.id} entry={entry} />
        ) : (
          <p class="details quiet is-centered">Choose a line to see what it carries.</p>
        )}
      </div>
    </section>
  );
}
