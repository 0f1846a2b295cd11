// Runs queries: from typed text to the documents of a page, and facets.

import { foldValue } from "./analysis/normalization.js";
import { apart } from "./query/apart.js";
import { Expander } from "./query/expansion.js";
import { dates, isLeaf, keyOf, leavesOf, Lowering, once, walk } from "./query/lowering.js";
import { parse } from "./query/parsing.js";
import { isWithin, Scoring } from "./ranking.js";
import { stopWordsBeside } from "./snippets/beside.js";

/** @typedef {import("./index/archive.js").Archive} Archive */
/** @typedef {import("./query/lowering.js").Node} Node */
/** @typedef {import("./query/lowering.js").Leaf} Leaf */
/**
 * What is asked for beside the words: `values` by facet are values one of which a document must have.
 * @typedef {{ kind: "article" | "item" | "", values: Record<string, string[]>, since: string, until: string,
 *   sort: "relevance" | "newest" | "oldest", facets: string[] }} Asked
 * @typedef {{ number: number, score: number, copies: number[] }} Match
 * @typedef {{ value: string, count: number }} Count
 * @typedef {{ matches: Match[], relaxed: boolean, unknown: string[], facets: Record<string, Count[]>,
 *   leaves: Leaf[], weights: number[], beside: import("./snippets/beside.js").Beside[] }} Answer
 */

/** All hits of a query, in order. @param {Archive} archive @param {string} text @param {Asked} asked @returns {Promise<Answer>} */
export async function search(archive, text, asked) {
  const { node: syntax, unknown } = parse(text, archive.core.query);
  if (syntax.type === "all") return { ...(await run(archive, { type: "all" }, asked)), relaxed: false, unknown, beside: [] };
  const [analyzer, thesaurus] = await Promise.all([archive.analyzer(), archive.packs.json("thesaurus")]);
  const expander = new Expander(analyzer, thesaurus);
  const inParts = await apart(syntax, archive.forms, analyzer);
  const lowering = new Lowering(analyzer, archive.core.query, (leaves) => expander.expand(leaves), inParts);
  let node = lowering.lower(syntax);
  let answer = await run(archive, node, asked);
  let relaxed = false;
  const loose = lowering.lower(syntax, true);
  if (!answer.matches.length && keyOf(loose) !== keyOf(node)) {
    node = loose;
    answer = await run(archive, node, asked);
    relaxed = answer.matches.length > 0;
  }
  return { ...answer, relaxed, unknown, beside: stopWordsBeside(syntax, answer.leaves, analyzer) };
}

/** @param {Archive} archive @param {Node} node @param {Asked} asked */
async function run(archive, node, asked) {
  const leaves = /** @type {Leaf[]} */ (once(walk(node).filter(isLeaf)));
  const found = await archive.lookUp(leaves);
  const scoring = new Scoring(archive, node, found);
  const passing = new Filters(archive, asked);
  const { matching, scores, mask } = scoring.run(passing.mask(""));
  const matches = collapsed(archive, matching, scores).sort(order(archive, asked.sort));
  /** @type {Record<string, Count[]>} */
  const facets = {};
  for (const facet of asked.facets) {
    const others = asked.values[facet]?.length ? passing.mask(facet) : null;
    const numbers = others ? [...mask.keys()].filter((n) => mask[n] && others[n]) : matching;
    facets[facet] = counts(archive, facet, collapsed(archive, numbers, scores));
  }
  const shown = once(leavesOf(node));
  return { matches, facets, leaves: shown, weights: shown.map((leaf) => scoring.idf(keyOf(leaf))) };
}

class Filters {
  /** @param {Archive} archive @param {Asked} asked */
  constructor(archive, asked) {
    this.archive = archive;
    const { core } = archive;
    this.kind = asked.kind;
    /** @type {Map<string, Set<number>>} */
    this.wanted = new Map();
    for (const [facet, values] of Object.entries(asked.values)) {
      const numbers = values.map((value) => core.facets[facet].keys.indexOf(foldValue(value)));
      if (values.length) this.wanted.set(facet, new Set(numbers.filter((number) => number >= 0)));
    }
    this.days = asked.since || asked.until ? /** @type {any} */ (dates(asked.since, asked.until)) : null;
  }

  /** The documents that pass all filters but that of one facet. @param {string} facet "" for all */
  mask(facet) {
    const { core, size } = this.archive;
    return new Uint8Array(size).map((_, n) => {
      if (this.kind && this.kind !== (core.articles[n] ? "article" : "item")) return 0;
      if (this.days && !isWithin(core.moments[n], this.days.start, this.days.end)) return 0;
      for (const [name, wanted] of this.wanted) {
        if (name !== facet && ![core.facets[name].of[n]].flat().some((value) => wanted.has(value))) return 0;
      }
      return 1;
    });
  }
}

/** One for all copies that match, at the score of the best. @param {Archive} archive @param {number[]} matching @param {Float64Array} scores @returns {Match[]} */
function collapsed(archive, matching, scores) {
  const there = new Set(matching);
  /** @type {Map<number, Match>} */
  const shown = new Map(matching.map((number) => [number, { number, score: scores[number], copies: [] }]));
  for (const group of archive.core.copies) {
    const [first, ...others] = group.filter((/** @type {number} */ number) => there.has(number));
    if (!others.length) continue;
    for (const other of others) shown.delete(other);
    const score = Math.max(scores[first], ...others.map((/** @type {number} */ other) => scores[other]));
    shown.set(first, { number: first, score, copies: others.sort((/** @type {number} */ a, /** @type {number} */ b) => a - b) });
  }
  return [...shown.values()];
}

/** Numbers are by date, the newest first, undated last, equals by id. @param {Archive} archive @param {string} sort @returns {(one: Match, other: Match) => number} */
function order({ core: { moments } }, sort) {
  if (sort === "newest") return (one, other) => one.number - other.number;
  if (sort === "relevance") return (one, other) => other.score - one.score || one.number - other.number;
  const key = (/** @type {Match} */ { number }) => moments[number] ?? Infinity;
  return (one, other) => {
    const [a, b] = [key(one), key(other)];
    return a === b ? one.number - other.number : a - b;
  };
}

/** The values of a facet, the most frequent first. @param {Archive} archive @param {string} facet @param {Match[]} shown @returns {Count[]} */
function counts({ core }, facet, shown) {
  const { values, of } = core.facets[facet];
  const found = new Map();
  for (const { number } of shown) {
    for (const value of [of[number]].flat()) if (value >= 0) found.set(value, (found.get(value) ?? 0) + 1);
  }
  return [...found]
    .map(([value, count]) => ({ value: values[value], count }))
    .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1));
}
