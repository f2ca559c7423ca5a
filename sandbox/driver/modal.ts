import type { StateValue, StateValues } from '../block-kit/types.ts';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import type { ViewRecord } from '../state.ts';
import { closeAll, closeTop, stackOf, topView } from '../views/modals.ts';
import { newTrigger } from '../views/triggers.ts';
import { viewObject } from '../views/view-object.ts';
import { fileObject } from '../wire/files.ts';
import { addFile, type Upload } from '../workspace/messages.ts';
import { type ChoiceGroup, offeredChoices } from './choices.ts';
import { bestMatch, controlsOf, isField } from './controls.ts';
import { describeBlocks, readableValue } from './describe.ts';
import { interactionBase, sendInteraction } from './interaction.ts';
import { textOf } from './readable.ts';
import { submitView } from './submit-view.ts';
import { isExternal, type Surface, setValue } from './surface.ts';
import { SurfaceDriver } from './surface-driver.ts';

/** A field of a modal as a person sees it. */
export interface Field {
  label: string;
  type: string;
  /** As read on the screen; choices by their text. */
  value: string;
  /** As it goes to the app. */
  raw: StateValue | undefined;
  /** What it offers by itself; empty for external selects and typed fields. */
  options: ChoiceGroup[];
  hint: string;
  error?: string | undefined;
  optional: boolean;
}

/** What became of a submission. */
export interface Submitted {
  /** By label: Slack's own complaints, or the app's. */
  errors?: Record<string, string>;
  /** Shown above the form where the app did not answer properly. */
  banner?: string;
  /** Is no view left open? */
  closed: boolean;
}

function modalSurface(core: Core, userId: string, top: () => ViewRecord): Surface {
  return {
    core,
    userId,
    blocks: () => top().view.blocks,
    values: (): StateValues => top().values,
    errors: () => top().errors,
    payload: (): JsonObject => ({
      container: { type: 'view', view_id: top().id },
      view: viewObject(core, top()),
    }),
    newTrigger: () => newTrigger(core, userId, { viewId: top().id }),
    describe: () => {
      const open = topView(core, userId);
      if (!open) return `(no modal is open; notices: ${(core.state.notices[userId] ?? []).join('; ') || 'none'})`;
      const { view } = open;
      const lines = describeBlocks(view.blocks, open.values, open.errors);
      const buttons = [view.close, view.submit].flatMap((text) => (text ? [`[${textOf(text)}]`] : []));
      return [`== ${textOf(view.title)} ==`, ...(open.banner ? [`! ${open.banner}`] : []), ...lines, ...buttons].join(
        '\n',
      );
    },
  };
}

/** A person's modal: always the view on top, whichever that is by now. */
export class ModalDriver extends SurfaceDriver {
  readonly #core: Core;
  readonly #userId: string;

  constructor(core: Core, userId: string) {
    super(modalSurface(core, userId, () => this.#top()));
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

  /** What is shown above the form when Slack could not use the app's answer. */
  get banner(): string | undefined {
    return this.#top().banner;
  }

  /** How many views are stacked. */
  get depth(): number {
    return stackOf(this.#core, this.#userId).length;
  }

  /** The view as payloads carry it. */
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

  /** One field, by label. */
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
    const { max_files: max = 10, filetypes } = block.element;
    if (files.length > max) throw new Error(`"${label}" takes at most ${max} files`);
    const refused = files.find((file) => filetypes && !filetypes.includes(file.name.split('.').at(-1) ?? ''));
    if (refused) throw new Error(`"${label}" takes only ${filetypes?.join(', ')}, not ${refused.name}`);
    const shown = files.map((file) => {
      const record = this.#core.state.files[addFile(this.#core, this.#userId, file)];
      return record && fileObject(this.#core, record);
    });
    setValue(this.surface, block, block.element, { type: 'file_input', files: shown });
  }

  /** Presses the submit button; resolves when the app's answer was applied. */
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
