// Which documents match, and their scores, by the formulas of docs/ranking.md: see
// searchkit/engines/rescoring/scoring.py, of which this is a translation.

import { FIELDS } from "./index/postings.js";
import { isLeaf, keyOf, leavesOf } from "./query/lowering.js";

/** @typedef {import("./query/lowering.js").Node} Node */
/** @typedef {import("./query/lowering.js").Leaf} Leaf */
/** @typedef {import("./index/archive.js").Archive} Archive */
/** @typedef {import("./index/archive.js").Found} Found */
/** By document: whether it matches, and its score. @typedef {{ mask: Uint8Array, scores: Float64Array }} Result */

const DAY = 24 * 60 * 60;
const ROUNDING = 1e-4; // a share that is met exactly must not be missed for a rounded sum
const HIGHEST = 1e30;
const HIGHEST_BOOST = 1e6;

export class Scoring {
  /** @param {Archive} archive @param {Node} node @param {Map<string, Found>} found */
  constructor(archive, node, found) {
    this.core = archive.core;
    this.size = archive.size;
    this.ranking = archive.core.ranking;
    this.found = found;
    this.node = node;
    /** The leaves that score, with what each is multiplied by. @type {Map<string, number>} */
    this.boosts = new Map();
    boosted(node, 1, (key, boost) => this.boosts.set(key, Math.max(boost, this.boosts.get(key) ?? 0)));
    this.leaves = [...this.boosts].filter(([, boost]) => boost).map(([key]) => key);
    /** Which of them were typed as numbers. */
    this.numbers = this.leaves.map((key) => /^\p{Nd}/u.test(typedForm(JSON.parse(key))));
  }

  /** The documents that match and pass, and the score of each by number. @param {Uint8Array} passing */
  run(passing) {
    const { mask, scores } = this.evaluate(this.node);
    const matching = [];
    for (let number = 0; number < this.size; number += 1) {
      if (mask[number] && passing[number]) matching.push(number);
    }
    const final = new Float64Array(this.size);
    for (const number of matching) final[number] = this.final(number, scores[number]);
    const best = [...matching].sort((one, other) => final[other] - final[one] || one - other);
    if (this.leaves.length) {
      for (const number of best.slice(0, this.ranking.reranked)) {
        final[number] = this.final(number, scores[number] + this.bonus(number));
      }
    }
    return { matching, scores: final, mask };
  }

  /** A score with recency, articles at 1 and above, items below. @param {number} number @param {number} score */
  final(number, score) {
    const { moments, newest, recency, articles } = this.core;
    if (recency.strength && newest !== null && moments[number] !== null) {
      const age = Math.max(newest - moments[number], 0) / DAY;
      score *= 1 + recency.strength * 2 ** (-age / recency.halfLife);
    }
    return Math.fround(articles[number] ? 1 + score : score / (1 + score));
  }

  /** What an occurrence counts: the weight of its field over the norm. @param {number} run */
  worth(run) {
    const field = run % FIELDS;
    const name = this.core.fields[field];
    const b = this.ranking.b[name] ?? this.ranking.default_b;
    const length = this.core.lengths[field][Math.floor(run / FIELDS)];
    return this.ranking.weights[name] / (1 - b + (b * length) / Math.max(this.core.averages[field], 1));
  }

  /** @param {Node} node @returns {Result} */
  evaluate(node) {
    if (isLeaf(node)) return this.leaf(keyOf(node));
    const all = () => new Float64Array(this.size);
    switch (node.type) {
      case "and": {
        const results = node.children.map((child) => this.evaluate(child));
        const scores = all().map((_, n) => results.reduce((sum, each) => sum + each.scores[n], 0));
        return { mask: this.mask((n) => results.every(({ mask }) => mask[n])), scores };
      }
      case "or":
        return this.any(node);
      case "without": {
        const inner = this.evaluate(node.node);
        const { mask } = this.evaluate(node.excluded);
        return { mask: inner.mask.map((there, n) => (there && !mask[n] ? 1 : 0)), scores: inner.scores };
      }
      case "boosted": {
        const { mask, scores } = this.evaluate(node.node);
        const factor = Math.min(node.factor, HIGHEST_BOOST);
        return { mask, scores: scores.map((score) => Math.min(score * factor, HIGHEST)) };
      }
      case "value":
        return { mask: this.having(node.field, node.value), scores: all() };
      case "has":
        return { mask: this.mask((n) => node.fields.some((field) => this.has(n, field))), scores: all() };
      case "dates": {
        const { moments } = this.core;
        return { mask: this.mask((n) => isWithin(moments[n], node.start, node.end)), scores: all() };
      }
    }
    return { mask: new Uint8Array(this.size).fill(node.type === "all" ? 1 : 0), scores: all() };
  }

  /** @param {(number: number) => unknown} test */
  mask(test) {
    return new Uint8Array(this.size).map((_, number) => (test(number) ? 1 : 0));
  }

  /** The documents with a value of a keyword field. @param {string} field @param {string} value */
  having(field, value) {
    const { articles, facets } = this.core;
    if (field === "kind") return this.mask((n) => value === (articles[n] ? "article" : "item"));
    const wanted = facets[field].keys.indexOf(value);
    return this.mask((n) => wanted >= 0 && [facets[field].of[n]].flat().includes(wanted));
  }

  /** Whether a document has a word or a value in a text field or a facet. @param {number} number @param {string} field */
  has(number, field) {
    const { fields, lengths, facets } = this.core;
    if (fields.includes(field)) return lengths[fields.indexOf(field)][number] > 0;
    return field === "kind" || [facets[field].of[number]].flat().some((/** @type {number} */ value) => value >= 0);
  }

