// Abbreviations, learned definitions and synonyms beside what was typed: see
// searchkit/query/expansion.py, of which this is a translation.

import { caseFold } from "../analysis/text.js";
import { keyOf, phraseOf, termOf } from "./lowering.js";

/** @typedef {import("./lowering.js").Term} Term */
/** @typedef {import("./lowering.js").Phrase} Phrase */
/** @typedef {import("./lowering.js").Leaf} Leaf */
/** @typedef {import("./lowering.js").Synonym} Synonym */
/** Spelling, list, worth, whether it is a short form, and what counts only in capitals. @typedef {[string, string, number, boolean, string]} Way */
/** @typedef {{ rules: string[], abbreviations: Record<string, Way[]>, synonyms: Record<string, Way[]>, learned: Record<string, Way[]>, openings: string[] }} Thesaurus */
/** Terms with the other ways to say them. @typedef {{ start: number, end: number, ways: Synonym[] }} Run */

const MOST_VARIANTS = 16;
const LONGEST_RUN = 10;
const NUMBERED = /^([\p{L}\p{Nl}\p{No}]+)([0-9]+)$/u;

export class Expander {
  /** @param {any} analyzer @param {Thesaurus} thesaurus */
  constructor(analyzer, thesaurus) {
    this.analyzer = analyzer;
    this.thesaurus = thesaurus;
    this.openings = new Set(thesaurus.openings);
  }

  /** What was typed side by side, each with the other ways to say it beside it. @param {(Term | Phrase)[]} leaves @returns {Leaf[]} */
  expand(leaves) {
    /** @type {Leaf[]} */
    const expanded = [];
    for (let at = 0; at < leaves.length; ) {
      const leaf = leaves[at];
      if (leaf.type === "phrase") {
        expanded.push(this.phrase(leaf));
        at += 1;
        continue;
      }
      const terms = [];
      for (; at < leaves.length && leaves[at].type === "term"; at += 1) terms.push(/** @type {Term} */ (leaves[at]));
      expanded.push(...this.words(terms));
    }
    return eachOnce(expanded);
  }

  /** @param {Term[]} terms @returns {Leaf[]} */
  words(terms) {
    const others = terms.map((term) => this.readings(term));
    for (const { start, end, ways } of this.runs(terms, this.thesaurus.rules)) {
      for (let place = start; place < end; place += 1) {
        const own = terms[place].term;
        others[place].push(...ways.filter(({ node }) => termsOf(node).every(({ term }) => term !== own)));
      }
    }
    for (const [start, whole] of this.numbered(terms)) {
      others[start].push(whole);
      others[start + 1].push(whole);
    }
    return terms.map((term, place) => {
      const ways = others[place];
      return ways.length && this.isTelling(term) ? { type: "synonyms", members: [typed(term), ...ways] } : term;
    });
  }

  /** The other terms under which the context may have put the same word, and two words for one with a number. @param {Term} term @returns {Synonym[]} */
  readings({ term, form }) {
    const found = this.analyzer.alternatives(term, form).map((/** @type {string} */ other) => reading(termOf(other, form)));
    const apart = this.termsIn((NUMBERED.exec(form) ?? []).slice(1).join(" "));
    return apart.length === 2 ? [...found, reading(phraseOf(apart))] : found;
  }

  /** Each word before a number as the one word it may be, with the place of the first of the two. @param {Term[]} terms @returns {[number, Synonym][]} */
  numbered(terms) {
    /** @type {[number, Synonym][]} */
    const found = [];
    terms.slice(1).forEach(({ form }, place) => {
      const word = terms[place];
      if (!/^[0-9]+$/.test(form) || !/^[\p{L}\p{Nl}\p{No}]+$/u.test(word.form) || !this.isTelling(word)) return;
      const whole = this.termsIn(`${word.form}-${form}`);
      if (whole.length === 1) found.push([place, reading(whole[0])]);
    });
    return found;
  }

  /** @param {string} text @returns {Term[]} */
  termsIn(text) {
    return this.analyzer.analyze(text).map((/** @type {Term} */ { term, form }) => termOf(term, form));
  }

  /** @param {Phrase} phrase @returns {Leaf} */
  phrase(phrase) {
    /** @type {Synonym[][]} */
    const pieces = [];
    let done = 0;
    const said = (/** @type {number} */ end) => {
      for (; done < end; done += 1) pieces.push([typed(phrase.terms[done]), ...this.readings(phrase.terms[done])]);
    };
    for (const { start, end, ways } of this.runs(phrase.terms, this.thesaurus.rules.filter((rule) => rule !== "synonym"))) {
      said(start);
      pieces.push([typed(asNode(phrase.terms.slice(start, end))), ...ways]);
      done = end;
    }
    said(phrase.terms.length);
    const members = new Map([[keyOf(phrase), typed(phrase)]]);
    for (const choice of product(pieces, MOST_VARIANTS)) {
      const terms = choice.flatMap(({ node }) => termsOf(node));
      const node = inPhrase(phrase, terms);
      const rule = choice.find((part) => part.rule !== "typed")?.rule ?? "typed";
      const weight = choice.reduce((worth, part) => worth * part.weight, 1);
      if (!members.has(keyOf(node))) members.set(keyOf(node), { node, rule, weight });
    }
    for (const [start, whole] of this.numbered(phrase.terms)) {
      const terms = [...phrase.terms.slice(0, start), ...termsOf(whole.node), ...phrase.terms.slice(start + 2)];
      const node = inPhrase(phrase, terms);
      if (!members.has(keyOf(node))) members.set(keyOf(node), reading(node));
    }
    return members.size > 1 ? { type: "synonyms", members: [...members.values()] } : phrase;
  }

