import type { ShownFile } from '../../page-server/protocol.ts';
import { Icon } from '../ui/icon.tsx';
import { FileSize } from './file-size.tsx';

/** The files of a message: images are shown, others can be downloaded. */
export function MessageFiles({ files }: { files: ShownFile[] }) {
  return (
    <ul class="message-files">
      {files.map((file) => (
        <li key={file.id}>
          {/^image\/(png|jpeg|gif|webp)$/.test(file.mimetype) && file.size > 0 ? (
            <a href={file.url} target="_blank" rel="noopener noreferrer" title={file.name}>
              <img class="image is-large" src={file.url} alt={file.name} loading="lazy" />
            </a>
          ) : (
            <a class="file-card" href={file.url} download={file.name}>
              <Icon name="attach" />
              <span>
                <span class="file-name">{file.name}</span>
                <span class="quiet">
                  <FileSize bytes={file.size} />
                </span>
              </span>
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
