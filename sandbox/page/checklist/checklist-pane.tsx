import type { ChecklistStep } from '../../page-server/protocol.ts';
import { firstName } from '../people/avatar.tsx';
import { useWorkspace } from '../state/context.ts';
import { Mrkdwn } from '../text/mrkdwn.tsx';
import { Icon } from '../ui/icon.tsx';

/** The steps to try first, in order. */
export function ChecklistPane({ onClose }: { onClose(): void }) {
  const workspace = useWorkspace();
  const steps = workspace.wire.checklist.value;
  const next = steps.find((step) => !step.isDone);
  return (
    <aside class="pane checklist" aria-label="First minute">
      <header class="pane-header">
        <h2>First minute</h2>
        <button type="button" class="icon-button" aria-label="Close first minute" title="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="pane-body">
        <p class="quiet">
          This is a small Slack of its own with the real {workspace.hello.value?.app.name} in it. Everybody here is you.
        </p>
        <ol class="steps">
          {steps.map((step, index) => (
            <Step key={step.id} step={step} number={index + 1} isNext={step === next} />
          ))}
        </ol>
        {steps.length > 0 && !next && <p>That was it. Look around, or watch the inspector while Slack misbehaves.</p>}
      </div>
    </aside>
  );
}

function Step({ step, number, isNext }: { step: ChecklistStep; number: number; isNext: boolean }) {
  const workspace = useWorkspace();
  const person = step.actAs ? workspace.people.value.get(step.actAs) : undefined;
  const isThere = step.channel === undefined || workspace.conversation.value?.name === step.channel;
  const isActing = person !== undefined && person.id === workspace.me.value?.id && isThere;
  return (
    <li class={`step ${step.isDone ? 'is-done' : ''} ${isNext ? 'is-next' : ''}`}>
      <span class="step-mark" aria-hidden="true">
        {step.isDone ? '✓' : number}
      </span>
      <div>
        <h3>
          {step.title}
          {step.isDone && <span class="visually-hidden"> (done)</span>}
        </h3>
        {!step.isDone && <Mrkdwn text={step.text} />}
        <div class="row">
          {person && !step.isDone && (
            <button
              type="button"
              class={`button is-small ${isNext && !isActing ? 'is-primary' : ''}`}
              disabled={isActing}
              onClick={() =>
                workspace.go({ handle: person.handle, ...(step.channel ? { at: `~${step.channel}` } : {}) })
              }
            >
              {isActing ? `You are ${firstName(person)}` : `Act as ${firstName(person)}`}
            </button>
          )}
          {step.link && (
            <a class="button is-small" href={step.link.url} target="_blank" rel="noopener">
              {step.link.label}
            </a>
          )}
        </div>
      </div>
    </li>
  );
}
