// Where sentences begin: see searchkit/snippets/sentences.py.

import { BLANK, isAlnum, isLower, isUpper } from "../analysis/text.js";

const STOP = new RegExp(
  `(?<![.!?…])([.!?…]+)(?:(["'”’»)\\]]*)[${BLANK}]+|([”’»)\\]]*)(?=["'“‘«(\\[]*(?![a-z])\\p{L}))|\\n[${BLANK}]*`,
  "gu",
);
const LAST_WORD = /[\p{L}\p{N}_]+$/u;
const OPENING = "\"'“‘«([ ";
const DECIMAL = /^\p{Nd}+$/u;
const LONGEST = 16;

/** Where the sentences of a text begin, ascending. @param {string} text @param {Record<string, string>} abbreviations */
export function sentenceStarts(text, abbreviations) {
  if (!text) return [];
  const starts = [0];
  for (const match of text.matchAll(STOP)) {
    const border = match.index + match[0].length;
    if (border < text.length && ends(text, starts[starts.length - 1], match, abbreviations)) starts.push(border);
  }
  return starts;
}

/** Whether the sentence from `start` ends where `match` does. @param {string} text @param {number} start @param {RegExpMatchArray & { index: number }} match @param {Record<string, string>} abbreviations */
function ends(text, start, match, abbreviations) {
  const [whole, stop, beforeBlank, beforeLetter] = match;
  if (stop === undefined || whole.includes("\n")) return true;
  const border = match.index + whole.length;
  let next = border;
  while (next < border + 4 && next < text.length && OPENING.includes(text[next])) next += 1;
  const following = next < border + 4 && next < text.length ? String.fromCodePoint(/** @type {number} */ (text.codePointAt(next))) : "";
  if (!isAlnum(following) || isLower(following) || stop.includes("…") || stop.includes("..")) return false;
  if (stop !== "." || beforeBlank || beforeLetter) return true;
  const word = LAST_WORD.exec(text.slice(Math.max(0, match.index - LONGEST), match.index))?.[0] ?? "";
  if (goesOn(word, following, abbreviations) || (DECIMAL.test(word) && start + word.length === match.index)) return false;
  const isInCapitals = beforeBlank === undefined && next === border && isUpper(word);
  return !isInCapitals || isLower(text.slice(border + 1, border + 2));
}

/** Whether the full stop after a word is its own. @param {string} word @param {string} following @param {Record<string, string>} abbreviations */
function goesOn(word, following, abbreviations) {
  if (word.length === 1) return isUpper(word);
  const key = word.toLowerCase();
  const before = Object.hasOwn(abbreviations, key) ? abbreviations[key] : "";
  return before === "name" || (before === "number" && /[0-9]/.test(following));
}
