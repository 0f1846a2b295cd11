// Indonesian text to tokens: see searchkit/analysis/indonesian.py, of which this is a translation.

import { host } from "./addresses.js";
import { settle } from "./capitals.js";
import { POSSESSIVES } from "./morphology.js";
import { repaired } from "./mojibake.js";
import { fold, HYPHENS } from "./normalization.js";
import { numberTerms } from "./numbers.js";
import { saidTwice, variedRoot } from "./reduplication.js";
import { Stemmer } from "./stemming.js";
import { first, isAlpha, isDigit, isUpper, length } from "./text.js";
import { rawTokens } from "./tokenizer.js";

/** @typedef {import("./lexicon.js").Lexicon} Lexicon */
/** @typedef {{ term: string, form: string, start: number, end: number }} Piece */
/** @typedef {Piece & { position: number }} Token offsets are into the text, in units of UTF-16 */
/** @typedef {{ pieces: Piece[], name: string }} Reading */

const LONGEST_TERM = 64;
const MEMO_SIZE = 200_000;
const FUNCTION_MARK = "'";
const ANY_HYPHEN = new RegExp(`[${HYPHENS}]`);
const BETWEEN_HYPHENS = new RegExp(`[^${HYPHENS}]+`, "g");
const YEAR = /^(?:19|20)\p{Nd}\p{Nd}$/u;
const LETTERS_OF_CODE = 2;
const TWICE = /^([a-z]{3,})2((?:nya|ku|mu|lah|an|kan|i)?)$/;
const WITH_AFFIX = /^(?:(ke)([0-9]+)|([0-9]+)(an))$/;
const PREFIXES = new Set("di me mem men meng ber ter se ke per pe pem pen peng memper diper".split(" "));
const SUFFIXES = new Set("nya ku mu lah kah tah pun an i kan".split(" "));

export class IndonesianAnalyzer {
  /** @param {Lexicon} lexicon */
  constructor(lexicon) {
    this.lexicon = lexicon;
    this.stemmer = new Stemmer(lexicon);
    /** @type {Map<string, Reading>} */
    this.memo = new Map();
    /** Folded spellings whose tokens have other forms, with these. @type {Map<string, string[]>} */
    this.respelled = new Map([
      ...lexicon.compoundForms.flatMap(([one, other]) => ["", ...POSSESSIVES].map((clitic) =>
        /** @type {[string, string[]]} */ ([one + other + clitic, [one, other + clitic]]))),
      ...[...lexicon.capitals].sort().map((capital) => /** @type {[string, string[]]} */ ([fold(capital), [capital]])),
    ]);
  }

  /** The tokens of a text in order. @param {string} text @returns {Token[]} */
  analyze(text) {
    /** @type {Token[]} */
    const tokens = [];
    /** @type {import("./capitals.js").Doubt[]} */
    const doubts = [];
    for (const { raw, start, kind } of rawTokens(repaired(text))) {
      const { pieces, name } = this.reading(raw, kind);
      if (name) doubts.push({ place: tokens.length, name });
      for (const piece of pieces) {
        tokens.push({
          term: piece.term,
          form: piece.form,
          start: piece.start + start,
          end: piece.end + start,
          position: tokens.length,
        });
      }
    }
    if (doubts.length) settle(text, tokens, doubts);
    return tokens;
  }

  /** The other terms under which a word of this form stands in other contexts. @param {string} term @param {string} form @returns {string[]} */
  alternatives(term, form) {
    if (form.includes("-")) return [];
    const { stem, doubtful } = this.stemmer.verdict(form);
    if (!doubtful || (term !== stem && term !== form)) return [];
    return [...new Set([stem, form])].filter((other) => other !== term);
  }

  /** @param {string} raw @param {string} kind @returns {Reading} */
  reading(raw, kind) {
    const key = `${kind} ${raw}`;
    const known = this.memo.get(key);
    if (known) return known;
    const reading = this.takeApart(raw, kind);
    if (this.memo.size >= MEMO_SIZE) this.memo.clear();
    if (raw.length <= LONGEST_TERM) this.memo.set(key, reading);
    return reading;
  }

