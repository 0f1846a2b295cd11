// The marks, operators and operands of a query, from left to right: see searchkit/query/scanning.py.
// Of its language, this page has no ~1, and no * or ? but at the end of a word.

import { isAlnum, isBlank } from "../analysis/text.js";
import { Dates } from "./dates.js";

/**
 * @typedef {{ type: "all" } | { type: "word", text: string, exact: boolean }
 *   | { type: "phrase", text: string, slop: number, exact: boolean }
 *   | { type: "prefix", text: string } | { type: "dates", low: string, high: string }
 *   | { type: "field", name: string, node: Syntax } | { type: "boosted", node: Syntax, factor: number }
 *   | { type: "not", node: Syntax } | { type: "required", node: Syntax }
 *   | { type: "words" | "and" | "or", children: Syntax[] }} Syntax
 * @typedef {{ kind: string, start: number, end: number, value?: any }} Token
 * @typedef {{ fields: Record<string, string>, kinds: Record<string, string>,
 *   months: Record<string, number>, dayNames: string, titles: Record<string, string[]> }} Names
 */

const QUOTES = '"“”„«»';
const OPERATORS = /** @type {Record<string, string>} */ ({
  AND: "AND", DAN: "AND", "&&": "AND", OR: "OR", ATAU: "OR", "||": "OR", NOT: "NOT", BUKAN: "NOT",
});
const MOST_SLOP = 100;
const MOST_BOOST = 100;

const END = `[\\s(){}${QUOTES}]|&&|\\|\\||$`.replace("{}", "");
const FUZZ = new RegExp(`~([0-9.]{0,9})(?=\\^|${END})`, "y");
const BOOST = new RegExp(`\\^([0-9]{1,9}(?:\\.[0-9]{0,9})?|\\.[0-9]{1,9})(?=${END})`, "y");
const NO_BOOST = new RegExp(`\\^[-+]?[0-9.,]{0,99}(?=${END})`, "y");
const FIELD = /([\p{L}\p{Nl}\p{No}]{1,30}):/uy;
const ADDRESS = new RegExp(`https?://[^\\s${QUOTES}]{1,2000}`, "iy");
const SUFFIX = /-(?:nya|lah|kah|tah|pun|ku|mu|kan|an|i)(?![\p{L}\p{N}_])/uy;
const OPERATOR = new RegExp(`(?:&&|\\|\\||(?:AND|DAN|OR|ATAU|NOT|BUKAN)(?=${END}))`, "y");
const ENGLISH_OPERATOR = new RegExp(`(?:&&|\\|\\||(?:AND|OR|NOT)(?=${END}))`, "y");
const LEAST_WORDS = 6;
const PREFIXED = new RegExp(`[\\p{L}\\p{Nl}\\p{No}(${QUOTES}]|[*?#@'‘’\`\\[\\\\]+[\\p{L}\\p{N}_]`, "uy");

/** @param {RegExp} pattern sticky @param {string} text @param {number} at */
function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Whether a query is in capitals for being a headline: many words, not abbreviations. @param {string} text */
function isHeadline(text) {
  if (/[a-z]/.test(text) || !/[A-Z]{6}/.test(text)) return false;
  const words = text.split(/\s+/u).filter(Boolean).length;
  return words >= LEAST_WORDS && ![...text].some((char) => `()${QUOTES}`.includes(char));
}

/** Takes a query apart. */
export class Scanner {
  /** @param {string} text @param {Names} names */
  constructor(text, names) {
    this.text = text;
    this.names = names;
    this.after = ""; // "prefix" or "field" directly after one
    /** What was typed that this page does not know. @type {Set<string>} */
    this.unknown = new Set();
    this.operator = isHeadline(text) ? ENGLISH_OPERATOR : OPERATOR;
  }

