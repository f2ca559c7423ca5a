import { useEffect, useState } from 'preact/hooks';
import type { TrafficDetails, TrafficEntry } from '../../page-server/protocol.ts';
import { useWorkspace } from '../state/context.ts';
import { stateText } from './entry-row.tsx';
import { Json } from './json.tsx';

/** The content of a delivery or call, and the answer to it. */
export function EntryDetails({ entry }: { entry: TrafficEntry }) {
  const workspace = useWorkspace();
  const [details, setDetails] = useState<TrafficDetails>();
  const isCall = entry.kind === 'call';
  const { id, state, attempts } = entry;

  // Loads the details again after every change of the entry.
  useEffect(() => {
    let gone = false;
    workspace.wire.details(id).then(
      (loaded) => !gone && setDetails(loaded),
      () => {},
    );
    return () => {
      gone = true;
    };
  }, [workspace, id, state, attempts]);

  const again = () => {
    workspace.wire.misbehave({ fault: 'redeliver', entry: id }).catch((error: Error) => {
      workspace.toasts.show(error.message);
    });
  };
  return (
    <div class="details">
      <header class="details-header">
        <h3>
          {entry.type} <span class="quiet">{entry.about}</span>
        </h3>
        {!isCall && (
          <button type="button" class="button is-small" onClick={again}>
            Deliver again
          </button>
        )}
      </header>
      <p class="quiet">
        {stateText(entry)}
        {entry.latencyMs === undefined ? '' : `, ${Math.round(entry.latencyMs)} ms`}
        {entry.status === undefined ? '' : `, HTTP ${entry.status}`}
      </p>
      {details && !isCall && (
        <ol class="attempts" aria-label="Attempts">
          {details.history.map((attempt) => (
            <li key={attempt.at}>
              {new Date(attempt.at).toLocaleTimeString('en-GB')}:{' '}
              {attempt.acknowledged ? 'acknowledged' : (attempt.reason ?? 'not acknowledged')} after{' '}
              {Math.round(attempt.latencyMs)} ms
            </li>
          ))}
        </ol>
      )}
      {details && <Json title={isCall ? 'Arguments' : 'Payload'} value={details.payload} />}
      {details?.reply !== undefined && <Json title={isCall ? 'Answer' : 'Acknowledgement'} value={details.reply} />}
    </div>
  );
}
