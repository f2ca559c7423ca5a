import { useRef, useState } from 'preact/hooks';
import type { StateValue } from '../../block-kit/types.ts';
import { FileSize } from '../message/file-size.tsx';
import { type FieldProps, fieldAttributes } from './field.ts';
import { heldValue, useSurface } from './surface.ts';

/** Slack's default for `max_files`. */
const defaultMaxFiles = 10;

interface Entered {
  name: string;
  size: number;
  /** Absent until it is uploaded. */
  id?: string;
  error?: string;
}

function heldFiles(value: StateValue | undefined): Entered[] {
  const files = (value?.files ?? []) as { id: string; name: string; size: number }[];
  return files.map(({ id, name, size }) => ({ id, name, size }));
}

/** A file input of a modal. */
export function FileField(props: FieldProps) {
  const { block, element } = props;
  const surface = useSurface();
  const input = useRef<HTMLInputElement>(null);
  const [files, setFiles] = useState<Entered[]>(() => heldFiles(heldValue(surface, props)));
  const all = useRef(files);
  const max = element.max_files ?? defaultMaxFiles;

  const store = async (next: Entered[]) => {
    all.current = next;
    setFiles(next);
    await surface.enter(
      { block, element },
      next.flatMap((file) => (file.id ? [file.id] : [])),
    );
  };
  const add = async (chosen: File[]) => {
    for (const file of chosen.slice(0, max - all.current.length)) {
      const entry: Entered = { name: file.name, size: file.size };
      all.current = [...all.current, entry];
      setFiles(all.current);
      const done = await surface.upload(file).then(
        (id): Entered => ({ ...entry, id }),
        (error: unknown): Entered => ({ ...entry, error: error instanceof Error ? error.message : String(error) }),
      );
      await store(all.current.map((one) => (one === entry ? done : one)));
    }
  };
  return (
    <div class="file-field">
      <ul class="file-list">
        {files.map((file) => (
          <li key={`${file.id ?? ''} ${file.name}`} class="file-chip">
            <span class="file-name">{file.name}</span>
            <span class="quiet">{file.error ?? (file.id ? <FileSize bytes={file.size} /> : 'Uploading…')}</span>
            <button
              type="button"
              class="chip-remove"
              aria-label={`Remove ${file.name}`}
              onClick={() => void store(all.current.filter((one) => one !== file))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      {files.length < max && (
        <>
          <input
            ref={input}
            {...fieldAttributes(props)}
            class="visually-hidden"
            type="file"
            multiple={max > 1}
            accept={element.filetypes?.map((type) => `.${type}`).join(',')}
            onChange={(event) => {
              void add([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
            }}
          />
          <button type="button" class="button" tabIndex={-1} onClick={() => input.current?.click()}>
            {max > 1 ? 'Add files' : 'Add a file'}
          </button>
        </>
      )}
    </div>
  );
}
