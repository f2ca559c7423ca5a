/**
 * Text made comparable: lower case, without accents (ё becomes е), anything but letters and digits a single space, and a
 * space at either end, so that `' word'` finds the beginning of a word and `' word '` a whole one.
 */
export function searchText(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return ` ${plain.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `;
}

/** The words of a query, made comparable in the same way. */
export function searchWords(query: string): string[] {
  const words = searchText(query).trim();
  return words === '' ? [] : [...new Set(words.split(' '))];
}