  /** @param {Node & { type: "or" }} node @returns {Result} */
  any(node) {
    const results = node.children.map((child) => this.evaluate(child));
    const weights = node.children.map((child) => leavesOf(child).reduce((sum, leaf) => sum + this.idf(keyOf(leaf)), 0));
    const whole = Math.max(weights.reduce((sum, weight) => sum + weight, 0), 1e-9);
    const mask = new Uint8Array(this.size);
    const scores = new Float64Array(this.size);
    for (let n = 0; n < this.size; n += 1) {
      let [matching, covered, total] = [0, 0, 0];
      results.forEach((result, place) => {
        if (!result.mask[n]) return;
        matching += 1;
        covered += weights[place];
        total += result.scores[n];
      });
      const share = Math.min(covered / whole, 1);
      mask[n] = matching >= node.minimum && share >= node.share - ROUNDING ? 1 : 0;
      scores[n] = total * share ** this.ranking.coverage;
    }
    return { mask, scores };
  }

  /** @param {string} key */
  idf(key) {
    return this.of(key).idf;
  }

  /** @param {string} key @returns {Found} */
  of(key) {
    return /** @type {Found} */ (this.found.get(key));
  }

  /** @param {string} key @returns {Result} */
  leaf(key) {
    const { spans, exact, idf } = this.of(key);
    const { k1, exact: bonus } = this.ranking;
    const frequency = new Float64Array(this.size);
    for (const [run, { weights }] of spans) {
      frequency[Math.floor(run / FIELDS)] += this.worth(run) * weights.reduce((sum, weight) => sum + weight, 0);
    }
    const typed = new Float64Array(this.size);
    for (const [run, count] of exact ?? []) typed[Math.floor(run / FIELDS)] += this.worth(run) * count;
    const scores = frequency.map((tf, n) => (idf * (k1 + 1) * tf) / (tf + k1) + (bonus * idf * typed[n]) / (typed[n] + k1));
    return { mask: this.mask((n) => frequency[n] > 0), scores };
  }

  // The closer look

  /** What the closer look adds to the score of a document. @param {number} number */
  bonus(number) {
    const worths = this.leaves.map((key) => this.idf(key) * /** @type {number} */ (this.boosts.get(key)));
    const here = this.leaves.map((key) => (/** @type {number} */ field) => this.of(key).spans.get(number * FIELDS + field));
    let total = 0;
    here.forEach((spans, place) => (total += this.lead(spans) * worths[place]));
    for (let place = 1; place < here.length; place += 1) {
      const factor = this.numbers[place - 1] || this.numbers[place] ? this.ranking.numbers : 1;
      const worth = Math.min(worths[place - 1], worths[place]) * factor;
      total += this.proximity(number, here[place - 1], here[place]) * worth;
    }
    const titles = this.ranking.titles.map((/** @type {string} */ name) => this.core.fields.indexOf(name));
    if (here.length > 1 && titles.some((/** @type {number} */ field) => here.every((spans) => spans(field)))) {
      total += this.ranking.headline * worths.reduce((sum, worth) => sum + worth, 0);
    }
    return total;
  }

  /** @typedef {(field: number) => { starts: number[], ends: number[] } | undefined} Here */

  /** @param {Here} spans */
  lead(spans) {
    const { lead, lead_half: half } = this.ranking;
    if (spans(this.core.fields.indexOf("headline"))) return lead;
    const body = spans(this.core.fields.indexOf("body"));
    return body ? lead * 2 ** (-body.starts[0] / half) : 0;
  }

  /** @param {number} number @param {Here} first @param {Here} second */
  proximity(number, first, second) {
    const { k1, proximity, window } = this.ranking;
    let near = 0;
    for (let field = 0; field < FIELDS; field += 1) {
      const [one, other] = [first(field), second(field)];
      if (one && other) near += nearness(one, other, window) * this.worth(number * FIELDS + field);
    }
    return (proximity * (k1 + 1) * near) / (near + k1);
  }
}

/** @param {{ starts: number[], ends: number[] }} first @param {{ starts: number[], ends: number[] }} second @param {number} window */
function nearness(first, second, window) {
  let total = 0;
  second.starts.forEach((start, place) => {
    const end = second.ends[place];
    let distance = window + 1;
    for (const before of first.ends) if (before < start) distance = Math.min(distance, start - before);
    for (const after of first.starts) if (after > end) distance = Math.min(distance, after - end + 1);
    if (distance <= window) total += 1 / distance ** 2;
  });
  return total;
}

/** The first word of a leaf as it was typed, folded. @param {Leaf} leaf @returns {string} */
function typedForm(leaf) {
  if (leaf.type === "in") return typedForm(leaf.leaf);
  if (leaf.type === "synonyms") return typedForm(leaf.members[0].node);
  return leaf.type === "phrase" ? leaf.terms[0].form : leaf.form;
}

/** @param {Node} node @param {number} boost @param {(key: string, boost: number) => void} tell */
function boosted(node, boost, tell) {
  if (isLeaf(node)) tell(keyOf(node), boost);
  else if ("children" in node) node.children.forEach((child) => boosted(child, boost, tell));
  else if (node.type === "without") boosted(node.node, boost, tell);
  else if (node.type === "boosted") boosted(node.node, Math.min(boost * node.factor, HIGHEST), tell);
}

/** @param {number | null} moment @param {number | null} start @param {number | null} end */
export function isWithin(moment, start, end) {
  return moment !== null && (start === null || moment >= start) && (end === null || moment < end);
}
