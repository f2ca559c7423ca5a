import type { BlockElement } from '../block-kit/types.ts';
import type { DeliveryOutcome } from '../delivery/deliverer.ts';
import type { JsonObject } from '../json.ts';
import { waitUntil } from '../traffic.ts';
import { type Choice, type ChoiceGroup, describeChoices } from './choices.ts';
import { chosenValue, clearedValue, typedValue } from './chosen-value.ts';
import { bestMatch, type Control, controlsOf, isField } from './controls.ts';
import { readableTexts } from './readable.ts';
import { choicesFor, enterValue, isExternal, menuItem, type Surface, sendBlockAction } from './surface.ts';

export interface ClickOptions {
  /** Text of the row that has the button. */
  near?: string;
  /** How to answer a confirmation dialog, if there is one; `true` by default. */
  confirm?: boolean;
}

/** Selects one of several fields with the same label. */
export interface FieldOptions {
  /** Text of the section above it. */
  under?: string;
}

/** A person's actions on the blocks of a modal or message. Waits a short time for elements to appear, then throws. */
export class SurfaceDriver {
  protected readonly surface: Surface;

  constructor(surface: Surface) {
    this.surface = surface;
  }

  /** All readable texts, line by line; buttons in brackets. */
  texts(): string[] {
    return readableTexts(this.surface.blocks());
  }

  /** The texts of all buttons. */
  buttons(): string[] {
    return this.#controls()
      .filter((control) => control.element.type === 'button')
      .map((control) => control.label);
  }

  /** Describes the surface as text, for the message of a failing test. */
  describe(): string {
    return this.surface.describe();
  }

  /** Types into a text, number, e-mail, URL or rich text field, or picks a date or time. */
  async fill(label: string, value: string | number | Date, options: FieldOptions = {}): Promise<void> {
    const control = await this.#field(label, options);
    await this.#enter(control, typedValue(control.element, value));
  }

  /** The choices of a select after typing into it. */
  async options(label: string, typed = ''): Promise<ChoiceGroup[]> {
    const { block, element } = await this.#field(label);
    return choicesFor(this.surface, block, element, typed);
  }

  /**
   * Chooses by the text that the person reads: an option, a person's name, a channel's name. In a multi-select or checkboxes
   * the given choices replace the earlier ones. Into an external select, `typed` is typed first (by default the option's text).
   */
  async choose(
    label: string,
    wanted: string | string[],
    options: FieldOptions & { group?: string; typed?: string } = {},
  ): Promise<void> {
    const control = await this.#field(label, options);
    const texts = [wanted].flat();
    const choices: Choice[] = [];
    for (const text of texts) choices.push(await this.#choice(control, text, options));
    await this.#enter(control, chosenValue(control.element, choices));
  }

  /** Empties a field. In Slack, a single select and radio buttons cannot be cleared. */
  async clear(label: string): Promise<void> {
    const control = await this.#field(label);
    await this.#enter(control, clearedValue(control.element));
  }

  /** Clicks a button; resolves when the app has acknowledged, or has failed to. */
  async click(text: string, options: ClickOptions = {}): Promise<DeliveryOutcome | undefined> {
    const control = await this.#find(`the button "${text}"${options.near ? ` near "${options.near}"` : ''}`, () => {
      const buttons = this.#controls().filter(
        (candidate) => candidate.element.type === 'button' && candidate.row.includes(options.near ?? ''),
      );
      return bestMatch(buttons, (candidate) => candidate.label, text);
    });
    return this.#act(control, {}, options);
  }

  /** Picks an item of the overflow menu in a row. */
  async menu(row: string, item: string, options: ClickOptions = {}): Promise<DeliveryOutcome | undefined> {
    const control = await this.#find(`a menu near "${row}"`, () => {
      const menus = this.#controls().filter((candidate) => candidate.element.type === 'overflow');
      return bestMatch(menus, (candidate) => candidate.row, row);
    });
    return this.#act(control, { selected_option: menuItem(control.element, item) }, options);
  }

  /** Waits until a text can be read on the surface. */
  async shows(text: string, options: { timeoutMs?: number } = {}): Promise<void> {
    await this.#find(
      `the text "${text}"`,
      () => this.texts().some((line) => line.includes(text)) || undefined,
      options,
    );
  }

  async #act(control: Control, outcome: JsonObject, options: ClickOptions): Promise<DeliveryOutcome | undefined> {
    if (control.element.confirm && options.confirm === false) return undefined;
    return sendBlockAction(this.surface, control.block, control.element, outcome);
  }

  async #enter(control: Control, value: JsonObject & { type: string }): Promise<void> {
    await enterValue(this.surface, control.block, control.element, value);
  }

  async #choice(control: Control, text: string, options: { group?: string; typed?: string }): Promise<Choice> {
    const { block, element } = control;
    const typed = isExternal(element) ? (options.typed ?? text) : '';
    const groups = await choicesFor(this.surface, block, element, typed);
    const inGroup = groups.filter((group) => options.group === undefined || group.label === options.group);
    const wanted = this.#isChannelSelect(element) ? text.replace(/^#/, '') : text;
    const choices = inGroup.flatMap((group) => group.options);
    const choice =
      choices.find((candidate) => candidate.value === wanted) ??
      bestMatch(choices, (candidate) => candidate.text, wanted);
    if (choice) return choice;
    const within = options.group === undefined ? '' : ` in the group "${options.group}"`;
    throw new Error(`"${control.label}" offers no "${text}"${within}, but ${describeChoices(groups) || 'nothing'}`);
  }

  #isChannelSelect(element: BlockElement): boolean {
    return /(channels|conversations)_select$/.test(element.type);
  }

  #controls(): Control[] {
    return controlsOf(this.surface.blocks());
  }

  #field(label: string, { under = '' }: FieldOptions = {}): Promise<Control> {
    return this.#find(`a field "${label}"${under && ` under "${under}"`}`, () => {
      const fields = this.#controls().filter((control) => isField(control) && control.heading.includes(under));
      return bestMatch(fields, (control) => control.label, label);
    });
  }

  async #find<T>(what: string, look: () => T | undefined, options: { timeoutMs?: number } = {}): Promise<T> {
    const { core } = this.surface;
    try {
      const timeoutMs = options.timeoutMs ?? core.timings.patienceMs;
      const found = await waitUntil(core.traffic.onChange, look, { timeoutMs, describe: () => what });
      if (found === undefined) throw new Error(what);
      return found;
    } catch (cause) {
      if (cause instanceof Error && cause.message.includes('is ambiguous')) throw cause;
      throw new Error(`There is no ${what.replace(/^(a|the) /, '')} here:\n${this.describe()}`, { cause });
    }
  }
}
