/** The elements of a line of Slack's mrkdwn. Texts are plain: entities are decoded, nothing is HTML. */
export type Inline =
  | { type: 'text'; text: string }
  | { type: 'break' }
  | { type: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'emoji'; name: string }
  | { type: 'link'; url: string; children: Inline[] }
  | { type: 'user'; id: string; label: string | undefined }
  | { type: 'channel'; id: string; label: string | undefined }
  | { type: 'group'; id: string; label: string | undefined }
  | { type: 'broadcast'; range: string }
  | { type: 'date'; seconds: number; format: string; fallback: string };

/** The top-level elements of mrkdwn. */
export type MrkdwnPart =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'quote'; children: MrkdwnPart[] }
  | { type: 'preformatted'; text: string };

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Decodes the only three entities that Slack uses. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity);
}
