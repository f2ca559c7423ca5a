import { useCallback, useState } from 'preact/hooks';
import { useWorkspace } from '../state/context.ts';
import { uploadFile } from '../state/upload.ts';

/** A file attached to the message. */
export interface Attached {
  name: string;
  /** Absent until it is uploaded. */
  upload?: string;
}

/** The files of a message that is being written. They are uploaded as soon as they are attached. */
export function useAttachedFiles() {
  const workspace = useWorkspace();
  const [files, setFiles] = useState<Attached[]>([]);
  const attach = useCallback(
    async (chosen: File[]) => {
      for (const file of chosen) {
        const attached: Attached = { name: file.name };
        setFiles((now) => [...now, attached]);
        const upload = await uploadFile(workspace, file).catch((error: unknown) => {
          workspace.toasts.show(error instanceof Error ? error.message : String(error));
          return undefined;
        });
        setFiles((now) =>
          now.flatMap((one) => (one === attached ? (upload ? [{ name: file.name, upload }] : []) : [one])),
        );
      }
    },
    [workspace],
  );
  return { files, setFiles, attach };
}
