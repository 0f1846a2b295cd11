// What is known of Indonesian words: the lists of searchkit, as an export writes them.

/**
 * @typedef {object} LexiconData what `searchkit.site.lexicon` writes
 * @property {string} roots words, a blank apart
 * @property {string} frequencies lines of a word and its Zipf frequency, a tab apart
 * @property {string} derivations lines of a word and its root
 * @property {string} names
 * @property {string} spellings lines of a word and its standard spelling
 * @property {string} compounds lines of two words
 * @property {string} compoundForms lines of the two forms of a compound written as one
 * @property {string} functionWords lines of a form and the word
 * @property {string} functionRoots
 * @property {string} questionWords
 * @property {string} shortWords
 * @property {string[]} capitals
 * @property {Record<string, string>} exceptions
 */

export const BOUND_FORMS = ["antar", "anti", "non", "pasca"];
const LEAST_COMMON = 3.5;

export class Lexicon {
  /** @param {LexiconData} data */
  constructor(data) {
    this.roots = words(data.roots);
    this.frequencies = new Map(pairs(data.frequencies).map(([word, zipf]) => [word, Number(zipf)]));
    this.derivations = new Map(pairs(data.derivations));
    /** @type {Map<string, Set<string>>} */
    this.derived = new Map();
    for (const [word, root] of this.derivations) {
      const known = this.derived.get(root);
      if (known) known.add(word);
      else this.derived.set(root, new Set([word]));
    }
    this.names = words(data.names);
    this.spellings = new Map(pairs(data.spellings));
    /** The two words of each compound. */
    this.halves = pairs(data.compounds);
    this.compounds = new Map(this.halves.map((pair) => [pair[0] + pair[1], pair]));
    /** The two forms of compounds written as one. */
    this.compoundForms = pairs(data.compoundForms);
    /** The stop word that each form of one is of: tidak of nggak. */
    this.functionWords = new Map(pairs(data.functionWords));
    this.stopWords = new Set(this.functionWords.keys());
    this.functionRoots = words(data.functionRoots);
    this.questionWords = words(data.questionWords);
    this.shortWords = words(data.shortWords);
    this.capitals = new Set(data.capitals);
    this.exceptions = new Map(Object.entries(data.exceptions));
  }

  /** How common a word is, 0 if it is not in the list. @param {string} word */
  zipf(word) {
    return this.frequencies.get(word) ?? 0;
  }

  /** Whether the lists of words have it. @param {string} word */
  exists(word) {
    return this.frequencies.has(word) || this.derivations.has(word);
  }

  /** The halves of a word that begins with a bound form, or null. @param {string} word */
  boundForm(word) {
    const form = BOUND_FORMS.find((each) => word.startsWith(each));
    if (!form || this.roots.has(word)) return null;
    const rest = word.slice(form.length);
    const known = this.roots.has(rest) || this.derivations.has(rest);
    return known && this.zipf(rest) >= LEAST_COMMON ? [form, rest] : null;
  }

  /** Whether a folded word is a root, or one that the lists know. @param {string} word */
  isWord(word) {
    return this.roots.has(word) || this.exists(word);
  }
}

/** @param {string} text */
const words = (text) => new Set(text ? text.split(" ") : []);

/** @param {string} text @returns {[string, string][]} */
const pairs = (text) =>
  (text ? text.split("\n") : []).map((line) => /** @type {[string, string]} */ (line.split("\t")));
