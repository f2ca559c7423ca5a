import { readdirSync, readFileSync } from 'node:fs';
import type { ModalDriver } from '../../../sandbox/driver/modal.ts';
import { EngineUnavailableError } from '../../../src/engines/engine.ts';
import { parseForm } from '../../../src/processes/parse-form.ts';
import { parametersOf } from '../../../src/processes/process-definition.ts';
import type { Variables } from '../../../src/processes/value-types.ts';
import { aDefinition, type BusyOffice, openOffice } from '../../helpers/office.ts';

const folder = new URL('../../fixtures/forms/', import.meta.url);

export const formText = (name: string) => readFileSync(new URL(`${name}.form`, folder), 'utf8');

/** Kickoff with two processes for each form of the corpus: one with a start form, one with a task form. */
export interface FormWorld {
  office: BusyOffice;
  /** Opens a task with that form, in a process with these variables, and returns its modal. */
  openTask(form: string, variables?: Variables): Promise<ModalDriver>;
  openStart(form: string): Promise<ModalDriver>;
  /** The variables of the last submission. */
  submitted(): Variables | undefined;
  /** Submits a form while the engine is unavailable, so that the task stays open. */
  submitInVain(modal: ModalDriver): Promise<void>;
  /** Repeats the latest interaction of a type with a modified view, as an attacker could. */
  tamper(type: string, change: (view: TamperedView) => void): Promise<string>;
  /** Repeats the latest click with the modal of that time, but on another button. */
  clickAgain(change: (click: TamperedClick['actions'][number]) => void): Promise<void>;
}

export interface TamperedClick {
  actions: { value: string; action_ts: string }[];
  view: TamperedView;
}

export interface TamperedView {
  blocks: { block_id: string }[];
  private_metadata: string;
  state: { values: Record<string, Record<string, object>> };
}

export async function openFormWorld(): Promise<FormWorld> {
  const names = readdirSync(folder).map((file) => file.replace(/\.form$/, ''));
  let variables: Variables = {};
  const office = await openOffice(
    names.flatMap((name) => {
      const text = formText(name);
      const form = parseForm(text);
      const started = { ...aDefinition(`start-${name}`, `Start ${name}`), startForm: form };
      return [
        { definition: { ...started, parameters: parametersOf(form) }, tasks: [] },
        { definition: aDefinition(`task-${name}`, `Task ${name}`), tasks: [{ name: 'Fill it in', form: text }] },
      ];
    }),
  );
  office.engine.beforeStart = async (request) => {
    Object.assign(request.variables, variables);
  };
  return {
    office,
    async openTask(form, given = {}) {
      variables = given;
      const modal = await office.start('oleg', `Task ${form}`);
      await modal.shows('Fill it in');
      variables = {};
      return modal;
    },
    async openStart(form) {
      const modal = await office.start('oleg', `Start ${form}`);
      await modal.shows('for <@');
      return modal;
    },
    async submitInVain(modal) {
      const { engine } = office;
      engine.beforeComplete = async () => {
        throw new EngineUnavailableError('away');
      };
      await modal.submit();
      engine.beforeComplete = async () => {};
    },
    async clickAgain(change) {
      const click = office.sandbox.traffic.deliveries.findLast(({ type }) => type === 'block_actions');
      if (!click) throw new Error('there was no click');
      const body = structuredClone(click.body) as unknown as TamperedClick;
      for (const action of body.actions) change(action);
      await office.sandbox.faults.deliverInteraction(body as never);
    },
    submitted: () => office.engine.completions.at(-1)?.variables,
    async tamper(type, change) {
      const delivery = office.sandbox.traffic.deliveries.findLast((one) => one.type === type);
      if (!delivery) throw new Error(`there was no ${type}`);
      const body = structuredClone(delivery.body) as { view: TamperedView };
      change(body.view);
      return JSON.stringify(await office.sandbox.faults.deliverInteraction(body as never));
    },
  };
}
