import type { KnownBlock, ModalView, PlainTextElement, View } from '@slack/types';

const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: true });
const option = (text: string, description?: string) => ({
  text: plain(text),
  value: text.toLowerCase(),
  ...(description ? { description: plain(description) } : {}),
});

const roses = [option('Red'), option('White'), option('Yellow')];
const others = [option('Tulip'), option('Carnation')];
const groups = [
  { label: plain('Roses'), options: roses },
  { label: plain('Other flowers'), options: others },
];

/** An input block whose ids equal its label. */
function input(label: string, element: object, more: object = {}): KnownBlock {
  const block = { type: 'input', block_id: label, label: plain(label), element: { action_id: label, ...element } };
  return { ...block, optional: true, ...more } as KnownBlock;
}

/** A modal with every input of Slack's. */
export const everyInput: ModalView = {
  type: 'modal',
  callback_id: 'every_input',
  title: plain('Every input'),
  submit: plain('Send'),
  close: plain('Cancel'),
  blocks: [
    input(
      'Text',
      { type: 'plain_text_input', placeholder: plain('A line'), max_length: 40 },
      { optional: false, hint: plain('At most 40 characters :tulip:') },
    ),
    input('Lines', { type: 'plain_text_input', multiline: true }),
    input('E-mail', { type: 'email_text_input', placeholder: plain('name@company.example') }),
    input('Link', { type: 'url_text_input' }),
    input('Number', { type: 'number_input', is_decimal_allowed: false, min_value: '1', max_value: '99' }),
    input('Formatted text', { type: 'rich_text_input' }),
    input('Date', { type: 'datepicker', placeholder: plain('When?') }),
    input('Time', { type: 'timepicker' }),
    input('Moment', { type: 'datetimepicker' }),
    input('Flower', { type: 'static_select', option_groups: groups }),
    input('Flowers', { type: 'multi_static_select', option_groups: groups, max_selected_items: 2 }),
    input('Supplier', { type: 'external_select', min_query_length: 0 }),
    input('Suppliers', { type: 'multi_external_select', min_query_length: 1 }),
    input('Person', { type: 'users_select' }),
    input('People', { type: 'multi_users_select' }),
    input('Channel', { type: 'channels_select' }),
    input('Channels', { type: 'multi_channels_select' }),
    input('Conversation', { type: 'conversations_select', filter: { include: ['public', 'private'] } }),
    input('Conversations', { type: 'multi_conversations_select' }),
    input('Wrapping', {
      type: 'radio_buttons',
      options: [option('Paper', 'Brown and plain'), option('Foil', 'It glitters')],
    }),
    input('Extras', {
      type: 'checkboxes',
      options: [
        {
          text: { type: 'mrkdwn', text: 'A *card*' },
          value: 'card',
          description: { type: 'mrkdwn', text: 'With _your_ words' },
        },
        option('Vase'),
      ],
    }),
    input('Files', { type: 'file_input', max_files: 2, filetypes: ['txt', 'pdf'] }),
  ],
};

const confirm = {
  title: plain('Order flowers?'),
  text: plain('They cannot be given back.'),
  confirm: plain('Order'),
  deny: plain('Not yet'),
};

/** Every block of a message, with every element in its possible places; `picture` is the URL of an image. */
export const everyBlock = (picture: string): KnownBlock[] => [
  { type: 'header', text: plain('Flowers of the week :tulip:') },
  {
    type: 'section',
    text: {
      type: 'mrkdwn',
      text: [
        '*Bold*, _italic_, ~struck~, `code`, *_both_*, :rose: and <https://flowers.example/a?b=1&amp;c=2|a link>',
        '> A quotation with <@U0OLEG00001>',
        '• in <#GENERAL>, for <!here>, on <!date^1772271000^{date_long} at {time}|28 February>',
        '```const flower = "rose";\nif (a &lt; b &amp;&amp; c) water(flower);```',
      ].join('\n'),
    },
  },
  {
    type: 'section',
    fields: ['*Kind*\nRose', '*Colour*\nRed', '*Stock*\n42', '*Price*\n€ 3.50'].map((text) => ({
      type: 'mrkdwn',
      text,
    })),
  },
  {
    type: 'section',
    block_id: 'pictured',
    text: { type: 'mrkdwn', text: 'A section with a picture beside it' },
    accessory: { type: 'image', image_url: picture, alt_text: 'A flower' },
  },
  {
    type: 'section',
    block_id: 'menu',
    text: { type: 'mrkdwn', text: 'A section with a menu' },
    accessory: { type: 'overflow', action_id: 'menu', options: [option('Water'), option('Repot')] },
  },
  {
    type: 'section',
    block_id: 'buttoned',
    text: { type: 'mrkdwn', text: 'A section with a button that asks first' },
    accessory: { type: 'button', action_id: 'order', text: plain('Order'), style: 'danger', value: 'all', confirm },
  },
  { type: 'divider' },
  {
    type: 'actions',
    block_id: 'row',
    elements: [
      { type: 'button', action_id: 'yes', text: plain('Accept'), style: 'primary', value: 'yes' },
      { type: 'button', action_id: 'no', text: plain('Decline'), style: 'danger', value: 'no' },
      { type: 'button', action_id: 'site', text: plain('Web site'), url: 'https://flowers.example' },
      { type: 'static_select', action_id: 'colour', placeholder: plain('Colour'), options: roses },
      { type: 'datepicker', action_id: 'day', initial_date: '2026-02-28' },
      { type: 'timepicker', action_id: 'hour', initial_time: '09:30' },
      { type: 'users_select', action_id: 'who', placeholder: plain('Who?') },
      { type: 'checkboxes', action_id: 'extras', options: [option('Vase'), option('Card')] },
      { type: 'radio_buttons', action_id: 'wrap', options: [option('Paper'), option('Foil')] },
      { type: 'overflow', action_id: 'further', options: [option('Archive'), option('Forget')] },
    ],
  },
  {
    type: 'context',
    elements: [
      { type: 'image', image_url: picture, alt_text: 'A flower' },
      { type: 'mrkdwn', text: 'From the *garden* of <@U0ANNA00001>' },
      plain('Watered today'),
    ],
  },
  { type: 'image', image_url: picture, alt_text: 'A yellow flower on red', title: plain('The picture of the week') },
  {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'Rich text with ' },
          { type: 'text', text: 'bold', style: { bold: true } },
          { type: 'text', text: ', ' },
          { type: 'user', user_id: 'U0OLGA00001' },
          { type: 'text', text: ' ' },
          { type: 'emoji', name: 'sunflower' },
          { type: 'text', text: ' ' },
          { type: 'link', url: 'https://flowers.example', text: 'a link' },
        ],
      },
      {
        type: 'rich_text_list',
        style: 'ordered',
        elements: ['Cut', 'Water'].map((text) => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] })),
      },
      { type: 'rich_text_quote', elements: [{ type: 'text', text: 'A rose is a rose' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'water(flower);' }] },
    ],
  },
  { type: 'markdown', text: '## Markdown\n\n**Bold**, a [link](https://flowers.example) and\n\n1. one\n2. two\n' },
];

/** The same on a Home tab, without the markdown block, which is not allowed there. */
export const homeOfEverything = (picture: string): View => ({
  type: 'home',
  blocks: everyBlock(picture).filter(({ type }) => type !== 'markdown'),
});
