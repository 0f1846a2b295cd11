// Abbreviations, learned definitions and synonyms beside what was typed: see
// searchkit/query/expansion.py, of which this is a translation.

import { caseFold } from "../analysis/text.js";
import { amountsOtherwise } from "./amounts.js";
import { Joining } from "./joining.js";
import { isCompound, joined, keysOf, openingOf } from "./keys.js";
import { lawNumbers, OF_THE_YEAR, saidOtherwise } from "./laws.js";
import { keyOf, phraseOf, termOf } from "./lowering.js";

/** @typedef {import("./lowering.js").Term} Term */
/** @typedef {import("./lowering.js").Phrase} Phrase */
/** @typedef {import("./lowering.js").Leaf} Leaf */
/** @typedef {import("./lowering.js").Synonym} Synonym */
/** @typedef {import("./lowering.js").Quoted} Quoted */
/** Spelling, list, worth, whether it is a short form, and what counts only in capitals. @typedef {[string, string, number, boolean, string]} Way */
/** @typedef {{ rules: string[], abbreviations: Record<string, Way[]>, synonyms: Record<string, Way[]>, learned: Record<string, Way[]>, openings: string[], laws: import("./laws.js").Laws, prefixes: string[] }} Thesaurus */
/** Terms with the other ways to say them. @typedef {{ start: number, end: number, ways: Synonym[] }} Run */

const MOST_VARIANTS = 16;
const MOST_READINGS = 4;
const MOST_WORDS = 12;
const OPENING = 4; // words of a query, of which the first two of a key are made

export class Expander {
  /** @param {any} analyzer @param {Thesaurus} thesaurus */
  constructor(analyzer, thesaurus) {
    this.analyzer = analyzer;
    this.thesaurus = thesaurus;
    this.joining = new Joining(analyzer, thesaurus.prefixes);
    this.openings = new Set(thesaurus.openings);
  }

  /** What was typed side by side, each with the other ways to say it beside it. @param {(Term | Phrase | Quoted)[]} leaves @returns {Leaf[]} */
  expand(leaves) {
    /** @type {Leaf[]} */
    const expanded = [];
    for (let at = 0; at < leaves.length; ) {
      const leaf = leaves[at];
      if (leaf.type === "quoted") {
        expanded.push(this.quoted(leaf.leaf));
        at += 1;
        continue;
      }
      const words = [];
      for (; at < leaves.length && leaves[at].type !== "quoted"; at += 1) words.push(/** @type {Term | Phrase} */ (leaves[at]));
      expanded.push(...this.words(words));
    }
    return eachOnce(expanded);
  }

  /** @param {Term | Phrase} leaf @returns {Leaf} */
  quoted(leaf) {
    if (leaf.type === "phrase") return this.phrase(leaf);
    return this.withWays(leaf, [...this.readings(leaf), ...this.runs([leaf], this.named, false).flatMap(({ ways }) => ways)]);
  }

  /** @param {(Term | Phrase)[]} typed @returns {Leaf[]} */
  words(typed) {
    const { leaves, numbers } = this.withLawNumbers(typed);
    const terms = leaves.flatMap(termsOf);
    // Of each term the place of its leaf: a compound typed as one word is a phrase.
    const places = leaves.flatMap((leaf, place) => termsOf(leaf).map(() => place));
    const others = leaves.map((leaf, place) => (numbers.has(place) ? this.numbers(termsOf(leaf), false) : this.variants(leaf)));
    for (const { start, end, ways } of this.runs(terms, this.thesaurus.rules, true)) {
      const covered = places.slice(start, end);
      for (const place of new Set(covered)) {
        const own = termsOf(leaves[place]);
        if (covered.filter((each) => each === place).length !== own.length) continue;
        others[place].push(...ways.filter(({ node }) => !holds(node, own)));
      }
    }
    for (const [start, end, whole] of this.asOne(terms)) {
      const covered = places.slice(start, end);
      for (const place of new Set(covered)) {
        const own = termsOf(leaves[place]).length;
        // What is all of a leaf is said otherwise by that one.
        if (own < end - start && covered.filter((each) => each === place).length === own) others[place].push(reading(whole));
      }
    }
    return leaves.map((leaf, place) => this.withWays(leaf, others[place]));
  }

  /** Leaves with the number of a law as one phrase, and the places of such numbers. @param {(Term | Phrase)[]} leaves */
  withLawNumbers(leaves) {
    const terms = leaves.flatMap(termsOf);
    const found = lawNumbers(terms.map(({ form }) => form), this.thesaurus.laws);
    /** @type {(Term | Phrase)[]} */
    const made = [];
    const numbers = new Set();
    const ends = new Set();
    let [start, done] = [0, 0];
    for (const leaf of leaves) ends.add((start += termsOf(leaf).length));
    start = 0;
    for (const leaf of leaves) {
      const end = found.get(start) ?? 0;
      if (ends.has(end) && (terms[end - 2].form === OF_THE_YEAR || !ends.has(end - 1))) {
        numbers.add(made.length);
        made.push(phraseOf(terms.slice(start, end)));
        done = end;
      } else if (start >= done) made.push(leaf);
      start += termsOf(leaf).length;
    }
    return { leaves: made, numbers };
  }

