// Words that are not spelled as the standard has it: see searchkit/analysis/spelling.py.

/** @typedef {import("./lexicon.js").Lexicon} Lexicon */

const SHORTEST = 5;
const CLITICS = ["nya", "lah", "kah", "pun", "ku", "mu"];
const OLD = [["tj", "c"], ["dj", "j"], ["nj", "ny"], ["sj", "sy"]];
const OLD_LETTERS = /tj|dj|sj|ch|oe/;
const NASAL = /^(?:m|n|ny|ngg?)[aeiou]/;
const MUCH_RARER = 1.5;
const RARER = 0.3;

/** @typedef {{ word: string, doubtful: boolean }} Spelling */

/** The standard spelling of a folded word, and whether the word may be a name instead. @param {Lexicon} lexicon @param {string} word @returns {Spelling} */
export function standard(lexicon, word) {
  const { spellings } = lexicon;
  const spelled = spellings.get(word);
  if (spelled !== undefined) return sure(spelled);
  const clitic = CLITICS.find((ending) => word.endsWith(ending));
  if (clitic) {
    const listed = spellings.get(word.slice(0, -clitic.length));
    if (listed !== undefined) return sure(listed + clitic);
  }
  const isName = lexicon.names.has(word) || lexicon.shortWords.has(word);
  if (lexicon.roots.has(word) || lexicon.derivations.has(word) || isName) return sure(word);
  const isWord = lexicon.isWord.bind(lexicon);
  const verb = everyday(lexicon, word).find(isWord);
  return verb ? { word: verb, doubtful: true } : sure(modern(lexicon, word).find(isWord) ?? word);
}

/** @param {string} word @returns {Spelling} */
const sure = (word) => ({ word, doubtful: false });

/** @param {Lexicon} lexicon @param {string} word @returns {string[]} */
function everyday(lexicon, word) {
  const found = [];
  if (NASAL.test(word)) {
    const rarer = /^n[gy]/.test(word) ? MUCH_RARER : RARER;
    if (lexicon.zipf(`me${word}`) > lexicon.zipf(word) - rarer) found.push(`me${word}`);
  }
  if (!word.endsWith("in")) return found;
  const cut = word.slice(0, -2);
  const stripped = lexicon.spellings.get(cut) ?? cut;
  const known = stripped.length > 3 && lexicon.roots.has(stripped);
  if (known && lexicon.zipf(stripped) > lexicon.zipf(word)) found.push(`${stripped}kan`, `${stripped}i`);
  return found;
}

/** @param {Lexicon} lexicon @param {string} word @returns {string[]} */
function modern(lexicon, word) {
  if (word.length < SHORTEST || !OLD_LETTERS.test(word)) return [];
  const found = [];
  for (const [consonants, vowels] of [[true, true], [true, false], [false, true], [false, false]]) {
    let spelled = word;
    if (consonants) {
      for (const [old, now] of OLD) spelled = spelled.replaceAll(old, now.replaceAll("j", "\0"));
      spelled = spelled.replaceAll("ch", "kh").replaceAll("j", "y").replaceAll("\0", "j");
    }
    if (vowels) spelled = spelled.replaceAll("oe", "u");
    if (spelled !== word && lexicon.zipf(spelled) > lexicon.zipf(word) - MUCH_RARER) found.push(spelled);
  }
  return found;
}