  /** The tokens in order; FIELD and + are always followed by an OPERAND or a (. @returns {Token[]} */
  tokens() {
    const { text } = this;
    const found = [];
    let at = 0;
    while (at < text.length) {
      if (isBlank(text[at])) {
        at += 1;
        continue;
      }
      const token = this.next(at);
      found.push(token);
      const prefix = token.kind === "+" || (token.kind === "NOT" && "-!".includes(text[at]));
      this.after = prefix ? "prefix" : token.kind === "FIELD" ? "field" : "";
      at = token.end;
      const boost = token.kind === "OPERAND" || token.kind === ")" ? matchAt(BOOST, text, at) : null;
      if (boost) {
        found.push({ kind: "BOOST", start: at, end: at + boost[0].length, value: Math.min(Number(boost[1]), MOST_BOOST) });
        at += boost[0].length;
      } else if (token.kind === "OPERAND" || token.kind === ")") at += matchAt(NO_BOOST, text, at)?.[0].length ?? 0;
    }
    return found;
  }

  /** @param {number} i @returns {Token} */
  next(i) {
    const { text } = this;
    const char = text[i];
    if (char === "(" || char === ")") return { kind: char, start: i, end: i + 1 };
    if (QUOTES.includes(char)) return this.phrase(i, i, false);
    if (char === "=" && this.beginsExact(i)) {
      return QUOTES.includes(text[i + 1]) ? this.phrase(i, i + 1, true) : this.word(i, i + 1, true);
    }
    if (!this.after) {
      if ("+-!".includes(char) && this.isPrefix(i)) {
        return { kind: char === "+" ? "+" : "NOT", start: i, end: i + 1 };
      }
      const operator = matchAt(this.operator, text, i);
      if (operator) return { kind: OPERATORS[operator[0]], start: i, end: i + operator[0].length };
    }
    return this.field(i) ?? this.word(i, i, false);
  }

  /** @param {number} i */
  beginsExact(i) {
    const following = this.text.slice(i + 1, i + 3);
    if (following[0] === "\\") return following.length === 2 && !isBlank(following[1]);
    return following !== "" && (isAlnum(charAt(this.text, i + 1)) || QUOTES.includes(following[0]));
  }

  /** Whether the + - ! here belongs to what follows. @param {number} i */
  isPrefix(i) {
    const { text } = this;
    if (i && !isBlank(text[i - 1]) && !"(&|".includes(text[i - 1])) return false;
    if (matchAt(SUFFIX, text, i)) return false;
    if (text[i + 1] === "=") return this.beginsExact(i + 1);
    return matchAt(PREFIXED, text, i + 1) !== null;
  }

  /** @param {number} start @param {number} i @param {boolean} exact @returns {Token} */
  phrase(start, i, exact) {
    const { text } = this;
    let said = "";
    i += 1;
    while (i < text.length && !QUOTES.includes(text[i])) {
      if (text[i] === "\\" && i + 1 < text.length && `\\${QUOTES}`.includes(text[i + 1])) i += 1;
      said += text[i];
      i += 1;
    }
    let end = Math.min(i + 1, text.length);
    const fuzz = matchAt(FUZZ, text, end);
    if (fuzz) end += fuzz[0].length;
    const slop = fuzz && /^[0-9]+$/.test(fuzz[1]) ? Math.min(Number(fuzz[1]), MOST_SLOP) : 0;
    return { kind: "OPERAND", start, end, value: { type: "phrase", text: said, slop, exact } };
  }

  /** A field's name, or dates; null where the text is a word like any other. @param {number} i @returns {Token | null} */
  field(i) {
    const { text } = this;
    const match = this.after === "field" ? null : matchAt(FIELD, text, i);
    if (!match || matchAt(ADDRESS, text, i)) return null;
    const name = Object.hasOwn(this.names.fields, match[1].toLowerCase()) ? this.names.fields[match[1].toLowerCase()] : null;
    const end = i + match[0].length;
    const empty = end === text.length || isBlank(text[end]) || text[end] === ")";
    if (!name || empty || text.startsWith("&&", end) || text.startsWith("||", end)) return null;
    return name === "date" ? this.dates(i, end) : { kind: "FIELD", start: i, end, value: name };
  }

