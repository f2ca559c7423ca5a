import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readableText } from '../../../src/sessions/readable-text.ts';
import { messageText } from '../../../src/slack/message-text/message-text.ts';
import { readContent } from '../../../src/slack/read-message.ts';

const names = new Map([
  ['U1', 'Carl <Client>'],
  ['C1', 'general'],
  ['S1', 'support'],
]);
const read = (message: Parameters<typeof messageText>[0]) => readableText(messageText(message), (id) => names.get(id));

test.each([
  ['*Overdue* since _Monday_, ~not Tuesday~', 'Overdue since Monday, not Tuesday'],
  ['*_both_* and `*code*` and ```\nlet a = "*b*";\n```', 'both and *code* and let a = "*b*";'],
  ['2 * 3 * 4, snake_case_name, 5*6*7, a ~ b', '2 * 3 * 4, snake_case_name, 5*6*7, a ~ b'],
  ['*<@U1>*: see <#C1> and <https://a.example/_x_?a=1&amp;b=2|the *page*>', null],
  ['Hello :wave::skin-tone-3: :man-shrugging: :flag-de: :acme_logo:', 'Hello 👋🏼 🤷‍♂️ 🇩🇪 :acme_logo:'],
  ['At 10:30:45 :+1: :thinking_face:', 'At 10:30:45 👍 🤔'],
  ['Tom &amp; Jerry &lt;3', 'Tom & Jerry <3'],
  ['`:wave:` is typed, :wave: is seen', ':wave: is typed, 👋 is seen'],
  ['\ufffc stays <@U1>', '\ufffc stays @Carl <Client>'],
])('text: %s', (text, expected) => {
  const readable = expected ?? '@Carl <Client>: see #general and the *page* (https://a.example/_x_?a=1&b=2)';
  expect(read({ text })).toBe(readable);
});

const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
const richText = (...elements: object[]) => [{ type: 'rich_text', block_id: 'b', elements }];

