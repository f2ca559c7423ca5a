import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Call } from '../../sandbox/traffic.ts';

/** Requests of the benchmark to the workspace, beyond Slack's API. */
export type Control =
  /** Delays the answer to every call, in milliseconds. */
  | { do: 'answer-in'; ms: number }
  /** Somebody writes in one of their channels, without an event to Kickoff. Returns the message's timestamp. */
  | { do: 'write'; userId: string; channel: string; text: string }
  /** Somebody uses a message shortcut. Returns the times until a modal is open, and until it has its content. */
  | { do: 'use-shortcut'; kickoffPort: number; userId: string; callbackId: string; channel: string; ts: string }
  /** Somebody opens their Home tab. Returns the time until it is shown. */
  | { do: 'open-home'; kickoffPort: number; userId: string }
  /** The next of these people with a notified open task completes it, if there is one and Kickoff answers in time. */
  | { do: 'complete-task'; kickoffPort: number; userIds: readonly string[] };

export interface ControlAnswers {
  'answer-in': Record<string, never>;
  write: { ts: string };
  'use-shortcut': { openedMs: number; shownMs: number };
  'open-home': { shownMs: number };
  'complete-task': { outcome: 'done' | 'refused' | 'none' };
}

/** Timeout for Kickoff's answers, in milliseconds. */
const patienceMs = 10_000;

/** Carries out controls one after the other. Times end when Slack has answered Kickoff's call. */
export function createControls(sandbox: Sandbox): (control: Control) => Promise<ControlAnswers[Control['do']]> {
  // The benchmark delivers the messages itself.
  sandbox.faults.withholdEvents();

  const answered = (isIt: (call: Call) => boolean): Promise<Call> =>
    new Promise((resolve, reject) => {
      const { onChange } = sandbox.traffic;
      const look = (call: Call) => {
        if (call.answer?.ok === true && isIt(call)) end(() => resolve(call));
      };
      const timer = setTimeout(() => end(() => reject(new Error('Kickoff has shown nothing'))), patienceMs);
      const end = (settle: () => void) => {
        clearTimeout(timer);
        onChange.off('call', look);
        settle();
      };
      onChange.on('call', look);
    });
  const deliverTo = (port: number) => {
    const url = `http://127.0.0.1:${port}/slack/events`;
    sandbox.deliverOverHttp({ events: url, interactivity: url, options: url, commands: {} });
  };
  const viewOf = (call: Call) => (call.answer?.view as { id?: string } | undefined)?.id;

  let turn = 0;
  /** Messages whose task was tried already. Each is tried once, because it shows only a moment later that its task is done. */
  const tried = new Set<string>();
  const completeNext = async (userIds: readonly string[]): Promise<'done' | 'refused' | 'none'> => {
    for (let looked = 0; looked < userIds.length; looked += 1) {
      turn += 1;
      const person = sandbox.person(userIds[turn % userIds.length] ?? '');
      const told = person.inbox().find((message) => !tried.has(message.ts) && message.buttons().includes('Open task'));
      if (!told) continue;
      tried.add(told.ts);
      const clicked = await told.click('Open task');
      if (!clicked?.acknowledged) return 'refused';
      const modal = await person.modalShown('Answer', { timeoutMs: patienceMs });
      const { banner } = await modal.submit();
      await modal.closeAll();
      return banner === undefined ? 'done' : 'refused';
    }
    return 'none';
  };

  return async (control) => {
    switch (control.do) {
      case 'answer-in':
        sandbox.faults.clear();
        if (control.ms > 0) sandbox.faults.delay('*', control.ms, Number.POSITIVE_INFINITY);
        return {};
      case 'write': {
        const { ts } = await sandbox.person(control.userId).post(control.channel, control.text);
        return { ts };
      }
      case 'use-shortcut': {
        const { kickoffPort, userId, callbackId, channel, ts } = control;
        const person = sandbox.person(userId);
        deliverTo(kickoffPort);
        const begun = performance.now();
        let openedMs = Number.NaN;
        // The modal is opened while its content is read, and then updated.
        let view: string | undefined;
        const shown = answered((call) => {
          if (call.method === 'views.open') {
            openedMs = performance.now() - begun;
            view = viewOf(call);
          }
          return call.method === 'views.update' && view !== undefined && viewOf(call) === view;
        });
        await Promise.all([shown, person.shortcut(callbackId, { channel, ts })]);
        const shownMs = performance.now() - begun;
        await person.modal.closeAll();
        return { openedMs, shownMs };
      }
      case 'open-home': {
        deliverTo(control.kickoffPort);
        sandbox.faults.resumeEvents();
        const begun = performance.now();
        const shown = answered((call) => call.method === 'views.publish' && call.args.user_id === control.userId);
        await sandbox.person(control.userId).openApp('home');
        sandbox.faults.withholdEvents();
        await shown;
        return { shownMs: performance.now() - begun };
      }
      case 'complete-task':
        deliverTo(control.kickoffPort);
        return { outcome: await completeNext(control.userIds) };
    }
  };
}
