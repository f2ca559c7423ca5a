import { useWorkspace } from '../state/context.ts';

/** The tabs *Home* and *Messages* of the app, if it has both. */
export function AppTabs({ current }: { current: 'home' | 'messages' }) {
  const workspace = useWorkspace();
  const app = workspace.hello.value?.app;
  if (!app?.homeTab || !app.messagesTab) return null;
  return (
    <nav class="tabs" aria-label={app.name}>
      {(['home', 'messages'] as const).map((tab) => (
        <button
          key={tab}
          type="button"
          class="tab"
          aria-current={tab === current ? 'page' : undefined}
          onClick={() => void workspace.openApp(tab)}
        >
          {tab === 'home' ? 'Home' : 'Messages'}
        </button>
      ))}
    </nav>
  );
}
