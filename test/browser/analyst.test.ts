import { expect, test } from 'vitest';
import { type Words, wordsIn } from '../../src/words/words.ts';
import * as b from '../engines/diagram-builder.ts';
import { takePicture } from './helpers/take-picture.ts';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';

const world = workspaceInBrowser();

/** Both are administrators of the workspace. */
const analysts = [
  ['Anna', 'english', wordsIn({ locale: 'en-US' }), 'session_closed'],
  ['Рита', 'russian', wordsIn({ locale: 'ru-RU' }), 'session_created'],
] as const;

/** A diagram and its form in an analyst's language; the options introduce mistakes. */
function filesOf(language: string, { type = 'live-chat:send-message', text = '="On its way"' } = {}) {
  const id = `return-${language}`;
  const form = { id: `${id}-form`, components: [{ type: 'textfield', key: 'state', label: 'State', id: 'state' }] };
  const diagram = b.process(
    [
      b.start(),
      b.job('ship', { name: 'Ship back', type, inputs: { text } }),
      b.userTask('check', { name: 'Check goods', form: form.id }),
      b.end(),
      b.flow('start -> ship -> check -> end'),
    ],
    { id, name: `Return goods (${language})` },
  );
  return [
    { name: `${id}.bpmn`, mimeType: 'application/xml', buffer: Buffer.from(diagram) },
    { name: `${id}.form`, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(form)) },
  ];
}

test.each(analysts)(
  '%s uploads a process with two mistakes, corrects them, finds it in the search and binds it (%s)',
  { timeout: 180_000 },
  async (person, language, words: Words, event) => {
    const { slack } = world;
    const shoot = (name: string) => takePicture(slack.page, `analyst-${name}-${language}`);
    const upload = async (mistakes?: { type?: string; text?: string }) => {
      await slack.modal.locator('input[type=file]').setInputFiles(filesOf(language, mistakes));
      // Waits, because files are uploaded one after the other.
      await slack.modal.locator('.file-chip', { hasText: '.form', hasNotText: 'Uploading' }).waitFor();
      await slack.press(words('library.addSubmit'));
    };
    await slack.actAs(person);
    await slack.openChannel('general');
    await slack.command('/livechat-config');
    await slack.modalTitled(words('liveChats.title'));
    await slack.press(words('library.title'));
    await slack.modalTitled(words('library.title'));
    await slack.press(words('library.add'));
    await slack.modalTitled(words('library.addTitle'));

    await upload({ type: 'fax', text: '=1 +' });
    await slack.modal.getByText(words('library.mend.expression')).waitFor();
    await slack.modal.getByText('Ship back (ship)').waitFor();
    await shoot('first-mistake');
    await upload({ type: 'fax' });
    await slack.modal.getByText(words('library.mend.jobType')).waitFor();
    await shoot('second-mistake');
    await upload();
    await slack.modal.getByText(`Return goods (${language})`).waitFor();
    await shoot('in-place');
    await slack.page.keyboard.press('Escape');

    const list = await slack.modalTitled(words('library.title'));
    await list.getByText(`Return goods (${language})`).waitFor();
    await shoot('list');
    await slack.press(words('liveChats.title'));
    await slack.modalTitled(words('liveChats.title'));
    await slack.rowAction('Support', words('processes.title'));
    const bound = await slack.modalTitled(words('processes.title'));
    const row = bound
      .locator('.block-section')
      .filter({ hasText: words(`event.${event}`) })
      .first();
    await row.getByRole('button', { name: words('button.select') }).click();
    await slack.modalTitled(words('selectProcess.title'));
    await slack.choose(words('search.label'), `Return goods (${language})`, { typed: `goods (${language}` });
    await shoot('search');
    await slack.press(words('button.select'));
    await slack.modalTitled(words('parameters.title'));
    await slack.press(words('button.save'));
    await slack.modalTitled(words('processes.title'));
    await slack.modal.getByText(`Return goods (${language})`).waitFor();
    await shoot('bound');
    await slack.closeModals();
    expect(await slack.page.locator('.toast').count()).toBe(0);
  },
);