  /** @param {number} start @param {number} i @returns {Token | null} */
  dates(start, i) {
    const span = new Dates(this.names.months, this.names.dayNames).spanAt(this.text, i);
    if (!span) return null;
    const { low, high, stop } = span;
    return { kind: "OPERAND", start, end: stop, value: { type: "dates", low, high } };
  }

  /** @param {number} start @param {number} i @param {boolean} exact @returns {Token} */
  word(start, i, exact) {
    const { text } = this;
    const address = exact ? null : matchAt(ADDRESS, text, i);
    if (address) {
      const end = balancedEnd(text, i, i + address[0].length);
      return { kind: "OPERAND", start, end, value: { type: "word", text: text.slice(i, end), exact: false } };
    }
    let [units, end] = unitsOf(text, i);
    const fuzz = end > i ? matchAt(FUZZ, text, end) : null;
    if (fuzz) {
      this.unknown.add(fuzz[0]);
      end += fuzz[0].length;
    }
    return { kind: "OPERAND", start, end, value: this.wordOrPrefix(units, exact) };
  }

  /** @param {[string, boolean][]} units @param {boolean} exact @returns {Syntax} */
  wordOrPrefix(units, exact) {
    const plain = units.map(([char]) => char).join("");
    if (exact || !units.some(([, wild]) => wild)) return { type: "word", text: plain, exact };
    if (units.every(([char, wild]) => wild && char === "*")) return { type: "all" };
    if (![...plain].some(isAlnum)) return { type: "word", text: plain, exact: false };
    while (units.length > 1 && isStar(units.at(-1)) && isStar(units.at(-2))) units = units.slice(0, -1);
    const wild = units.filter(([, isWild]) => isWild).length;
    if (wild === 1 && isStar(units.at(-1))) return { type: "prefix", text: plain.slice(0, units.length - 1) };
    this.unknown.add("* ?");
    return { type: "word", text: units.map(([char, isWild]) => (isWild ? " " : char)).join(""), exact: false };
  }
}

/** @param {[string, boolean] | undefined} unit */
const isStar = (unit) => unit !== undefined && unit[1] && unit[0] === "*";

/** The character at a place, a pair of surrogates whole. @param {string} text @param {number} i */
function charAt(text, i) {
  return i < text.length ? String.fromCodePoint(/** @type {number} */ (text.codePointAt(i))) : "";
}

/** The characters of a word, each with whether it is a wildcard, and where it ends. @param {string} text @param {number} start @returns {[[string, boolean][], number]} */
function unitsOf(text, start) {
  /** @type {[string, boolean][]} */
  const units = [];
  let i = start;
  while (i < text.length && !(i > start && endsWord(text, i))) {
    const char = text[i];
    if (char === "\\" && escapes(text, i, start)) {
      units.push([text[i + 1], false]);
      i += 2;
    } else if (char === "?") {
      let end = i;
      while (text[end] === "?") end += 1;
      const wild = isAlnum(charAt(text, end)) || text[end] === "*";
      for (; i < end; i += 1) units.push(["?", wild]);
    } else {
      units.push([char, char === "*"]);
      i += 1;
    }
  }
  return [units, i];
}

/** @param {string} text @param {number} i */
function endsWord(text, i) {
  const char = text[i];
  if (char === "~" || char === "^") return Boolean(matchAt(FUZZ, text, i) ?? matchAt(BOOST, text, i) ?? matchAt(NO_BOOST, text, i));
  return isBlank(char) || `()${QUOTES}`.includes(char) || text.startsWith("&&", i) || text.startsWith("||", i);
}

/** @param {string} text @param {number} i @param {number} start */
function escapes(text, i, start) {
  const following = charAt(text, i + 1);
  return following !== "" && !isBlank(following) && (i === start || !isAlnum(following));
}

/** @param {string} text @param {number} start @param {number} end */
function balancedEnd(text, start, end) {
  let depth = 0;
  for (let i = start; i < end; i += 1) {
    depth += text[i] === "(" ? 1 : text[i] === ")" ? -1 : 0;
    if (depth < 0) return i;
  }
  return end;
}
