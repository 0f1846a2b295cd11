// What short and long forms are looked up by: see searchkit/query/keys.py.

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
    const halves = lexicon.halves.some(([first, second]) => word.startsWith(second) && before.endsWith(first));
    if (halves || (before && lexicon.boundForm(before + word))) {
      found[found.length - 1] = before + word;
    } else found.push(word);
  }
  return found.join(" ");
}

/** The first two words of a key; "" when it has only one. @param {string} key */
export function openingOf(key) {
  const words = key.split(" ");
  return words.length > 1 ? `${words[0]} ${words[1]}` : "";
}
