import type { ShownHome } from '../../page-server/protocol.ts';
import { Blocks } from '../block-kit/block.tsx';
import { SurfaceContext } from '../block-kit/surface.ts';
import { useWorkspace } from '../state/context.ts';
import { useSurfaceAt } from '../state/use-surface.ts';
import { AppTabs } from './app-tabs.tsx';

/** The app's home tab. */
export function HomeView() {
  const workspace = useWorkspace();
  const home = workspace.home.value;
  const name = workspace.hello.value?.app.name ?? '';
  return (
    <main class="conversation" aria-label={`${name}, home`}>
      <header class="conversation-header">
        <h1 class="conversation-name">{name}</h1>
      </header>
      <AppTabs current="home" />
      <div class="home">
        {home ? <HomeBlocks key={home.viewId} home={home} /> : <p class="quiet">{name} shows nothing here yet.</p>}
      </div>
    </main>
  );
}

function HomeBlocks({ home }: { home: ShownHome }) {
  const surface = useSurfaceAt({ surface: 'home' }, home.values);
  return (
    <SurfaceContext.Provider value={surface}>
      <Blocks blocks={home.blocks} />
    </SurfaceContext.Provider>
  );
}