  /** The runs of terms that have other ways, from left to right, the longest first. @param {Term[]} terms @param {string[]} rules @returns {Run[]} */
  runs(terms, rules) {
    const telling = [...terms.keys()].filter((place) => this.isTelling(terms[place]));
    const found = [];
    let done = 0;
    telling.forEach((start, number) => {
      if (start < done) return;
      let ends = [start + 1];
      if (number + 1 < telling.length && this.goesOn(terms[start], terms[telling[number + 1]], rules)) {
        ends = telling.slice(number).filter((place) => place < start + LONGEST_RUN).map((place) => place + 1).reverse();
      }
      for (const end of ends) {
        const ways = this.ways(terms.slice(start, end), rules);
        if (!ways.length) continue;
        found.push({ start, end, ways });
        done = end;
        break;
      }
    });
    return found;
  }

  /** Whether anything that is looked up begins with two such words. @param {Term} first @param {Term} second @param {string[]} rules */
  goesOn(first, second, rules) {
    const forms = `${this.key([first])} ${this.key([second])}`.split(" ").slice(0, 2).join(" ");
    return rules.length > 0 && (this.openings.has(forms) || this.openings.has(`${first.term} ${second.term}`));
  }

  /** @param {Term[]} terms @param {string[]} rules @returns {Synonym[]} */
  ways(terms, rules) {
    const { abbreviations, learned, synonyms } = this.thesaurus;
    const of = (/** @type {Record<string, Way[]>} */ table, /** @type {string} */ key) => (Object.hasOwn(table, key) ? table[key] : []);
    const key = this.key(terms);
    const ways = [];
    if (rules.includes("abbreviation")) ways.push(...of(abbreviations, key), ...of(learned, key));
    if (rules.includes("synonym")) {
      ways.push(...of(synonyms, terms.filter((term) => this.isTelling(term)).map(({ term }) => term).join(" ")));
    }
    const own = keyOf(asNode(terms));
    /** @type {Map<string, Synonym>} */
    const members = new Map();
    for (const way of ways) {
      const node = this.node(way, terms);
      if (node && keyOf(node) !== own && !members.has(keyOf(node))) members.set(keyOf(node), { node, rule: way[1], weight: way[2] });
    }
    return [...members.values()];
  }

  /** A way as a node, as it is spelt where its stem is another word's; null when it is meant in capitals only. @param {Way} way @param {Term[]} typed */
  node([text, rule, , short, capitals], typed) {
    const terms = this.termsIn(text);
    if (!terms.length) return null;
    if (capitals && capitals !== (short ? terms : typed)[0].term) return null;
    if (terms.length === 1 && rule !== "synonym" && caseFold(terms[0].term) !== caseFold(terms[0].form)) {
      return termOf(terms[0].term, terms[0].form, true);
    }
    return asNode(terms);
  }

  /** What a run of words is looked up by. @param {Term[]} terms */
  key(terms) {
    const forms = terms.map(({ form }) => caseFold(form)).filter((form) => !this.analyzer.lexicon.stopWords.has(form));
    return forms.join(" ").replaceAll("-", " ");
  }

  /** @param {Term} term */
  isTelling({ form }) {
    return !this.analyzer.lexicon.stopWords.has(form);
  }
}

/** @param {Term | Phrase} node @returns {Synonym} */
const typed = (node) => ({ node, rule: "typed", weight: 1 });

/** @param {Term | Phrase} node @returns {Synonym} */
const reading = (node) => ({ node, rule: "reading", weight: 1 });

/** A phrase with other terms; a term that is all there is stays as it is. @param {Phrase} phrase @param {Term[]} terms @returns {Term | Phrase} */
const inPhrase = (phrase, terms) => (terms.length > 1 ? phraseOf(terms, phrase.slop, phrase.exact) : terms[0]);

/** @param {Term[]} terms @returns {Term | Phrase} */
const asNode = (terms) => (terms.length === 1 ? terms[0] : phraseOf(terms));

/** @param {Term | Phrase} node */
const termsOf = (node) => (node.type === "phrase" ? node.terms : [node]);

/** Leaves with those of the same typed word or phrase made one. @param {Leaf[]} leaves @returns {Leaf[]} */
function eachOnce(leaves) {
  /** @type {Map<string, { node: Leaf, ways: Map<string, Synonym> }>} */
  const members = new Map();
  for (const leaf of leaves) {
    const ways = leaf.type === "synonyms" ? leaf.members : [];
    const node = ways.length ? ways[0].node : leaf;
    const known = members.get(keyOf(node)) ?? { node, ways: new Map() };
    for (const way of ways) known.ways.set(JSON.stringify(way), way);
    members.set(keyOf(node), known);
  }
  return [...members.values()].map(({ node, ways }) => (ways.size ? { type: "synonyms", members: [...ways.values()] } : node));
}

/** The first ways to choose one of each, the last changing first. @template T @param {T[][]} lists @param {number} most @returns {T[][]} */
function product(lists, most) {
  /** @type {T[][]} */
  let made = [[]];
  // Of what comes before, no more than `most` beginnings can be among the first ones.
  for (const list of lists) made = made.flatMap((before) => list.map((each) => [...before, each])).slice(0, most);
  return made;
}
