// Text that was read with the wrong encoding: see searchkit/analysis/mojibake.py.

import { APOSTROPHES, HYPHENS } from "./normalization.js";
import { BLANK, isAlnum, isBlank } from "./text.js";

// What Windows-1252 makes of the bytes from 0x80 to 0x9f, in order; it has none for five of them.
const SIGNS = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";
const TAIL = `[\\x80-\\x84\\x86-\\x9f\\xa1-\\xbf${SIGNS}]`;
const GARBLED = new RegExp(
  `[Â-ß]${TAIL}|[à-ï]${TAIL}{2}|[ð-ô]${TAIL}{3}|Â(?=[${BLANK}]|$)`, "gu",
);
const ASCII = /^[\0-\x7f]*$/;
const IN_WORD = /^[\p{L}\p{M}\p{N}]$/u;
const JOINERS = APOSTROPHES + HYPHENS;
const FILLER = "\u00ad";
const NO_WORD = "·";
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text with what was garbled as it once was; all else stays in its place.
 * @param {string} text
 */
export function repaired(text) {
  if (ASCII.test(text)) return text;
  return text.replace(GARBLED, (garbled, place) => {
    if (garbled === "Â") return NO_WORD;
    const char = decoded(garbled);
    if (!char) return garbled;
    const filled = FILLER.repeat(garbled.length - char.length);
    const next = String.fromCodePoint(text.codePointAt(place + garbled.length) ?? 0);
    if (JOINERS.includes(char) && isAlnum(next)) return filled + char;
    if (IN_WORD.test(char)) return char + filled;
    return (isBlank(char) ? NO_WORD : char[0]).repeat(garbled.length);
  });
}

/** The character whose UTF-8 was taken for these, or "". @param {string} garbled */
function decoded(garbled) {
  const bytes = Array.from(garbled, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x100 ? code : 0x80 + SIGNS.indexOf(char);
  });
  try {
    return UTF_8.decode(new Uint8Array(bytes));
  } catch {
    return "";
  }
}
