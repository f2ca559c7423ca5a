import { useMemo } from 'preact/hooks';
import type { Directory } from '../text/directory.ts';
import { useWorkspace } from './context.ts';
import { hashOf, placeOfLink } from './place.ts';

/** The names for texts, as far as the acting person may see them. */
export function useWorkspaceDirectory(openPerson: (id: string) => void): Directory {
  const workspace = useWorkspace();
  const people = workspace.people.value;
  const groups = workspace.userGroups.value;
  const handle = workspace.place.value?.handle ?? '';
  const viewer = workspace.me.value?.id ?? '';
  return useMemo(
    () => ({
      viewer,
      userName: (id) => people.get(id)?.name,
      channelName: (id) => workspace.conversations.peek().get(id)?.name,
      groupHandle: (id) => groups.find((group) => group.id === id)?.handle,
      isInGroup: (id) => groups.find((group) => group.id === id)?.users.includes(viewer) ?? false,
      within: (link) => {
        const place = placeOfLink(link, workspace.hello.peek()?.team.domain ?? '');
        return place && hashOf({ ...place, handle });
      },
      openChannel: (id) => workspace.go({ at: id }),
      openPerson,
    }),
    [workspace, people, groups, handle, viewer, openPerson],
  );
}
