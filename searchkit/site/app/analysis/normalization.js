// Folding of words: the forms of one spelling meet, whatever keyboard or scraper wrote it.

import { caseFold, length, splitBlanks, stripEnd } from "./text.js";

export const INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff";
export const APOSTROPHES = "'’‘`ʼ´";
export const HYPHENS = "‐‑-"; // the plain one last, so that the string can stand in a character class

// Accents, and the vowels of Hebrew and Arabic; for a character class.
export const MARKS =
  "\u0300-\u036f" +
  "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7" +
  "\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed";

// Letters with a stroke and the like, which Unicode does not take apart.
/** @type {Record<string, string>} */
const LETTERS = { ø: "o", ł: "l", đ: "d", ı: "i", ħ: "h", ð: "d", æ: "ae", œ: "oe", þ: "th" };
const ANY_LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");
const ANY_MARK = new RegExp(`[${MARKS}]`, "g");
const REMOVED = new RegExp(`[${INVISIBLE}${APOSTROPHES}]`, "g");
const ANY_HYPHEN = new RegExp(`[${HYPHENS}]`, "g");
const LONGEST_UNIT = 3;
const POSSESSIVE = new RegExp(`[${APOSTROPHES}][sSſ]$`);
const ASCII = /^[\0-\x7f]*$/;
const PLAIN = /^[\0-\x26\x28-\x5f\x61-\x7f]*$/; // without ' and `

/**
 * The folded form of a word, under which it is indexed and looked up.
 * @param {string} word
 * @returns {string}
 */
export function fold(word) {
  if (PLAIN.test(word)) return word.toLowerCase();
  word = word.replace(POSSESSIVE, "").replace(REMOVED, "").replace(ANY_HYPHEN, "-");
  // A raised 2 is written for reduplication (`anak²`); NFKC would glue it on as a digit.
  // But m² is m2.
  if (length(word) < 2 || length(word) > LONGEST_UNIT) word = stripEnd(word, "²");
  const isOne = splitBlanks(word).length === 1;
  word = caseFold(word.normalize("NFKC")).replace(REMOVED, "");
  // NFKC spells some characters as several words: ﷺ is four.
  if (isOne) word = word.replaceAll(" ", "");
  if (ASCII.test(word)) return word;
  const bare = word.normalize("NFD").replace(ANY_MARK, "");
  return bare.replace(ANY_LETTER, (letter) => LETTERS[letter]).normalize("NFC");
}

/**
 * The folded form of a whole value, such as the name of a section: words one space apart.
 * @param {string} value
 */
export function foldValue(value) {
  return splitBlanks(value).map(fold).filter(Boolean).join(" ");
}
