import { groupNumbers } from './grouped-numbers.ts';

/** Different words, by their position from 0. */
export interface Vocabulary {
  /** The positions of all words that contain `part`, some perhaps twice, and of a few that don't. */
  candidates(part: string): Uint32Array;
}

/** Indexes words by the letters and pairs of letters in them, so that only few are looked at for a part of one. */
export function createVocabulary(words: readonly string[]): Vocabulary {
  const { numbers, starts, positions } = indexLetters(words);
  const wordsWith = (letters: string) => {
    const number = numbers.get(letters);
    return number === undefined ? positions.subarray(0, 0) : positions.subarray(starts[number], starts[number + 1]);
  };
  return {
    candidates(part) {
      if (part.length <= 2) return wordsWith(part);
      let fewest = wordsWith(part.slice(0, 2));
      for (let at = 1; at < part.length - 1; at += 1) {
        const found = wordsWith(part.slice(at, at + 2));
        if (found.length < fewest.length) fewest = found;
      }
      return fewest;
    },
  };
}

/** A number for each letter and pair of letters, and the positions of the words that contain it. */
function indexLetters(words: readonly string[]) {
  const numbers = new Map<string, number>();
  const found: number[] = [];
  const positions: number[] = [];
  const add = (letters: string, position: number) => {
    const number = numbers.get(letters) ?? numbers.size;
    if (number === numbers.size) numbers.set(letters, number);
    found.push(number);
    positions.push(position);
  };
  words.forEach((word, position) => {
    for (let at = 0; at < word.length; at += 1) {
      add(word.charAt(at), position);
      if (at > 0) add(word.slice(at - 1, at + 1), position);
    }
  });
  const grouped = groupNumbers(numbers.size, found, positions);
  return { numbers, starts: grouped.starts, positions: grouped.numbers };
}
