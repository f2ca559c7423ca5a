import type { Attached } from './use-attached-files.ts';

/** The files attached to the message, each with a button to remove it. */
export function AttachedFiles({ files, onRemove }: { files: Attached[]; onRemove(file: Attached): void }) {
  if (files.length === 0) return null;
  return (
    <ul class="file-list">
      {files.map((file, index) => (
        <li key={`${index} ${file.name}`} class="file-chip">
          <span class="file-name">{file.name}</span>
          {!file.upload && <span class="quiet">Uploading…</span>}
          <button type="button" class="chip-remove" aria-label={`Remove ${file.name}`} onClick={() => onRemove(file)}>
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}
