// Where the words of a text are; the rules and their reasons are in searchkit/analysis/tokenizer.py.

import { APOSTROPHES, HYPHENS, INVISIBLE, MARKS } from "./normalization.js";
import { ALNUM, BLANK } from "./text.js";

const LETTER = "[\\p{L}\\p{Nl}\\p{No}]"; // what \w has but for decimal digits, so ² too
const DIGIT = "\\p{Nd}";
const WORD = `${ALNUM}_`;
const INNER = `[${ALNUM}${MARKS}²${INVISIBLE}]`;
const JOINER = `[${APOSTROPHES}${HYPHENS}]`;
// The flag i would take U+0345, an accent, for the letter iota: case is ignored letter by letter, as
// Python does it, for which İ and ı are an i, ſ an s and the Kelvin sign a k.
/** @type {Record<string, string>} */
const ALSO = { i: "İı", k: "\u212a", s: "ſ" };
/** @param {string} text small letters */
const anyCase = (text) =>
  text.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}${ALSO[letter] ?? ""}]`);
const LABEL = "[a-zA-Z0-9İıſ\u212a-]{1,63}";
const DOMAIN_END =
  `(?:${anyCase("com|co|id|net|org|info|tv|news|go|gov|edu|ac|or|io|me|my|sg|au|uk|jp|kr|ru|cn")})`;
const CURRENCY = `(?:${anyCase("rp|idr|usd|us")})`;
const UNIT = `(?:${anyCase(
  "km|cm|mm|m|kg|ml|mb|gb|tb|mbps|gbps|mah|kw|mw|kwh|mhz|ghz|wib|wita|wit|persen|" +
    "ribu|rb|juta|jt|miliar|triliun",
)})`;

const TOKEN = new RegExp(
  `(?<address>${anyCase("https")}?://[^${BLANK}<>"“”]{1,2000}(?<![.,;:!?)\\]}'’])` +
    `|[${WORD}.+\\-]{1,64}@[${WORD}\\-]{1,63}(?:\\.[${WORD}\\-]{1,63}){1,8}` +
    `|(?<![${WORD}.])${LABEL}(?:\\.${LABEL}){0,6}\\.${DOMAIN_END}(?![${WORD}\\-]))` +
    `|(?<abbreviation>(?<![${WORD}])(?:(?:${LETTER}\\.){2,8}(?:${LETTER}(?![${WORD}]))?` +
    `|${LETTER}\\.${LETTER}(?![${WORD}])))` +
    `|(?<sign>${CURRENCY}(?=${DIGIT})|${anyCase("us")}\\$|[%％])` +
    // The look-ahead takes a whole number and gives nothing of it back.
    `|(?<number>(?=(?<whole>${DIGIT}+(?:[.,:/${HYPHENS}]${DIGIT}+)*))\\k<whole>(?![${HYPHENS}]?${LETTER})` +
    `|${DIGIT}+(?:[.,:]${DIGIT}+)+(?:[${HYPHENS}]?${anyCase("an")}(?!${LETTER}|${DIGIT}))?` +
    // All the digits of a run, for a look-ahead after fewer finds a digit.
    `|${DIGIT}+(?=[${HYPHENS}]${CURRENCY}${DIGIT})|${DIGIT}+(?=(?:${UNIT}|${LETTER}{4,})(?![${WORD}])))` +
    `|(?<word>${LETTER}{1,3}(?=${DIGIT}{1,3}[.,]${DIGIT}{1,2}(?!${DIGIT}))` +
    `|[${ALNUM}]${INNER}*(?:${JOINER}${INNER}+)*)`,
  "gu",
);

/** @typedef {{ raw: string, start: number, kind: string }} RawToken */

/**
 * The raw tokens of a text, in order; kinds are address, abbreviation, sign, number and word.
 * @param {string} text
 * @returns {Generator<RawToken>}
 */
export function* rawTokens(text) {
  for (const match of text.matchAll(TOKEN)) {
    const groups = /** @type {Record<string, string | undefined>} */ (match.groups);
    const kind =
      groups.word !== undefined ? "word"
      : groups.number !== undefined ? "number"
      : groups.address !== undefined ? "address"
      : groups.sign !== undefined ? "sign"
      : "abbreviation";
    yield { raw: match[0], start: match.index, kind };
  }
}
