import { groupNumbers } from './grouped-numbers.ts';
import { createVocabulary } from './vocabulary.ts';

/** The texts of an entry in which a search looks for words, as searchText() writes them. */
export interface SearchedTexts {
  name: string;
  scope: string;
  description: string;
}

/** Finds the entries that contain given words, without looking at the texts of each. */
export interface SearchIndex {
  /**
   * The relevance of each entry for a query's words (at least one, see searchWords()), in the order of the entries; 0 if a word
   * is in none of its texts. The array is valid until the next call.
   */
  relevances(words: readonly string[]): Uint32Array;
}

const fields = ['name', 'scope', 'description'] as const;

/** The relevance of one word of a query by how it matches, for each of {@link fields}. An entry's best match counts. */
const rates = { whole: [9, 4, 3], beginning: [8, 4, 3], inside: [5, 2, 1] } as const;
/** Added if the name begins with the whole query. */
const beginsName = 10;

export function createSearchIndex(entries: readonly SearchedTexts[]): SearchIndex {
  const { words, starts, places } = indexWords(entries);
  const names = entries.map(({ name }) => name);
  const vocabulary = createVocabulary(words);
  const ofWord = new Uint8Array(entries.length);
  const sums = new Uint32Array(entries.length);

  /** Fills `ofWord` with the relevance of each entry for one word. */
  const rateWord = (wanted: string) => {
    ofWord.fill(0);
    for (const number of vocabulary.candidates(wanted)) {
      const word = words[number] ?? '';
      const at = word.indexOf(wanted);
      if (at < 0) continue;
      const rateOf = rates[at > 0 ? 'inside' : word.length > wanted.length ? 'beginning' : 'whole'];
      const end = starts[number + 1] ?? 0;
      for (let next = starts[number] ?? 0; next < end; next += 1) {
        const place = places[next] ?? 0;
        const rate = rateOf[place & 3] ?? 0;
        if (rate > (ofWord[place >>> 2] ?? 0)) ofWord[place >>> 2] = rate;
      }
    }
  };
  return {
    relevances(wanted) {
      sums.fill(0);
      wanted.forEach((word, nth) => {
        rateWord(word);
        for (let index = 0; index < sums.length; index += 1) {
          const rate = ofWord[index] ?? 0;
          const sum = sums[index] ?? 0;
          sums[index] = rate === 0 || (sum === 0 && nth > 0) ? 0 : sum + rate;
        }
      });
      const phrase = ` ${wanted.join(' ')}`;
      // A name that begins with the query has each of its words whole but the last, which it has at a beginning.
      const least = rates.whole[0] * (wanted.length - 1) + rates.beginning[0];
      for (let index = 0; index < sums.length; index += 1) {
        const sum = sums[index] ?? 0;
        if (sum >= least && names[index]?.startsWith(phrase)) sums[index] = sum + beginsName;
      }
      return sums;
    },
  };
}

/** The different words of all texts, and the places of each: four times the number of the entry, plus that of the field. */
function indexWords(entries: readonly SearchedTexts[]) {
  const numbers = new Map<string, number>();
  const words: number[] = [];
  const places: number[] = [];
  entries.forEach((entry, index) => {
    fields.forEach((field, which) => {
      for (const word of entry[field].split(' ')) {
        if (word === '') continue;
        const number = numbers.get(word) ?? numbers.size;
        if (number === numbers.size) numbers.set(word, number);
        words.push(number);
        places.push(index * 4 + which);
      }
    });
  });
  const grouped = groupNumbers(numbers.size, words, places);
  return { words: [...numbers.keys()], starts: grouped.starts, places: grouped.numbers };
}