test.each<[string, object[], string]>([
  [
    'styles and typed marks',
    richText(
      section(
        { type: 'text', text: 'bold', style: { bold: true } },
        { type: 'text', text: ' and *stars* & <tags> ' },
        { type: 'text', text: 'code()', style: { code: true } },
      ),
    ),
    'bold and *stars* & <tags> code()',
  ],
  [
    'mentions',
    richText(
      section(
        { type: 'user', user_id: 'U1' },
        { type: 'channel', channel_id: 'C1' },
        { type: 'usergroup', usergroup_id: 'S1' },
        { type: 'broadcast', range: 'here' },
        { type: 'user', user_id: 7 },
      ),
    ),
    '@Carl <Client>#general@support@here',
  ],
  [
    'links',
    richText(
      section(
        { type: 'link', url: 'https://a.example/?a=1&b=<2>|3' },
        { type: 'text', text: ' ' },
        { type: 'link', url: 'https://a.example', text: 'our > site' },
        { type: 'text', text: ' ' },
        { type: 'link', url: 'mailto:a@b.example', text: 'a@b.example' },
      ),
    ),
    'https://a.example/?a=1&b=<2>%7C3 our > site (https://a.example) a@b.example',
  ],
  [
    'emoji',
    richText(
      section(
        { type: 'emoji', name: 'wave', unicode: '1f44b-1f3fc', skin_tone: 3 },
        { type: 'emoji', name: 'wave::skin-tone-2' },
        { type: 'emoji', name: 'newer-than-our-table', unicode: '1fae8' },
        { type: 'emoji', name: 'acme_logo' },
      ),
    ),
    '👋🏼👋🏻🫨:acme_logo:',
  ],
  [
    'lists, quotes and code',
    richText(
      section({ type: 'text', text: 'We need:\n' }),
      { type: 'rich_text_list', style: 'bullet', indent: 0, elements: [section({ type: 'text', text: 'a pump' })] },
      { type: 'rich_text_list', style: 'bullet', indent: 1, elements: [section({ type: 'text', text: 'red' })] },
      {
        type: 'rich_text_list',
        style: 'ordered',
        offset: 1,
        elements: [section({ type: 'text', text: 'two' }), section({ type: 'text', text: 'three' })],
      },
      { type: 'rich_text_quote', elements: [{ type: 'text', text: 'said\nbefore' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'a *b*\nc' }] },
    ),
    'We need:\n• a pump\n    ◦ red\n2. two\n3. three\n> said\n> before\na *b*\nc',
  ],
  [
    'dates and colours',
    richText(
      section(
        { type: 'date', timestamp: 1720710212, format: '{date}', fallback: 'July 11' },
        { type: 'date', timestamp: 0, format: '{date}' },
        { type: 'color', value: '#F405B3' },
      ),
    ),
    'July 111970-01-01T00:00:00.000Z#F405B3',
  ],
  [
    'blocks of an app',
    [
      { type: 'header', text: { type: 'plain_text', text: 'Invoice 12 :bell:' } },
      {
        type: 'section',
        text: { type: 'mrkdwn', text: '*Overdue* since Monday' },
        fields: [{ type: 'mrkdwn', text: 'Amount: *120 EUR*' }],
      },
      { type: 'divider' },
      {
        type: 'context',
        elements: [
          { type: 'image', alt_text: 'logo', image_url: 'x' },
          { type: 'mrkdwn', text: 'by <@U1>' },
        ],
      },
      { type: 'markdown', text: '**Pay** [here](https://pay.example)' },
      { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Pay' } }] },
      { type: 'image', alt_text: 'a chart', image_url: 'x' },
      { type: 'table', rows: [[{ type: 'raw_text', text: 'A' }, richText(section({ type: 'text', text: 'B' }))[0]]] },
      { type: 'of_next_year', text: 1 },
    ],
    'Invoice 12 🔔\nOverdue since Monday\nAmount: 120 EUR\nlogo by @Carl <Client>\nPay here (https://pay.example)\na chart\nA | B',
  ],
])('blocks: %s', (_, blocks, expected) => {
  expect(read({ text: '', blocks })).toBe(expected);
});

test('the text names channels that Slack does not show us', () => {
  const blocks = richText(section({ type: 'channel', channel_id: 'C9' }));
  expect(read({ text: '<#C9|partners>', blocks })).toBe('#partners');
});

test('with blocks of an unknown form, the message’s text is used', () => {
  for (const blocks of [[{ type: 'call' }], [null, 3, { type: 'section', text: 'x' }], richText(7 as never)]) {
    expect(read({ text: 'as text', blocks })).toBe('as text');
  }
});

test.each<[string, object, string]>([
  [
    'of an app',
    {
      pretext: 'New',
      title: 'Ticket 7',
      title_link: 'https://t.example/7',
      text: '*urgent*',
      fields: [{ title: 'State', value: 'open' }],
      fallback: 'not read',
    },
    'New\nTicket 7 (https://t.example/7)\nurgent\nState: open',
  ],
  ['of an app, with a fallback alone', { fallback: 'Ticket 7 is <https://t.example|open>' }, null as never],
  ['that previews a link', { from_url: 'https://t.example', title: 'A page', text: 'nobody wrote this' }, ''],
  ['that is forwarded', { is_share: true, author_name: 'A & <B>', text: '*hot*' }, 'A & <B>: hot'],
  ['that is forwarded by an unnamed person', { is_share: true, author_id: 'U1', text: 'x' }, '@Carl <Client>: x'],
])('an attachment %s', (_, attachment, expected) => {
  expect(read({ text: '', attachments: [attachment] })).toBe(expected ?? 'Ticket 7 is open (https://t.example)');
});

test('a forwarded message in itself is read once per level, however deep', () => {
  let attachment: object = { is_share: true, author_name: 'Zero', text: '0' };
  for (let level = 1; level < 20; level += 1) {
    attachment = { is_share: true, author_name: `${level}`, attachments: [attachment] };
  }
  expect(read({ text: 'see', attachments: [attachment] })).toMatch(/^see\n19: 18: .*1: Zero: 0$/);
});

test('the case of a forwarded message', async () => {
  const { text, files } = readContent(
    JSON.parse(await readFile('test/slack/message-text/forwarded-message.json', 'utf8')),
  );
  expect(text).toBe('Site manager: The pump in hall 3 leaks');
  expect(files).toEqual([
    {
      name: 'pump.jpg',
      type: 'image/jpeg',
      size: 12345,
      link: 'https://example.slack.com/files/U0BBBBBBBB1/F0AAAAAAAA1/pump.jpg',
    },
  ]);
});
