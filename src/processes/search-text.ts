/**
 * Normalises text for search: lower case, without accents (ё becomes е), each run of other characters than letters and digits
 * replaced by a space, and a space at both ends, so that `' word'` finds the beginning of a word and `' word '` a whole one.
 */
export function searchText(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return ` ${plain.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `;
}

/** The words of a query, normalised in the same way. */
export function searchWords(query: string): string[] {
  const words = searchText(query).trim();
  return words === '' ? [] : [...new Set(words.split(' '))];
}
