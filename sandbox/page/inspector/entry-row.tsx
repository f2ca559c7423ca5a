import type { TrafficEntry } from '../../page-server/protocol.ts';

const states: Record<TrafficEntry['state'], string> = {
  under_way: 'under way',
  done: 'done',
  failed: 'failed',
  pending: 'will be repeated',
  held: 'held back',
};

/** The text for an entry's state. */
export function stateText(entry: TrafficEntry): string {
  if (entry.state === 'failed' && entry.error) return entry.error;
  return entry.status && entry.status >= 400 ? String(entry.status) : states[entry.state];
}

interface EntryRowProps {
  entry: TrafficEntry;
  isChosen: boolean;
  onChoose(id: string): void;
}

/** A delivery or call in one line. */
export function EntryRow({ entry, isChosen, onChoose }: EntryRowProps) {
  const isCall = entry.kind === 'call';
  const time = new Date(entry.at).toLocaleTimeString('en-GB');
  return (
    <li>
      <button
        type="button"
        class={`entry is-${entry.state}`}
        aria-pressed={isChosen}
        onClick={() => onChoose(entry.id)}
      >
        <span class="entry-time">{time}</span>
        <span class={`entry-kind ${isCall ? 'is-call' : ''}`}>
          <span aria-hidden="true">{isCall ? '←' : '→'}</span> {isCall ? 'call' : entry.kind}
        </span>
        <span class="entry-type">
          {entry.type} <span class="quiet">{entry.about}</span>
        </span>
        <span class="entry-attempts">{entry.attempts > 1 ? `×${entry.attempts}` : ''}</span>
        <span class="entry-state">{stateText(entry)}</span>
        <span class="entry-latency">{entry.latencyMs === undefined ? '' : `${Math.round(entry.latencyMs)} ms`}</span>
      </button>
    </li>
  );
}
