import type { Locator, Page } from 'playwright-core';

/** Matches a label with or without a text in brackets after it. */
function labelled(label: string): RegExp {
  return new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?: \\(.*)?$`);
}

/** The sandbox workspace's page, used like a person: only with clicks and keys. */
export class WorkspacePage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Loads the page. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.composer.waitFor();
  }

  /** The text area of the open conversation. */
  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /^Message / });
  }

  /** The messages of the open conversation. */
  get messages(): Locator {
    return this.page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ has: this.page.locator('.message') });
  }

  /** The thread beside the conversation. */
  get thread(): Locator {
    return this.page.getByRole('complementary', { name: 'Thread' });
  }

  /** The modal, or other dialog, on top. */
  get modal(): Locator {
    return this.page.getByRole('dialog');
  }

  /** The notices at the bottom of the page. */
  get notices(): Locator {
    return this.page.locator('.toasts');
  }

  /** Acts as the person, with one click on their name. */
  async actAs(name: string): Promise<void> {
    const button = this.page.getByRole('navigation', { name: 'Acting as' }).getByRole('button', { name });
    await button.click();
    await this.page
      .getByRole('navigation', { name: 'Acting as' })
      .locator('[aria-pressed=true]', { hasText: name })
      .waitFor();
  }

  /** Opens a conversation by its name in the sidebar. */
  async openChannel(name: string): Promise<void> {
    await this.sidebarLink(name).click();
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  sidebarLink(name: string): Locator {
    const links = this.page.getByRole('navigation', { name: 'Workspace' }).getByRole('link');
    return links.filter({ has: this.page.locator(`.sidebar-name:text-is("${name}")`) });
  }

  /** Writes in the open conversation, and waits until the message is shown. */
  async say(text: string): Promise<Locator> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    const message = this.message(text);
    await message.waitFor();
    return message;
  }

  /** The newest message of the open conversation with this text. */
  message(text: string | RegExp): Locator {
    return this.messages.filter({ hasText: text }).last();
  }

  /** Runs a slash command in the open conversation. */
  async command(text: string): Promise<void> {
    await this.composer.fill(`${text} `);
    await this.composer.press('Enter');
  }

  /** Uses one of the app's shortcuts on a message, from its menu. */
  async shortcut(message: Locator, name: string): Promise<void> {
    await this.messageAction(message, name);
  }

  /** Picks an item from a message's "More actions". */
  async messageAction(message: Locator, item: string): Promise<void> {
    await message.hover();
    await message.getByRole('button', { name: 'More actions' }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Waits for a modal with this title. */
  async modalTitled(title: string): Promise<Locator> {
    await this.page.getByRole('dialog', { name: title, exact: true }).waitFor();
    return this.modal;
  }

  /** Types into a field of the modal. */
  async fill(label: string, value: string): Promise<void> {
    await this.modal.getByLabel(labelled(label)).fill(value);
  }

  /** Chooses in a select of the modal, by typing (the option's text, or `typed`) and clicking. */
  async choose(label: string, option: string, { typed = option }: { typed?: string } = {}): Promise<void> {
    const select = this.modal.getByRole('combobox', { name: labelled(label) });
    await select.click();
    await select.fill(typed);
    await this.page.getByRole('option', { name: option }).first().click();
    // Leaves the select, because the list of a multi-select stays open.
    await select.press('Tab');
  }

  /** Clicks a button of the modal. */
  async press(button: string): Promise<void> {
    await this.modal.getByRole('button', { name: button, exact: true }).click();
  }

  /** Picks an item from the "⋯" menu of a row of the modal. */
  async rowAction(row: string, item: string): Promise<void> {
    await this.modal.getByRole('button', { name: `More actions: ${row}` }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Waits until a field of the modal shows an error. */
  async mistake(label: string, text: string | RegExp = /./): Promise<void> {
    const itsLabel = this.page.locator('.field-label', { hasText: labelled(label) });
    const field = this.modal.locator('.block-input').filter({ has: itsLabel });
    await field.getByRole('alert').filter({ hasText: text }).waitFor();
  }

  /** Answers a confirmation. */
  async confirm(button: string): Promise<void> {
    await this.page.getByRole('alertdialog').getByRole('button', { name: button, exact: true }).click();
  }

  /** Closes the modal, and all below it. */
  async closeModal(): Promise<void> {
    const close = this.modal.getByRole('button', { name: /^Close( all)?$/ });
    await close.first().click();
    await this.modal.waitFor({ state: 'detached' });
  }

  /** Closes all modals that a test left open, because they would still be open in the next one. */
  async closeModals(): Promise<void> {
    if (await this.modal.isVisible()) await this.closeModal();
  }

  /** Creates a channel with the "+" of the sidebar. */
  async createChannel(name: string, { kind = 'Public', invite = [] }: { kind?: string; invite?: string[] } = {}) {
    await this.page.getByRole('button', { name: 'Create a channel' }).click();
    await this.fill('Name', name);
    await this.modal.getByRole('radio', { name: kind }).check();
    for (const person of invite) await this.choose('Invite', person);
    await this.press('Create');
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  /** Picks an item from the open channel's menu. */
  async channelAction(item: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Channel actions' }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }
}