  /** The other ways to say the number of a law. @param {Term[]} terms @param {boolean} whole @returns {Synonym[]} */
  numbers(terms, whole) {
    const ways = saidOtherwise(terms.map(({ form }) => form), whole).map((text) => reading(asNode(this.termsIn(text))));
    return ways.filter(({ node }) => keyOf(node) !== keyOf(asNode(terms)));
  }

  /** A leaf with other ways to say it; a stop word has none. @param {Term | Phrase} leaf @param {Synonym[]} ways @returns {Leaf} */
  withWays(leaf, ways) {
    if (!ways.length || (leaf.type === "term" && !this.isTelling(leaf))) return leaf;
    return { type: "synonyms", members: [typed(leaf), ...ways] };
  }

  /** The other ways to say one word by itself, but for those that lists give it. @param {Term | Phrase} leaf @returns {Synonym[]} */
  variants(leaf) {
    if (leaf.type === "term") return this.readings(leaf);
    const expanded = this.phrase(leaf);
    return expanded.type === "synonyms" ? expanded.members.slice(1) : [];
  }

  /** The rules for what is quoted. */
  get named() {
    return this.thesaurus.rules.filter((rule) => rule !== "synonym");
  }

  /** The other terms under which the context may have put the same word, and the two words that it may be written in. @param {Term} term @returns {Synonym[]} */
  readings(term) {
    const others = this.analyzer.alternatives(term.term, term.form);
    const found = others.map((/** @type {string} */ other) => reading(termOf(other, term.form)));
    const parts = this.joining.writtenApart(term);
    return parts ? [...found, reading(parts)] : found;
  }

  /** The other ways to say words that are one thing together, with where these are. @param {Term[]} terms @returns {[number, number, Term | Phrase][]} */
  asOne(terms) {
    const amounts = amountsOtherwise(terms.map(({ form }) => form));
    return [
      ...this.joining.writtenAsOne(terms).map(([start, whole]) => /** @type {[number, number, Term | Phrase]} */ ([start, start + 2, whole])),
      ...amounts.map(([start, end, text]) => /** @type {[number, number, Term | Phrase]} */ ([start, end, asNode(this.termsIn(text))])),
    ];
  }

  /** @param {string} text @returns {Term[]} */
  termsIn(text) {
    return this.analyzer.analyze(text).map((/** @type {Term} */ { term, form }) => termOf(term, form));
  }

  /** @param {Phrase} phrase @returns {Leaf} */
  phrase(phrase) {
    const members = new Map([[keyOf(phrase), typed(phrase)]]);
    for (const choice of product(this.pieces(phrase.terms), MOST_VARIANTS)) {
      const terms = choice.flatMap(({ node }) => termsOf(node));
      const node = inPhrase(phrase, terms);
      const rule = choice.find((part) => part.rule !== "typed")?.rule ?? "typed";
      const weight = choice.reduce((worth, part) => worth * part.weight, 1);
      if (!members.has(keyOf(node))) members.set(keyOf(node), { node, rule, weight });
    }
    for (const [start, end, whole] of this.asOne(phrase.terms)) {
      const terms = [...phrase.terms.slice(0, start), ...termsOf(whole), ...phrase.terms.slice(end)];
      const node = inPhrase(phrase, terms);
      if (!members.has(keyOf(node))) members.set(keyOf(node), reading(node));
    }
    return members.size > 1 ? { type: "synonyms", members: [...members.values()] } : phrase;
  }

  /** What a phrase is made of, one after another: the ways to say each piece. @param {Term[]} terms @returns {Synonym[][]} */
  pieces(terms) {
    const said = (/** @type {Term} */ term) => [typed(term), ...this.readings(term)];
    /** @type {Synonym[][]} */
    const pieces = [];
    let [first, done] = [0, 0];
    for (const { start, end, ways } of this.runs(terms, this.named, false)) {
      if (start >= done) {
        pieces.push(...terms.slice(done, start).map(said), [...this.read(terms.slice(start, end), "typed", 1), ...ways]);
        [first, done] = [start, end];
        continue;
      }
      for (const way of ways) {
        const inside = [...terms.slice(first, start), ...termsOf(way.node), ...terms.slice(end, done)];
        pieces[pieces.length - 1].push({ ...way, node: asNode(inside) });
      }
    }
    return [...pieces, ...terms.slice(done).map(said)];
  }

  /** Words said by a rule, then in the other readings of them. @param {Term[]} terms @param {string} rule @param {number} weight @returns {Synonym[]} */
  read(terms, rule, weight) {
    const readings = terms.map((term) => [
      term, ...this.analyzer.alternatives(term.term, term.form).map((/** @type {string} */ other) => termOf(other, term.form)),
    ]);
    return product(readings, MOST_READINGS).map((choice, number) => (
      { node: asNode(choice), rule: number && rule === "typed" ? "reading" : rule, weight }
    ));
  }

