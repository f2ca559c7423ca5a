import type { JsonObject } from '../../json.ts';
import { safeUrl } from '../text/safe-url.ts';

/** An image by its URL, or one that the app has uploaded. */
export function ImageElement({ image, large = false }: { image: object; large?: boolean }) {
  const { image_url: url, slack_file: file, alt_text: alt } = image as JsonObject;
  const source = typeof url === 'string' ? safeUrl(url) : uploaded(file);
  if (!source) return <span class="quiet">{String(alt ?? '')}</span>;
  return <img class={large ? 'image is-large' : 'image'} src={source} alt={String(alt ?? '')} loading="lazy" />;
}

/** The path at which the sandbox serves an uploaded file. */
function uploaded(file: unknown): string | undefined {
  const id = (file as JsonObject | undefined)?.id;
  return typeof id === 'string' ? `/sandbox/files/${encodeURIComponent(id)}/picture` : undefined;
}
