// Which words of a query are titles and initials beside a name: see searchkit/query/titles.py.

import { APOSTROPHES, fold, HYPHENS } from "../analysis/normalization.js";
import { caseFold, isUpper, strip } from "../analysis/text.js";

/** @typedef {import("../analysis/indonesian.js").IndonesianAnalyzer} IndonesianAnalyzer */
/** By where they stand: before, after, behind. @typedef {Record<string, string[]>} Listed */

const LETTER = "[\\p{L}\\p{Nl}\\p{No}]";
const INITIAL = new RegExp(`^${LETTER}\\.,?$`, "u");
const NAME = new RegExp(`^${LETTER}(?:[${APOSTROPHES}${HYPHENS}]?${LETTER})+$`, "u");

/** The places of titles among words typed side by side. @param {string[]} words @param {Listed} listed @param {IndonesianAnalyzer} analyzer @returns {Set<number>} */
export function titlesAmong(words, listed, analyzer) {
  return new Set(new Titles(words, listed, analyzer).places());
}

class Titles {
  /** @param {string[]} words @param {Listed} listed @param {IndonesianAnalyzer} analyzer */
  constructor(words, listed, analyzer) {
    this.words = words;
    this.keys = words.map((word) => caseFold(strip(word.replaceAll(".", ""), ",")));
    this.listed = listed;
    this.analyzer = analyzer;
  }

  /** @returns {Generator<number>} */
  *places() {
    const { words } = this;
    for (let start = 0; start < words.length; ) {
      let end = start;
      while (end < words.length && this.mayStandBefore(end, end === start)) end += 1;
      if (end > start) {
        if (this.beginsName(start, end)) for (let n = start; n < end; n += 1) yield n;
      } else if (this.isDegree(start) && this.endsName(start)) {
        for (end = start; end < words.length && this.isDegree(end); end += 1) yield end;
      }
      start = Math.max(end, start + 1);
    }
  }

  /** Whether a word may be a title before a name; a letter without a full stop only where nothing stands before it. @param {number} place @param {boolean} first */
  mayStandBefore(place, first) {
    const [word, key] = [this.words[place], this.keys[place]];
    if (INITIAL.test(word)) return true;
    const { before, after } = this.listed;
    if ([...key].length === 1) return before.includes(key) && isUpper(word) && (!first || !place);
    return before.includes(key) || (!first && after.includes(key));
  }

  /** Whether a name begins after titles. @param {number} start @param {number} end */
  beginsName(start, end) {
    if (!this.isName(end)) return false;
    if (this.isCapital(end)) return true;
    // E. coli is written otherwise than a name.
    if (this.isName(end + 1) && !this.isCapital(end - 1)) return true;
    const titles = this.words.slice(start, end);
    return titles.some((word, n) => word.includes(".") && this.listed.before.includes(this.keys[start + n]));
  }

  /** Whether a word is a degree: with its full stops, or after a comma. @param {number} place */
  isDegree(place) {
    if (!this.listed.behind.includes(this.keys[place])) return false;
    return this.words[place].includes(".") || (place > 0 && this.words[place - 1].endsWith(","));
  }

  /** Whether a name ends before a place. @param {number} place */
  endsName(place) {
    return this.isName(place - 1) && (this.isCapital(place - 1) || this.isName(place - 2));
  }

  /** @param {number} place */
  isCapital(place) {
    return isUpper([...this.words[place]][0]);
  }

  /** Whether a word may be part of a name: of letters, no stop word, no form of a root. @param {number} place */
  isName(place) {
    const word = strip(this.words[place] ?? "", ".,");
    if (!NAME.test(word) || this.analyzer.lexicon.stopWords.has(fold(word))) return false;
    return this.analyzer.analyze(word).every(
      ({ term, form }) => term === form || this.analyzer.alternatives(term, form).length > 0,
    );
  }
}