  /** The runs of terms that have other ways, from left to right, the longest first, with those of several words within the one before; of words that may stand apart, the stop words inside count for nothing. @param {Term[]} terms @param {string[]} rules @param {boolean} apart @returns {Run[]} */
  runs(terms, rules, apart) {
    const found = [];
    // Half of a compound has no synonyms.
    const words = forms(terms);
    const inside = words.map((word, place) => place > 0 && isCompound(this.analyzer.lexicon, words[place - 1], word));
    const numbers = apart ? new Map() : lawNumbers(terms.map(({ form }) => form), this.thesaurus.laws);
    let done = 0;
    for (let start = 0; start < terms.length; start += 1) {
      const goesOn = numbers.has(start) || this.goesOn(terms.slice(start, start + MOST_WORDS), rules, apart);
      const longest = goesOn ? MOST_WORDS : 1;
      for (let end = Math.min(start + longest, start < done ? done : terms.length); end > start; end -= 1) {
        const within = start < done;
        if (within && end - start === 1) break;
        const ways = this.ways(terms.slice(start, end), within || inside[start] || inside[end] ? this.named : rules, apart);
        if (numbers.get(start) === end) ways.push(...this.numbers(terms.slice(start, end), true));
        if (!ways.length) continue;
        found.push({ start, end, ways });
        done = Math.max(done, end);
      }
    }
    return found;
  }

  /** Whether anything that is looked up begins with such words. @param {Term[]} following @param {string[]} rules @param {boolean} apart */
  goesOn(following, rules, apart) {
    if (following.length < 2 || !rules.length) return false;
    const key = this.key(following.slice(0, OPENING));
    // A compound is one word in a key, which opens nothing else.
    if (key.startsWith(forms(following.slice(0, 2)).join(""))) return true;
    const openings = [openingOf(key)];
    if (apart) {
      const telling = following.filter((term, place) => !place || this.isTelling(term)).slice(0, OPENING);
      openings.push(openingOf(this.key(telling)), telling.slice(0, 2).map(({ term }) => term).join(" "));
    }
    return openings.some((opening) => this.openings.has(opening));
  }

  /** @param {Term[]} terms @param {string[]} rules @param {boolean} apart @returns {Synonym[]} */
  ways(terms, rules, apart) {
    if (!terms.some((term) => this.isTelling(term))) return [];
    const { abbreviations, learned, synonyms } = this.thesaurus;
    const of = (/** @type {Record<string, Way[]>} */ table, /** @type {string} */ key) => (Object.hasOwn(table, key) ? table[key] : []);
    const ways = [];
    if (rules.includes("abbreviation")) {
      const keys = keysOf(this.analyzer.lexicon, forms(terms));
      for (const key of [...(apart ? keys : keys.slice(0, 1)), ...withoutAffixes(terms)]) ways.push(...of(abbreviations, key), ...of(learned, key));
    }
    if (rules.includes("synonym") && this.isTelling(terms[0]) && this.isTelling(terms[terms.length - 1])) {
      ways.push(...of(synonyms, terms.filter((term) => this.isTelling(term)).map(({ term }) => term).join(" ")));
    }
    const own = keyOf(asNode(terms));
    /** @type {Map<string, Synonym>} */
    const members = new Map();
    for (const said of ways.flatMap((way) => this.nodes(way, terms))) {
      if (keyOf(said.node) !== own && !members.has(keyOf(said.node))) members.set(keyOf(said.node), said);
    }
    return [...members.values()];
  }

  /** A way in its readings, as it is spelt where its stem is another word's; nothing when it is meant in capitals only. @param {Way} way @param {Term[]} typed @returns {Synonym[]} */
  nodes([text, rule, weight, short, capitals], typed) {
    const terms = this.termsIn(text);
    if (!terms.length) return [];
    if (capitals && capitals !== (short ? terms : typed)[0].term) return [];
    if (terms.length === 1 && rule !== "synonym" && caseFold(terms[0].term) !== caseFold(terms[0].form)) {
      return [{ node: termOf(terms[0].term, terms[0].form, true), rule, weight }];
    }
    return this.read(terms, rule, weight);
  }

  /** What a run of words is looked up by. @param {Term[]} terms */
  key(terms) {
    return joined(this.analyzer.lexicon, forms(terms));
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

/** The forms of words, also of those that count only in capitals. @param {Term[]} terms */
const forms = (terms) => terms.map(({ form }) => caseFold(form));

/** The key of what hyphens join affixes to. @param {Term[]} terms */
const withoutAffixes = (terms) => (terms.length === 1 && terms[0].form.includes("-") ? [caseFold(terms[0].term)] : []);

/** Whether a way holds the words themselves. @param {Term | Phrase} node @param {Term[]} words */
const holds = (node, words) =>
  words.every(({ term, form }) => termsOf(node).some((each) => each.term === term || each.form === form));

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
