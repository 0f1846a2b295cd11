// Words that are spelled as a prefix says, but that the index has in parts or as a code: see
// searchkit/query/apart.py, of which this is a translation.

import { BOUND_FORMS } from "../analysis/lexicon.js";
import { isAlnum } from "../analysis/text.js";
import { beginning, spelled } from "./lowering.js";

/** @typedef {import("./lowering.js").Term} Term */
/** @typedef {import("./lowering.js").Phrase} Phrase */
/** @typedef {import("./scanning.js").Syntax} Syntax */
/** @typedef {import("../index/packs.js").Shards} Shards */
/** @typedef {import("../analysis/indonesian.js").IndonesianAnalyzer} IndonesianAnalyzer */

const MOST_EXPANSIONS = 100;
const LEAST_LETTERS = 2;
const STUCK = new RegExp(`^(?:(?:${BOUND_FORMS.join("|")})(?=[\\p{L}\\p{Nl}\\p{No}])|(?:rp|idr|usd|us)(?=[0-9]))`, "u");

/** The words beside each prefix of a query, by what it begins with. @param {Syntax} syntax @param {Shards} forms @param {IndonesianAnalyzer} analyzer @returns {Promise<Map<string, (Term | Phrase)[]>>} */
export async function apart(syntax, forms, analyzer) {
  const starts = new Set(prefixesOf(syntax).map((text) => beginning(text, analyzer)));
  return new Map(await Promise.all([...starts].map(async (start) =>
    /** @type {[string, (Term | Phrase)[]]} */ ([start, (await ways(start, forms, analyzer)).map(spelled)]))));
}

/** @param {any} node @returns {string[]} */
function prefixesOf(node) {
  if (node.type === "prefix") return [node.text];
  return (node.children ?? (node.node ? [node.node] : [])).flatMap(prefixesOf);
}

/** A prefix cut at its last hyphen, or behind what is stuck to the rest. @param {string} start */
function cut(start) {
  const hyphen = start.lastIndexOf("-");
  if (hyphen > 0) return { before: start.slice(0, hyphen), sign: "-", rest: start.slice(hyphen + 1) };
  const before = STUCK.exec(start)?.[0];
  return before ? { before, sign: "", rest: start.slice(before.length) } : null;
}

/** @param {string} start @param {Shards} forms @param {IndonesianAnalyzer} analyzer @returns {Promise<string[][]>} */
async function ways(start, forms, analyzer) {
  const parts = cut(start);
  if (!parts) return [];
  const { before, sign, rest } = parts;
  /** @type {Map<string, string[]>} */
  const found = new Map();
  const add = (/** @type {string[]} */ way) => found.set(way.join(" "), way);
  const read = (/** @type {string} */ form) => analyzer.analyze(before + sign + form).map((token) => token.form);
  if (sign) {
    for (const form of await frequent(before + rest, forms)) {
      const code = read(form.slice(before.length));
      if (code.length === 1 && code[0] === form) add(code);
    }
    const letters = [...rest].filter(isAlnum).length;
    if (letters < LEAST_LETTERS || (await forms.beginning(start)).length) return [...found.values()];
  }
  for (const form of await frequent(rest, forms)) {
    const words = analyzer.lexicon.stopWords.has(form) ? [] : read(form);
    if (words.length < 2 || !words.includes(form) || words.some((word) => word.startsWith(start))) continue;
    add(words);
    add(words.map((word) => inCapitals(word, analyzer)));
  }
  return [...found.values()];
}

/** The forms that begin so, the most frequent first. @param {string} start @param {Shards} forms @returns {Promise<string[]>} */
async function frequent(start, forms) {
  return (await forms.beginning(start))
    .sort(([one, [count]], [other, [count2]]) => count2 - count || (one < other ? -1 : 1))
    .slice(0, MOST_EXPANSIONS)
    .map(([form]) => form);
}

/** The form of an abbreviation that is another word without its capitals. @param {string} form @param {IndonesianAnalyzer} analyzer */
function inCapitals(form, analyzer) {
  const other = analyzer.respelled.get(form) ?? [];
  return other.length === 1 ? other[0] : form;
}
