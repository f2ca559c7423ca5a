import { useCallback, useEffect, useState } from 'preact/hooks';
import { ChecklistPane } from '../checklist/checklist-pane.tsx';
import { ConversationView } from '../conversation/conversation-view.tsx';
import { ThreadPane } from '../conversation/thread-pane.tsx';
import { HomeView } from '../home/home-view.tsx';
import { Inspector } from '../inspector/inspector.tsx';
import { ModalStack } from '../modal/modal.tsx';
import { PersonDialog } from '../people/person-dialog.tsx';
import { useWorkspace } from '../state/context.ts';
import { useWorkspaceDirectory } from '../state/use-directory.ts';
import { DirectoryContext } from '../text/directory.ts';
import type { Panels } from './panels.ts';
import { Sidebar } from './sidebar.tsx';
import { ToastList } from './toast-list.tsx';
import { TopBar } from './top-bar.tsx';

/** The whole page. */
export function App({ panels }: { panels: Panels }) {
  const workspace = useWorkspace();
  const [person, setPerson] = useState<string>();
  const directory = useWorkspaceDirectory(useCallback((id: string) => setPerson(id), []));
  const opened = person ? workspace.people.value.get(person) : undefined;
  const leaveSidebar = useCallback(() => {
    panels.sidebar.value = false;
  }, [panels]);
  useTitle();
  useEscape(leaveSidebar);
  return (
    <DirectoryContext.Provider value={directory}>
      <div class={`page ${panels.sidebar.value ? 'has-sidebar' : ''}`}>
        <TopBar panels={panels} />
        {!workspace.connected.value && (
          <div class="offline" role="alert">
            Not connected to the sandbox. Trying again…
          </div>
        )}
        <div class="columns">
          <Sidebar
            onOpenPerson={(id) => {
              leaveSidebar();
              setPerson(id);
            }}
            onLeave={leaveSidebar}
          />
          {/* biome-ignore lint/a11y/noStaticElementInteractions: only a second way to close the sidebar. */}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard has the button in the top bar. */}
          <div class="sidebar-shade" onClick={leaveSidebar} />
          <div class="stage">
            <div class="stage-top">
              <Main />
              <Side panels={panels} />
            </div>
            {panels.inspector.value && (
              <Inspector
                onClose={() => {
                  panels.inspector.value = false;
                }}
              />
            )}
          </div>
        </div>
        <ModalStack />
        {opened && <PersonDialog person={opened} onClose={() => setPerson(undefined)} />}
        <ToastList />
      </div>
    </DirectoryContext.Provider>
  );
}

/** The open conversation, or the app's home tab. */
function Main() {
  const workspace = useWorkspace();
  const conversation = workspace.conversation.value;
  const store = workspace.messages.value;
  const handle = workspace.place.value?.handle;
  if (workspace.place.value?.at === 'home') return <HomeView />;
  if (!conversation || !store) return <main class="conversation" aria-label="Conversation" />;
  return <ConversationView key={`${handle} ${conversation.id}`} conversation={conversation} store={store} />;
}

/** The pane beside the conversation: its thread, or else the checklist. */
function Side({ panels }: { panels: Panels }) {
  const workspace = useWorkspace();
  const conversation = workspace.conversation.value;
  const store = workspace.thread.value;
  const threadTs = workspace.place.value?.thread;
  if (conversation && store && threadTs) {
    return <ThreadPane key={threadTs} conversation={conversation} store={store} threadTs={threadTs} />;
  }
  if (!panels.checklist.value || workspace.wire.checklist.value.length === 0) return null;
  return (
    <ChecklistPane
      onClose={() => {
        panels.checklist.value = false;
      }}
    />
  );
}

/** Calls `leave` on Escape, unless something in front has handled the key. */
function useEscape(leave: () => void) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) leave();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [leave]);
}

function useTitle() {
  const workspace = useWorkspace();
  const conversation = workspace.conversation.value;
  const me = workspace.me.value;
  const where = conversation?.kind === 'channel' ? `#${conversation.name}` : conversation?.name;
  const title = [where, me?.name, workspace.hello.value?.team.name].filter(Boolean).join(' · ');
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);
}
