import type { JsonObject } from '../../json.ts';
import { Link } from '../text/inline-view.tsx';
import { safeUrl } from '../text/safe-url.ts';

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null && 'text' in value ? String(value.text) : '';
}

/** A video's thumbnail with a link to it; the page plays nothing from other sites. */
export function VideoBlock({ block }: { block: JsonObject }) {
  const url = safeUrl(textOf(block.title_url) || textOf(block.video_url));
  const picture = safeUrl(textOf(block.thumbnail_url));
  const title = textOf(block.title);
  return (
    <figure class="block-image">
      <figcaption>{url ? <Link url={url}>{title}</Link> : title}</figcaption>
      {picture && <img class="image is-large" src={picture} alt={textOf(block.alt_text)} loading="lazy" />}
      <div class="quiet">{textOf(block.description)}</div>
    </figure>
  );
}
