// What short and long forms are looked up by: see searchkit/query/keys.py.

import { BOUND_FORMS } from "../analysis/lexicon.js";

/** @typedef {import("../analysis/lexicon.js").Lexicon} Lexicon */

/** The key of folded words, and the one without the stop words inside if that is another. @param {Lexicon} lexicon @param {string[]} words */
export function keysOf(lexicon, words) {
  const inside = words.slice(1, -1).filter((word) => !lexicon.stopWords.has(word));
  const keys = [joined(lexicon, words)];
  if (inside.length < words.length - 2) keys.push(joined(lexicon, [words[0], ...inside, words[words.length - 1]]));
  return keys;
}

/** The key of folded words: hyphens part them, compounds are one. @param {Lexicon} lexicon @param {string[]} words */
export function joined(lexicon, words) {
  /** @type {string[]} */
  const found = [];
  for (const word of words.join(" ").replaceAll("-", " ").split(" ")) {
    const before = found[found.length - 1] ?? "";
    if (BOUND_FORMS.includes(before) || isCompound(lexicon, before, word)) found[found.length - 1] = before + word;
    else found.push(word);
  }
  return found.join(" ");
}

/** Whether two folded words are the halves of a compound, with affixes or without. @param {Lexicon} lexicon @param {string} first @param {string} second */
export function isCompound(lexicon, first, second) {
  return lexicon.halves.some(([start, end]) => second.startsWith(end) && first.endsWith(start));
}

/** The first two words of a key; "" when it has only one. @param {string} key */
export function openingOf(key) {
  const words = key.split(" ");
  return words.length > 1 ? `${words[0]} ${words[1]}` : "";
}
