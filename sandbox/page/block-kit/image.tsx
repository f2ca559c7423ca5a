import type { JsonObject } from '../../json.ts';
import { safeUrl } from '../text/safe-url.ts';

/** An image of an app, by its URL. */
export function ImageElement({ image, large = false }: { image: object; large?: boolean }) {
  const { image_url: url, alt_text: alt } = image as JsonObject;
  const source = typeof url === 'string' ? safeUrl(url) : undefined;
  if (!source) return <span class="quiet">{String(alt ?? '')}</span>;
  return <img class={large ? 'image is-large' : 'image'} src={source} alt={String(alt ?? '')} loading="lazy" />;
}