  /** @param {string} raw @param {string} kind @returns {Reading} */
  takeApart(raw, kind) {
    if (kind === "address") return whole(raw, host(raw));
    if (kind === "abbreviation") return this.capital(raw, raw.replaceAll(".", ""));
    if (kind === "number" || kind === "sign") {
      return { pieces: number(raw), name: "" };
    }
    if (ANY_HYPHEN.test(raw)) return { pieces: this.hyphenated(raw), name: "" };
    return this.plain(raw);
  }

  /** @param {string} raw @param {number} start @returns {Reading} */
  plain(raw, start = 0) {
    return this.lexicon.capitals.has(raw) ? this.capital(raw, raw, start) : this.word(raw, start);
  }

  /** @param {string} raw @param {string} letters @param {number} start @returns {Reading} */
  capital(raw, letters, start = 0) {
    const form = fold(letters);
    if (!this.lexicon.capitals.has(letters)) return whole(raw, form);
    if (this.lexicon.stopWords.has(form)) {
      return { pieces: [piece(raw, this.functionTerm(form), form, start)], name: letters };
    }
    return { pieces: [piece(raw, letters, letters, start)], name: "" };
  }

  /** @param {string} raw @param {number} start @returns {Reading} */
  word(raw, start) {
    let form = fold(raw);
    if (!form) return { pieces: [], name: "" };
    const affixed = WITH_AFFIX.exec(form);
    if (affixed) {
      const hyphenated = affixed.slice(1).filter(Boolean).join("-");
      return { pieces: [piece(raw, affixed[2] ?? affixed[3], hyphenated, start)], name: "" };
    }
    const twice = form.includes("2") ? TWICE.exec(form) : null;
    if (twice && this.lexicon.isWord(twice[1])) form = twice[1] + twice[2];
    const functionWord = this.lexicon.functionWords.get(form);
    if (functionWord) {
      return { pieces: [piece(raw, this.functionTerm(functionWord), form, start)], name: "" };
    }
    const { stem, doubtful } = this.stemmer.verdict(form);
    const compound = this.compound(raw, form, stem, start);
    if (compound) return { pieces: compound, name: "" };
    const capital = isUpper(String.fromCodePoint(/** @type {number} */ (raw.codePointAt(0))));
    const name = doubtful && capital && !isUpper(raw) ? first(form, LONGEST_TERM) : "";
    return { pieces: [piece(raw, this.term(form), form, start)], name };
  }

  /** The two tokens of a compound written as one. @param {string} raw @param {string} form @param {string} stem @param {number} start */
  compound(raw, form, stem, start) {
    const words = this.lexicon.compounds.get(stem) ?? this.lexicon.boundForm(stem);
    if (!words) return null;
    const characters = Array.from(raw);
    if (characters.length !== length(form)) return null;
    const border = form.lastIndexOf(words[1]);
    if (border <= 0) return null;
    const [one, two] = words.map((word) => this.stemmer.verdict(word).stem);
    const head = characters.slice(0, border).join("");
    return [
      piece(head, one, form.slice(0, border), start),
      piece(raw.slice(head.length), two, form.slice(border), start + head.length),
    ];
  }

  /** @param {string} raw @returns {Piece[]} */
  hyphenated(raw) {
    const form = fold(raw);
    const parts = form.split("-");
    if (parts.some(isDigit)) {
      if (parts[0] === "ke" && (parts.length === 2 || (parts.length === 3 && parts[2] === "nya"))) return [piece(raw, parts[1], form, 0)];
      return this.withCodes(raw);
    }
    const spelled = raw.split(ANY_HYPHEN);
    const place = withoutAffixes(parts, spelled);
    if (place !== null) {
      const acronym = this.lexicon.capitals.has(spelled[place]) ? spelled[place] : "";
      return [piece(raw, acronym || this.term(parts[place]), form, 0)];
    }
    const root = this.reduplicated(parts);
    if (root) return [piece(raw, root, form, 0)];
    return this.each(raw);
  }

