import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Workspace } from './workspace.ts';

export const WorkspaceContext = createContext<Workspace | undefined>(undefined);

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error('Components are shown below a WorkspaceContext only');
  return workspace;
}
