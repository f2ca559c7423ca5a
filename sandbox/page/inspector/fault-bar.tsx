import type { Fault } from '../../page-server/protocol.ts';
import { useWorkspace } from '../state/context.ts';
import { MenuButton } from '../ui/menu.tsx';

/** Number of calls in a row that a fault affects. */
const times = 3;

/** Buttons that make Slack misbehave, showing which faults are on. */
export function FaultBar() {
  const workspace = useWorkspace();
  const state = workspace.wire.state.value;
  const misbehave = (fault: Fault) => {
    workspace.wire.misbehave(fault).catch((error: Error) => workspace.toasts.show(error.message));
  };
  const planned = state?.planned.filter((plan) => plan.left > 0) ?? [];
  return (
    <div class="faults">
      <span class={`connection ${state && state.connections > 0 ? 'is-up' : ''}`}>
        {state === undefined || state.mode === 'http'
          ? 'HTTP'
          : state.connections > 0
            ? 'App connected'
            : 'App not connected'}
      </span>
      <button type="button" class="button is-small" onClick={() => misbehave({ fault: 'drop' })}>
        Drop connection
      </button>
      {state?.isHolding ? (
        <>
          <button
            type="button"
            class="button is-small is-primary"
            onClick={() => misbehave({ fault: 'release', reverse: true, times: 2 })}
          >
            Release {state.held} reversed, twice
          </button>
          <button
            type="button"
            class="button is-small"
            onClick={() => misbehave({ fault: 'release', reverse: false, times: 1 })}
          >
            Release in order
          </button>
        </>
      ) : (
        <button type="button" class="button is-small" onClick={() => misbehave({ fault: 'hold' })}>
          Hold events
        </button>
      )}
      <button
        type="button"
        class="button is-small"
        onClick={() => misbehave({ fault: 'answer', method: '*', status: 429, times })}
      >
        Answer 429
      </button>
      <button
        type="button"
        class="button is-small"
        onClick={() => misbehave({ fault: 'answer', method: '*', status: 500, times })}
      >
        Answer 500
      </button>
      <MenuButton
        label="More faults"
        items={[
          {
            label: state?.isRefusing ? 'Let the app connect again' : 'Refuse new connections',
            onPick: () => misbehave({ fault: 'refuse', on: !state?.isRefusing }),
          },
          { label: 'Ask the app to reconnect', onPick: () => misbehave({ fault: 'reconnect' }) },
          { label: 'Take back planned answers', onPick: () => misbehave({ fault: 'clear' }) },
        ]}
      >
        <span aria-hidden="true">⋯</span>
      </MenuButton>
      <span class="planned" role="status">
        {state?.isRefusing ? 'New connections are refused. ' : ''}
        {planned
          .map((plan) => `Next ${plan.left} ${plan.method === '*' ? 'calls' : plan.method}: ${plan.answer}`)
          .join(' · ')}
      </span>
    </div>
  );
}
