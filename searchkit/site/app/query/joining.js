// Words that are written together, apart, or with a hyphen: see searchkit/query/joining.py.

import { isAlpha, length } from "../analysis/text.js";
import { phraseOf, termOf } from "./lowering.js";

/** @typedef {import("./lowering.js").Term} Term */
/** @typedef {import("./lowering.js").Phrase} Phrase */
/** @typedef {import("../analysis/indonesian.js").IndonesianAnalyzer} IndonesianAnalyzer */

const NUMBERED = /^([\p{L}\p{Nl}\p{No}]+)([0-9]+)$/u;
const SHORTEST = 3;
const LEAST_COMMON = 3.5;

export class Joining {
  /** @param {IndonesianAnalyzer} analyzer @param {string[]} prefixes the longest first */
  constructor(analyzer, prefixes) {
    this.analyzer = analyzer;
    this.lexicon = analyzer.lexicon;
    this.prefixes = prefixes;
  }

  /** Each two words that may be one, with the place of the first. @param {Term[]} terms @returns {[number, Term][]} */
  writtenAsOne(terms) {
    /** @type {[number, Term][]} */
    const found = [];
    terms.slice(1).forEach((second, place) => {
      const sign = this.sign(terms[place], second);
      const whole = sign === null ? [] : this.termsIn(`${terms[place].form}${sign}${second.form}`);
      if (whole.length === 1) found.push([place, whole[0]]);
    });
    return found;
  }

  /** The two words that one may be written in, or null. @param {Term} term @returns {Phrase | null} */
  writtenApart({ term, form }) {
    let parts = (NUMBERED.exec(form) ?? []).slice(1);
    if (!parts.length) {
      const rest = this.lexicon.stopWords.has(form) ? "" : this.behindPrefix(term);
      if (!rest) return null;
      parts = [term.slice(0, -rest.length), rest];
    }
    const words = this.termsIn(parts.join(" "));
    return words.length === parts.length ? phraseOf(words) : null;
  }

  /** What stands between two words where they are one, or null. @param {Term} one @param {Term} other */
  sign(one, other) {
    const { stopWords } = this.lexicon;
    if (/^[0-9]+$/.test(other.form) && /^[\p{L}\p{Nl}\p{No}]+$/u.test(one.form) && !stopWords.has(one.form)) return "-";
    return this.prefixes.includes(one.form) && this.mayFollow(other.form) ? "" : null;
  }

  /** @param {string} word */
  mayFollow(word) {
    return length(word) >= SHORTEST && isAlpha(word) && !this.lexicon.stopWords.has(word);
  }

  /** What follows the prefix of a word, or "". @param {string} word */
  behindPrefix(word) {
    const rests = this.prefixes.filter((prefix) => word.startsWith(prefix)).map((prefix) => word.slice(prefix.length));
    const own = this.lexicon.zipf(word);
    return rests.find((rest) => {
      const zipf = this.mayFollow(rest) ? this.lexicon.zipf(rest) : 0;
      return zipf >= LEAST_COMMON && zipf > own;
    }) ?? "";
  }

  /** @param {string} text @returns {Term[]} */
  termsIn(text) {
    return this.analyzer.analyze(text).map(({ term, form }) => termOf(term, form));
  }
}
