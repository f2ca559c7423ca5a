/** A text as Postgres has a place for it: without U+0000, and with U+FFFD for halves of surrogate pairs. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd');
}
