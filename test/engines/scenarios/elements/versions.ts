import * as b from '../../diagram-builder.ts';
import { elementScenarios } from '../element-scenarios.ts';

const one = (task: string) => [b.start(), b.userTask(task), b.end(), b.flow(`start -> ${task} -> end`)];
const calling = (processId: string, called: Record<string, string>) => [
  b.start(),
  b.userTask('before'),
  b.call('call', processId, { called }),
  b.end(),
  b.flow('start -> before -> call -> end'),
];

export const versions = elementScenarios('versions', [
  {
    title: 'what runs stays on its version, and a start takes the newest',
    process: [b.start(), b.userTask('ask'), b.userTask('old'), b.flow('start -> ask -> old')],
    deployments: { changed: { '': [b.start(), b.userTask('ask'), b.userTask('new'), b.flow('start -> ask -> new')] } },
    steps: [
      { start: {} },
      { expect: { tasks: ['ask'] } },
      { deploy: 'changed' },
      { completeTask: 'ask' },
      { expect: { tasks: ['old'] } },
      { start: {} },
      { completeTask: 'ask' },
      { expect: { tasks: ['new'] } },
    ],
  },
  {
    title: 'a call activity takes the newest version there is when it is entered',
    process: calling('versions-latest', {}),
    others: { 'versions-latest': one('old') },
    deployments: { changed: { 'versions-latest': one('new') } },
    steps: [
      { start: {} },
      { expect: { tasks: ['before'] } },
      { deploy: 'changed' },
      { completeTask: 'before' },
      { expect: { tasks: ['new'] } },
    ],
  },
  {
    title: 'a call activity that is bound to its deployment takes the version that came with it',
    process: calling('versions-together', { bindingType: 'deployment' }),
    others: { 'versions-together': one('old') },
    deployments: { changed: { 'versions-together': one('new') } },
    steps: [
      { start: {} },
      { expect: { tasks: ['before'] } },
      { deploy: 'changed' },
      { completeTask: 'before' },
      { expect: { tasks: ['old'] } },
    ],
  },
  {
    title: 'a call activity that is bound to a version tag takes the newest version of the tag',
    process: calling('versions-tagged', { bindingType: 'versionTag', versionTag: 'stable' }),
    others: { 'versions-tagged': { content: one('first'), versionTag: 'stable' } },
    deployments: {
      next: { 'versions-tagged': { content: one('second'), versionTag: 'next' } },
      stable: { 'versions-tagged': { content: one('third'), versionTag: 'stable' } },
    },
    steps: [
      { start: {} },
      { deploy: 'next' },
      { completeTask: 'before' },
      { expect: { tasks: ['first'] } },
      { deploy: 'stable' },
      { start: {} },
      { completeTask: 'before' },
      { expect: { tasks: ['third'] } },
    ],
  },
  {
    title: 'a version tag that no version has is an incident until one has it',
    process: calling('versions-untagged', { bindingType: 'versionTag', versionTag: 'v2' }),
    others: { 'versions-untagged': { content: one('work'), versionTag: 'v1' } },
    deployments: { tagged: { 'versions-untagged': { content: one('work'), versionTag: 'v2' } } },
    steps: [
      { start: {} },
      { completeTask: 'before' },
      { expect: { incidents: [{ element: 'call', type: 'CALLED_ELEMENT_ERROR' }] } },
      { deploy: 'tagged' },
      { resolve: 'call' },
      { expect: { tasks: ['work'], incidents: [] } },
    ],
  },
  {
    title: 'a new version takes over its process’s start events',
    process: [b.start(), b.end(), b.flow('start -> end')],
    others: { 'versions-started': [b.startOn('start', b.signalDefinition('versions-go')), ...one('old').slice(1)] },
    deployments: {
      changed: { 'versions-started': [b.startOn('start', b.signalDefinition('versions-go')), ...one('new').slice(1)] },
    },
    steps: [
      { deploy: 'changed' },
      { broadcast: 'versions-go' },
      { started: 'instance', process: 'versions-started' },
      { expect: { tasks: ['new'] } },
    ],
  },
]);
