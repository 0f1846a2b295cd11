// Names by their capitals: which doubtful words of a text are written like names.

import { isUpper, strip } from "./text.js";

/** @typedef {import("./indonesian.js").Token} Token */
/** @typedef {{ place: number, name: string }} Doubt */

const LOWER_CASE_WORD = /(?<![\p{L}\p{N}])[a-z]{5}/u;

/**
 * Make names of the doubtful tokens that are written like names.
 * @param {string} text
 * @param {Token[]} tokens
 * @param {Doubt[]} doubts
 */
export function settle(text, tokens, doubts) {
  if (!LOWER_CASE_WORD.test(text)) return;
  const names = new Set();
  for (const { place, name } of doubts) {
    const gap = place ? text.slice(tokens[place - 1].end, tokens[place].start) : "";
    if (isUpper(name) || (gap && !strip(gap, " ,"))) names.add(name);
  }
  for (const { place, name } of doubts) {
    if (!names.has(name)) continue;
    const token = tokens[place];
    tokens[place] = { ...token, term: name, form: isUpper(name) ? name : token.form };
  }
}
