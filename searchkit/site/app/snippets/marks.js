// Where the leaves of a query match in a text: see searchkit/snippets/marks.py.

import { HYPHENS } from "../analysis/normalization.js";
import { isAlnum, isAlpha, isDigit } from "../analysis/text.js";

/** @typedef {import("../query/lowering.js").Leaf} Leaf */
/** @typedef {import("../query/lowering.js").Phrase} Phrase */
/** @typedef {import("../analysis/indonesian.js").Token} Token */
/** Offsets into a text, and the numbers of the leaves that match there. @typedef {{ start: number, end: number, leaves: Set<number> }} Mark */

const DATE_SIGNS = `/${HYPHENS}`;

/** Those leaves that are looked for in a field, with their numbers. @param {string} field @param {Leaf[]} leaves @returns {[number, Leaf][]} */
export function leavesIn(field, leaves) {
  return leaves.flatMap((leaf, number) => {
    if (leaf.type !== "in") return [/** @type {[number, Leaf]} */ ([number, leaf])];
    return leaf.fields.includes(field) ? [/** @type {[number, Leaf]} */ ([number, leaf.leaf])] : [];
  });
}

export class Matcher {
  /** @param {[number, Leaf][]} leaves */
  constructor(leaves) {
    /** @type {Map<string, Set<number>>} */
    this.terms = new Map();
    /** @type {Map<string, Set<number>>} */
    this.forms = new Map();
    /** @type {[Phrase, Set<number>][]} */
    this.phrases = [];
    /** @type {[string, Set<number>][]} */
    this.prefixes = [];
    for (const [node, numbers] of numbersByNode(leaves)) {
      if (node.type === "phrase") this.phrases.push([node, numbers]);
      else if (node.type === "prefix") this.prefixes.push([node.form, numbers]);
      else if (node.type === "term") add(node.exact ? this.forms : this.terms, node.exact ? node.form : node.term, numbers);
    }
  }

  /** @param {string} text @param {Token[]} tokens @returns {Mark[]} */
  marks(text, tokens) {
    const marks = [];
    for (const token of tokens) {
      const leaves = this.matching(token);
      if (leaves.size) marks.push({ ...this.place(text, token), leaves });
    }
    for (const [phrase, leaves] of this.phrases) {
      for (const run of runs(phrase, tokens)) marks.push(...phraseMarks(text, run, leaves));
    }
    return joined(text, marks.sort((one, other) => one.start - other.start || one.end - other.end));
  }

  /** Where the word of a token is; of a prefix's it is what is written as one. @param {string} text @param {Token} token */
  place(text, { form, start, end }) {
    if (this.prefixes.some(([begun]) => form.startsWith(begun))) {
      while (start && isAlpha(text[start - 1]) && isAlpha(text[start])) start -= 1;
      while (end < text.length && isAlpha(text[end]) && isAlpha(text[end - 1])) end += 1;
    }
    return { start, end };
  }

  /** @param {Token} token @returns {Set<number>} */
  matching({ term, form }) {
    const found = new Set([...(this.terms.get(term) ?? []), ...(this.forms.get(form) ?? [])]);
    for (const [start, numbers] of this.prefixes) if (form.startsWith(start)) numbers.forEach((number) => found.add(number));
    return found;
  }
}

/** @param {Map<string, Set<number>>} table @param {string} key @param {Set<number>} numbers */
function add(table, key, numbers) {
  table.set(key, new Set([...(table.get(key) ?? []), ...numbers]));
}

/** The leaves that each word, phrase and prefix belongs to: where it is typed, else where it is a synonym. @param {[number, Leaf][]} leaves @returns {[Leaf, Set<number>][]} */
function numbersByNode(leaves) {
  const typed = new Map();
  const others = new Map();
  const nodes = new Map();
  const put = (/** @type {Map<string, Set<number>>} */ table, /** @type {Leaf} */ node, /** @type {number} */ number) => {
    const key = sameMatches(node);
    nodes.set(key, node);
    add(table, key, new Set([number]));
  };
  for (const [number, leaf] of leaves) {
    if (leaf.type === "prefix") for (const node of leaf.also) put(others, node, number);
    if (leaf.type !== "synonyms") put(typed, leaf, number);
    else leaf.members.forEach(({ node }, place) => put(place ? others : typed, node, number));
  }
  return [...nodes].map(([key, node]) => [node, typed.get(key) ?? others.get(key)]);
}

/** @param {Leaf} node */
function sameMatches(node) {
  if (node.type === "term") return node.exact ? `form ${node.form}` : `term ${node.term}`;
  return JSON.stringify(node);
}

/** The words of each place where a phrase matches; of places of one end the shortest. @param {Phrase} phrase @param {Token[]} tokens @returns {Token[][]} */
function runs({ terms, slop, exact }, tokens) {
  const columns = terms.map(({ term, form }) => tokens.filter((token) => (exact ? token.form === form : token.term === term)));
  if (columns.some((column) => !column.length)) return [];
  /** @type {Token[][]} */
  const found = [];
  for (const first of columns[0]) {
    const run = runFrom(first, columns.slice(1), slop);
    if (!run.length) continue;
    if (found.at(-1)?.at(-1) === run.at(-1)) found.pop();
    found.push(run);
  }
  return found;
}

/** @param {Token} first @param {Token[][]} columns @param {number} slop @returns {Token[]} */
function runFrom(first, columns, slop) {
  const run = [first];
  for (const [number, column] of columns.entries()) {
    const next = column.find(({ position }) => position > run[run.length - 1].position);
    if (!next || next.position - first.position - number - 1 > slop) return [];
    run.push(next);
  }
  return run;
}

/** A mark for each part of a phrase that no other word and no paragraph's end breaks. @param {string} text @param {Token[]} run @param {Set<number>} leaves @returns {Mark[]} */
function phraseMarks(text, run, leaves) {
  const marks = [];
  let start = 0;
  for (let place = 1; place <= run.length; place += 1) {
    const last = run[place - 1];
    const breaks = place === run.length || run[place].position !== last.position + 1 || text.slice(last.end, run[place].start).includes("\n");
    if (!breaks) continue;
    marks.push({ start: run[start].start, end: last.end, leaves });
    start = place;
  }
  return marks;
}

/** Marks with those that overlap or touch made one. @param {string} text @param {Mark[]} marks @returns {Mark[]} */
function joined(text, marks) {
  /** @type {Mark[]} */
  const found = [];
  for (const mark of marks) {
    const last = found.at(-1);
    if (last && (mark.start <= last.end || isOneWord(text, last.end, mark.start))) {
      found[found.length - 1] = {
        start: last.start, end: Math.max(last.end, mark.end), leaves: new Set([...last.leaves, ...mark.leaves]),
      };
    } else found.push(mark);
  }
  return found;
}

/** Whether all that stands between two marks is what makes them one word: e-KTP, 3/6. @param {string} text @param {number} end @param {number} start */
function isOneWord(text, end, start) {
  if (start !== end + 1) return false;
  const [before, sign, after] = [text[end - 1], text[end], text[start]];
  if (isDigit(before) && isDigit(after)) return DATE_SIGNS.includes(sign);
  return HYPHENS.includes(sign) && isAlnum(before) && isAlnum(after);
}
