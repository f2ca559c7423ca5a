import type { StateValue } from '../block-kit/types.ts';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import type { ViewRecord } from '../state.ts';
import { closeAll, closeTop, stackOf, topView } from '../views/modals.ts';
import { viewObject } from '../views/view-object.ts';
import type { Upload } from '../workspace/messages.ts';
import { type ChoiceGroup, offeredChoices } from './choices.ts';
import { bestMatch, controlsOf, isField } from './controls.ts';
import { readableValue } from './describe.ts';
import { givenFiles } from './given-files.ts';
import { interactionBase, sendInteraction } from './interaction.ts';
import { textOf } from './readable.ts';
import { submitView } from './submit-view.ts';
import { enterValue, isExternal } from './surface.ts';
import { SurfaceDriver } from './surface-driver.ts';
import { viewSurface } from './view-surface.ts';

/** A field of a modal as a person sees it. */
export interface Field {
  label: string;
  type: string;
  /** The value as read on the screen; choices by their text. */
  value: string;
  /** The value as sent to the app. */
  raw: StateValue | undefined;
  /** The choices that it has without asking the app; empty for external selects and typed fields. */
  options: ChoiceGroup[];
  hint: string;
  error?: string | undefined;
  optional: boolean;
}

/** The result of a submission. */
export interface Submitted {
  /** Errors by label: Slack's own, or the app's. */
  errors?: Record<string, string>;
  /** Shown above the form if the app did not answer properly. */
  banner?: string;
  /** Whether no view is left open. */
  closed: boolean;
}

/** A person's modal: always the view currently on top. */
export class ModalDriver extends SurfaceDriver {
  readonly #core: Core;
  readonly #userId: string;

  constructor(core: Core, userId: string) {
    super(viewSurface(core, userId, () => this.#top()));
    this.#core = core;
    this.#userId = userId;
  }

  get isOpen(): boolean {
    return topView(this.#core, this.#userId) !== undefined;
  }

  get title(): string {
    return textOf(this.#top().view.title);
  }

  get submitLabel(): string | undefined {
    const { submit } = this.#top().view;
    return submit && textOf(submit);
  }

  /** The text above the form if Slack could not use the app's answer. */
  get banner(): string | undefined {
    return this.#top().banner;
  }

  /** Number of stacked views. */
  get depth(): number {
    return stackOf(this.#core, this.#userId).length;
  }

  /** The view as in payloads. */
  get raw(): JsonObject {
    return viewObject(this.#core, this.#top());
  }

  /** Every field, top to bottom. */
  fields(): Field[] {
    const { view, values, errors } = this.#top();
    return controlsOf(view.blocks)
      .filter(isField)
      .map(({ label, block, element }) => {
        const raw = values[block.block_id]?.[element.action_id];
        return {
          label,
          type: element.type,
          value: readableValue(raw),
          raw,
          options: isExternal(element) ? [] : offeredChoices(this.#core, this.#userId, element),
          hint: textOf(block.hint),
          error: errors[block.block_id],
          optional: block.type !== 'input' || block.optional === true,
        };
      });
  }

  /** Finds one field by its label. */
  field(label: string): Field {
    const field = bestMatch(this.fields(), (candidate) => candidate.label, label);
    if (!field) throw new Error(`There is no field "${label}" here:\n${this.describe()}`);
    return field;
  }

  /** The errors at the fields, by label. */
  errors(): Record<string, string> {
    const { view, errors } = this.#top();
    return Object.fromEntries(
      view.blocks.flatMap((block) => {
        const error = errors[block.block_id];
        return error ? [[textOf(block.label), error]] : [];
      }),
    );
  }

  /** Puts files into a file field. */
  async upload(label: string, files: Upload[]): Promise<void> {
    const block = this.#top().view.blocks.find(
      (candidate) => candidate.element?.type === 'file_input' && textOf(candidate.label).startsWith(label),
    );
    if (!block?.element) throw new Error(`There is no file field "${label}" here:\n${this.describe()}`);
    await enterValue(
      this.surface,
      block,
      block.element,
      givenFiles(this.#core, this.#userId, block.element, { uploads: files }),
    );
  }

  /** Presses the submit button; resolves after the app's answer was applied. */
  async submit(): Promise<Submitted> {
    const record = this.#top();
    const inputs = record.view.blocks.some((block) => block.type === 'input');
    if (!record.view.submit && !inputs) throw new Error(`This modal has no submit button:\n${this.describe()}`);
    await submitView(this.#core, record);
    const after = topView(this.#core, this.#userId);
    const errors = after ? this.errors() : {};
    return {
      closed: after === undefined,
      ...(Object.keys(errors).length > 0 ? { errors } : {}),
      ...(after?.banner ? { banner: after.banner } : {}),
    };
  }

  /** Presses the close button: the view below shows again, if there is one. */
  async close(): Promise<void> {
    const record = this.#top();
    const cleared = record.view.clear_on_close;
    const closed = cleared ? stackOf(this.#core, this.#userId) : [record];
    await this.#closed(closed, cleared, () =>
      cleared ? closeAll(this.#core, this.#userId) : closeTop(this.#core, this.#userId),
    );
  }

  /** Presses the X: all views close. */
  async closeAll(): Promise<void> {
    const open = stackOf(this.#core, this.#userId);
    await this.#closed(open, true, () => closeAll(this.#core, this.#userId));
  }

  async #closed(views: ViewRecord[], isCleared: boolean, close: () => void): Promise<void> {
    const bodies = views
      .filter((record) => record.view.notify_on_close)
      .map((record) => ({
        name: `view_closed ${record.view.callback_id}`,
        body: {
          ...interactionBase(this.#core, this.#userId, 'view_closed'),
          view: viewObject(this.#core, record),
          is_cleared: isCleared,
        },
      }));
    close();
    for (const { name, body } of bodies.reverse()) {
      await sendInteraction(this.#core, this.#userId, body, { name });
    }
  }

  #top(): ViewRecord {
    const top = topView(this.#core, this.#userId);
    if (!top) {
      const notices = this.#core.state.notices[this.#userId] ?? [];
      throw new Error(`No modal is open${notices.length > 0 ? `; Slack said: ${notices.join('; ')}` : ''}`);
    }
    return top;
  }
}
