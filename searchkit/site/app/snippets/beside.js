// Stop words that are part of a name, as Via of Via Vallen: see searchkit/snippets/beside.py.

import { fold } from "../analysis/normalization.js";

/** @typedef {import("../query/lowering.js").Leaf} Leaf */
/** @typedef {import("../query/lowering.js").Term} Term */
/** @typedef {import("../analysis/indonesian.js").IndonesianAnalyzer} IndonesianAnalyzer */
/** @typedef {import("./marks.js").Mark} Mark */
/** The forms of the stop words typed directly before and after what a leaf looks for. @typedef {[Set<string>, Set<string>]} Beside */

const LONGEST = 20; // characters of a stop word
const BEFORE = /(?<![\p{L}\p{N}_])([\p{L}\p{N}_]+) $/u;
const AFTER = /^ ([\p{L}\p{N}_]+)(?![\p{L}\p{N}_])/u;
const TITLE = /^\p{Lu}[^\p{Lu}]*$/u;

/** By leaf; [] where no stop word stands beside another word. @param {any} syntax @param {Leaf[]} leaves @param {IndonesianAnalyzer} analyzer @returns {Beside[]} */
export function stopWordsBeside(syntax, leaves, analyzer) {
  const { stopWords } = analyzer.lexicon;
  /** @type {[Map<string, Set<string>>, Map<string, Set<string>>]} */
  const found = [new Map(), new Map()];
  const add = (/** @type {Map<string, Set<string>>} */ table, /** @type {string} */ term, /** @type {string} */ form) =>
    table.set(term, new Set([...(table.get(term) ?? []), form]));
  for (const words of runs(syntax)) {
    if (!words.some((word) => stopWords.has(fold(word)))) continue;
    const tokens = analyzer.analyze(words.join(" "));
    tokens.slice(1).forEach((second, place) => {
      const first = tokens[place];
      if (stopWords.has(first.form) === stopWords.has(second.form)) return;
      if (stopWords.has(first.form)) add(found[0], second.term, first.form);
      else add(found[1], first.term, second.form);
    });
  }
  if (!found[0].size && !found[1].size) return [];
  return leaves.map((leaf) => {
    const terms = typedTerms(leaf);
    const ends = [terms[0], terms[terms.length - 1]].map((each) => each?.term ?? "");
    return /** @type {Beside} */ (found.map((table, side) => table.get(ends[side]) ?? new Set()));
  });
}

/** The words typed side by side, but for what is excluded. @param {any} node @returns {string[][]} */
function runs(node) {
  if (node.type === "field" || node.type === "boosted") return runs(node.node);
  if (node.type === "and" || node.type === "or") return node.children.flatMap(runs);
  if (node.type !== "words") return [];
  const found = [];
  let run = [];
  for (const child of node.children) {
    if (child.type === "word") run.push(child.text);
    else {
      found.push(run, ...runs(child));
      run = [];
    }
  }
  return [...found, run];
}

/** The words of a leaf as typed; [] for a pattern. @param {Leaf} leaf @returns {Term[]} */
export function typedTerms(leaf) {
  if (leaf.type === "in") return typedTerms(leaf.leaf);
  if (leaf.type === "synonyms") return typedTerms(leaf.members[0].node);
  return leaf.type === "term" ? [leaf] : leaf.type === "phrase" ? leaf.terms : [];
}

/** Marks with the stop words beside them that are written as part of the same name. @param {string} text @param {Mark[]} marks @param {Beside[]} beside @returns {Mark[]} */
export function widened(text, marks, beside) {
  /** @type {Mark[]} */
  const found = [];
  marks.forEach((mark, number) => {
    let { start, end } = mark;
    const earliest = found.at(-1)?.end ?? 0;
    const latest = marks[number + 1]?.start ?? text.length;
    const isOfName = (/** @type {string | undefined} */ word, /** @type {0 | 1} */ side) =>
      word !== undefined && TITLE.test(word) && [...mark.leaves].some((leaf) => beside[leaf][side].has(fold(word)));
    if (/^\p{Lu}/u.test(text.slice(start, start + 2))) {
      const first = BEFORE.exec(text.slice(Math.max(earliest, start - LONGEST), start))?.[1];
      if (isOfName(first, 0)) start -= /** @type {string} */ (first).length + 1;
      const second = AFTER.exec(text.slice(end, Math.min(latest, end + LONGEST)))?.[1];
      if (isOfName(second, 1)) end += /** @type {string} */ (second).length + 1;
    }
    found.push({ start, end, leaves: mark.leaves });
  });
  return found;
}