  /** The tokens of what hyphens join, each code being one. @param {string} raw @returns {Piece[]} */
  withCodes(raw) {
    /** @type {RegExpExecArray[][]} */
    const runs = [];
    let before = "";
    const parts = [...raw.matchAll(BETWEEN_HYPHENS)];
    for (const part of parts) {
      const form = fold(part[0]);
      const isAffix = SUFFIXES.has(form) && part === parts.at(-1);
      const run = runs.at(-1);
      if (run && (isAffix || isCode(before, form))) run.push(part);
      else runs.push([part]);
      before = form;
    }
    return runs.flatMap((run) => this.code(raw, run));
  }

  /** The token of a code, or those of a single part. @param {string} raw @param {RegExpExecArray[]} run @returns {Piece[]} */
  code(raw, run) {
    if (run.length === 1) return this.part(run[0]);
    const parts = run.map((part) => fold(part[0]));
    const last = run[run.length - 1];
    const kept = SUFFIXES.has(parts[parts.length - 1]) ? parts.slice(0, -1) : parts;
    const term = kept.join("");
    const start = run[0].index;
    const form = kept === parts ? term : parts.join("-");
    return [piece(raw.slice(start, last.index + last[0].length), term, form, start)];
  }

  /** The tokens of all parts between hyphens. @param {string} raw @returns {Piece[]} */
  each(raw) {
    return [...raw.matchAll(BETWEEN_HYPHENS)].flatMap((part) => this.part(part));
  }

  /** @param {RegExpExecArray} part @returns {Piece[]} */
  part(part) {
    return isDigit(part[0]) ? number(part[0], part.index) : this.plain(part[0], part.index).pieces;
  }

  /** The root of a word said twice, or "". @param {string[]} parts */
  reduplicated(parts) {
    if (parts.length === 3 && SUFFIXES.has(parts[2])) parts = [parts[0], parts[1] + parts[2]];
    if (parts.length !== 2) return "";
    const [one, two] = parts;
    const { stem } = this.stemmer.verdict(one);
    if ([two, `me${two}`].some((again) => this.stemmer.verdict(again).stem === stem)) return stem;
    // The end of a root said twice: perlahan-lahan is not of lahan.
    if (stem === one && one.endsWith(two) && this.lexicon.isWord(one)) return stem;
    const inside = saidTwice(this.lexicon, one, two);
    return inside ? this.stemmer.verdict(inside).stem : variedRoot(this.lexicon, one, two);
  }

  /** @param {string} form */
  term(form) {
    const { stem } = this.stemmer.verdict(form);
    return stem === form ? this.functionTerm(form) : stem;
  }

  /** The term of a word by itself: not that of a family of words. @param {string} word */
  functionTerm(word) {
    return this.lexicon.functionRoots.has(word) ? word + FUNCTION_MARK : word;
  }
}

/** @param {string} raw @param {string} term @param {string} form @param {number} start @returns {Piece} */
function piece(raw, term, form, start) {
  return { term: first(term, LONGEST_TERM), form: first(form, LONGEST_TERM), start, end: start + raw.length };
}

/** @param {string} raw @param {number} start @returns {Piece[]} */
const number = (raw, start = 0) =>
  numberTerms(raw)
    .filter(([term]) => term)
    .map(([term, from, to]) => piece(raw.slice(from, to), term, term, start + from));

/** Whether two parts belong to a code, as F-16. @param {string} one @param {string} two */
function isCode(one, two) {
  if (YEAR.test(one) || YEAR.test(two) || isAlpha(one + two)) return false;
  return isDigit(one) ? !isDigit(two) && length(two) <= LETTERS_OF_CODE : true;
}

/** @param {string} raw @param {string} term @returns {Reading} */
const whole = (raw, term) => ({ pieces: term ? [piece(raw, term, term, 0)] : [], name: "" });

/** The place of the one part that affixes are joined to by hyphens, or null. @param {string[]} parts @param {string[]} spelled */
function withoutAffixes(parts, spelled) {
  const start = PREFIXES.has(parts[0]) && isUpper(Array.from(spelled[1] ?? "")[0] ?? "") ? 1 : 0;
  const end = SUFFIXES.has(/** @type {string} */ (parts.at(-1))) ? parts.length - 1 : parts.length;
  const all = start === 0 && end === parts.length;
  return end - start === 1 && !all && parts[start] ? start : null;
}
