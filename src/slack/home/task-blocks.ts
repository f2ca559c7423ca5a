import type { types } from '@slack/bolt';
import type { ListedTask } from '../../starts/open-tasks.ts';
import { joined, markup, say } from '../block-kit/markup.ts';
import { section } from '../block-kit/text-objects.ts';
import { claimTaskActionId, openTaskActionId, reassignTaskActionId } from '../task-form/task-actions.ts';
import { button } from './home-actions.ts';
import { pager } from './pager.ts';
import type { Page } from './read-home.ts';
import { clientText, type HomeSaying, header, placeLink } from './row-text.ts';

/** *My tasks*: the person's tasks, and those that they can claim. */
export function taskBlocks(saying: HomeSaying, page: Page<ListedTask>, now: Date): types.KnownBlock[] {
  const { words } = saying;
  return [
    header(words('home.tasks')),
    ...(page.rows.length === 0 ? [section(say(words, 'home.noTasks'))] : []),
    ...page.rows.flatMap((task) => rowBlocks(saying, task, now)),
    ...pager(words, 'tasks', page),
  ];
}

function rowBlocks({ words, workspaceUrl }: HomeSaying, task: ListedTask, now: Date): types.KnownBlock[] {
  const { taskKey, name, processName, isOffered, clientUserId, createdAt, dueDate } = task;
  const facts = [
    ...(isOffered ? [words('home.offered')] : []),
    words('home.since', { date: words.dateTime(createdAt) }),
    ...(dueDate ? [words(dueDate < now ? 'home.overdue' : 'home.due', { date: words.dateTime(dueDate) })] : []),
  ];
  const about = [processName, placeLink(task, workspaceUrl), ...clientText(words, clientUserId)];
  return [
    section(joined([markup`*${name}*`, joined(about, ' · '), joined(facts, ' · ')], '\n')),
    {
      type: 'actions',
      elements: [
        ...(isOffered
          ? [{ ...button(claimTaskActionId, words('tasks.claim'), taskKey), style: 'primary' as const }]
          : []),
        button(openTaskActionId, words('home.open'), taskKey),
        ...(isOffered ? [] : [button(reassignTaskActionId, words('tasks.reassign'), taskKey)]),
      ],
    },
  ];
}
