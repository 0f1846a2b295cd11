// What Python's strings do and JavaScript's do not, so that both see the same words.

/** A blank, as Python's `str.isspace` has it, for a character class. */
export const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

/** A letter or a digit, as Python's `[^\W_]`, for a character class. */
export const ALNUM = "\\p{L}\\p{N}";

const LETTERS = /^\p{L}+$/u;
const ALPHANUMERIC = /^[\p{L}\p{N}]+$/u;
const DIGITS = new RegExp(
  "^[\\p{Nd}\\u00b2\\u00b3\\u00b9\\u1369-\\u1371\\u19da\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468" +
    "\\u2474-\\u247c\\u2488-\\u2490\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788\\u278a-\\u2792" +
    "\\u{10a40}-\\u{10a43}\\u{10e60}-\\u{10e68}\\u{11052}-\\u{1105a}\\u{1f100}-\\u{1f10a}]+$",
  "u",
);
const DECIMAL = /\p{Nd}/u;
const CHEROKEE = /[\u13a0-\u13f5\u13f8-\u13fd\uab70-\uabbf]/;
const BLANKS = new RegExp(`[${BLANK}]+`, "u");
const ONE_BLANK = new RegExp(`^[${BLANK}]$`, "u");

/** @param {string} text */
export const isAlpha = (text) => LETTERS.test(text);
/** @param {string} text */
export const isAlnum = (text) => ALPHANUMERIC.test(text);
/** @param {string} text */
export const isDigit = (text) => DIGITS.test(text);
/** @param {string} text */
export const isBlank = (text) => ONE_BLANK.test(text);

/** Whether the text has capitals and no small letter. @param {string} text */
export const isUpper = (text) => /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);

/** Whether the text has small letters and no capital. @param {string} text */
export const isLower = (text) => /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);

/** The words of a text between blanks. @param {string} text */
export const splitBlanks = (text) => text.split(BLANKS).filter(Boolean);

/** @param {string} text @param {string} characters */
export function strip(text, characters) {
  return stripEnd(stripStart(text, characters), characters);
}

/** @param {string} text @param {string} characters of the basic plane */
export function stripStart(text, characters) {
  let start = 0;
  while (start < text.length && characters.includes(text[start])) start += 1;
  return text.slice(start);
}

/** @param {string} text @param {string} characters of the basic plane */
export function stripEnd(text, characters) {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

/** The characters of a text; a pair of surrogates is one. @param {string} text */
export function length(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The first characters of a text. @param {string} text @param {number} most */
export function first(text, most) {
  return text.length <= most ? text : Array.from(text).slice(0, most).join("");
}

/** The text with all differences of case gone: `str.casefold`. @param {string} text */
export function caseFold(text) {
  let folded = "";
  for (const char of text) {
    if (char === "ı") folded += char;
    else if (char === "ẞ") folded += "ss";
    else if (CHEROKEE.test(char)) folded += char.toUpperCase();
    else folded += char.toUpperCase().toLowerCase().replaceAll("ς", "σ");
  }
  return folded;
}

/** The number that decimal digits of any script write, as "12". @param {string} text */
export function integer(text) {
  let digits = "";
  for (const char of text) {
    let place = /** @type {number} */ (char.codePointAt(0));
    const digit = place;
    // Digits stand in runs of ten, from 0 to 9.
    while (DECIMAL.test(String.fromCodePoint(place - 1))) place -= 1;
    digits += (digit - place) % 10;
  }
  return String(Number(digits));
}
