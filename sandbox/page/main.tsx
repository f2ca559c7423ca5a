import './styles/base.css';
import './styles/layout.css';
import './styles/controls.css';
import './styles/messages.css';
import './styles/block-kit.css';
import './styles/dialogs.css';
import './styles/panes.css';
import { render } from 'preact';
import { App } from './shell/app.tsx';
import { createPanels } from './shell/panels.ts';
import { WorkspaceContext } from './state/context.ts';
import { Workspace } from './state/workspace.ts';

const socketUrl = new URL('/sandbox/socket', location.href);
socketUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const root = document.getElementById('page');
if (!root) throw new Error('index.html has no #page');
render(
  <WorkspaceContext.Provider value={new Workspace(socketUrl.href)}>
    <App panels={createPanels()} />
  </WorkspaceContext.Provider>,
  root,
);
