// Words said twice: see searchkit/analysis/reduplication.py.

/** @typedef {import("./lexicon.js").Lexicon} Lexicon */

const SHORTEST = 3;
const BEHIND = /^(?:kan|an|i|in)?(?:nya|ku|mu)?(?:lah|kah|pun)?$/;
const SHORTEST_VARIED = 4;

/** What the end of one word and the start of the next share, if it is a word, or "". @param {Lexicon} lexicon @param {string} first @param {string} second */
export function saidTwice(lexicon, first, second) {
  for (let size = Math.min(first.length, second.length); size >= SHORTEST; size -= 1) {
    const shared = second.slice(0, size);
    if (BEHIND.test(second.slice(size)) && first.endsWith(shared) && lexicon.isWord(shared)) return shared;
  }
  return "";
}

/** The root of a word repeated with another consonant or other vowels, or "". @param {Lexicon} lexicon @param {string} first @param {string} second */
export function variedRoot(lexicon, first, second) {
  const one = Array.from(first);
  const two = Array.from(second);
  if (one.length !== two.length || one.length < SHORTEST_VARIED) return "";
  const rhyming = one.slice(1).join("") === two.slice(1).join("");
  if (!rhyming && first.replace(/[aeiou]/g, "") !== second.replace(/[aeiou]/g, "")) return "";
  let best = "";
  for (const half of [first, second]) {
    if (lexicon.roots.has(half) && (!best || lexicon.zipf(half) > lexicon.zipf(best))) best = half;
  }
  return best;
}
