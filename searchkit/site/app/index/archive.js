// An exported archive: what is known of all documents, and what is fetched when it is asked for.

import { IndonesianAnalyzer } from "../analysis/indonesian.js";
import { Lexicon } from "../analysis/lexicon.js";
import { keyOf, termOf } from "../query/lowering.js";
import { Packs, Shards } from "./packs.js";
import { decoded, FIELDS, merged, ofForm, phrasePlaces, spansOf } from "./postings.js";

/** @typedef {import("../query/lowering.js").Leaf} Leaf */
/** @typedef {import("../query/lowering.js").Term} Term */
/** @typedef {import("../query/lowering.js").Phrase} Phrase */
/** @typedef {import("./postings.js").Spans} Spans */
/** What a leaf stands for and where; `exact` counts its typed form by run, null where there is none. @typedef {{ spans: Spans, exact: Map<number, number> | null, idf: number }} Found */

const MOST_EXPANSIONS = 100;

export class Archive {
  /** @param {Packs} packs @param {any} core */
  constructor(packs, core) {
    this.packs = packs;
    this.core = core;
    /** @type {number} */
    this.size = core.ids.length;
    this.terms = new Shards(packs, "terms", core.starts.terms);
    this.forms = new Shards(packs, "forms", core.starts.forms);
    /** @type {Promise<IndonesianAnalyzer> | null} */
    this.language = null;
    /** @type {Map<string, number>} */
    this.numbers = new Map(core.ids.map((/** @type {string} */ id, /** @type {number} */ number) => [id, number]));
  }

  /** @param {import("./packs.js").Load} load @returns {Promise<Archive>} */
  static async open(load) {
    const packs = new Packs(load);
    packs.bytes("wording").catch(() => {}); // at the same time: a page begins with both
    return new Archive(packs, await packs.json("core"));
  }

  /** The analyzer; its lists are fetched when it is first asked for. @returns {Promise<IndonesianAnalyzer>} */
  analyzer() {
    this.language ??= this.packs.json("lexicon").then((data) => new IndonesianAnalyzer(new Lexicon(data)));
    this.language.catch(() => (this.language = null));
    return this.language;
  }

  /** What is shown of documents, by their numbers. @param {number[]} numbers @returns {Promise<any[]>} */
  texts(numbers) {
    const { texts } = this.core.starts;
    return Promise.all(numbers.map(async (number) => {
      let chunk = 0;
      while (chunk + 1 < texts.length && texts[chunk + 1] <= number) chunk += 1;
      return (await this.packs.json(`texts/${chunk}`))[number - texts[chunk]];
    }));
  }

  /** Where leaves stand, by their keys. @param {Leaf[]} leaves @returns {Promise<Map<string, Found>>} */
  async lookUp(leaves) {
    return new Map(await Promise.all(leaves.map(async (leaf) =>
      /** @type {[string, Found]} */ ([keyOf(leaf), await this.found(leaf)]))));
  }

  /** @param {Leaf} leaf @returns {Promise<Found>} */
  async found(leaf) {
    const { bare, fields } = within(leaf, this.core.fields);
    const members = await this.members(bare);
    const places = await Promise.all(members.map(async ({ node, weight }) => ({ places: await this.places(node), weight })));
    const spans = only(spansOf(places), fields);
    const typed = members[0]?.node;
    let exact = null;
    if (typed?.type === "term" && !typed.exact) {
      const forms = only(await this.formPlaces(typed.form), fields);
      exact = new Map([...forms].map(([run, positions]) => [run, positions.length]));
    }
    const having = new Set([...spans.keys()].map((run) => Math.floor(run / FIELDS))).size;
    return { spans, exact, idf: Math.log(1 + (Math.max(this.size - having, 0) + 0.5) / (having + 0.5)) };
  }

  /** @param {Leaf} leaf @returns {Promise<{ node: Term | Phrase, weight: number }[]>} */
  async members(leaf) {
    if (leaf.type === "synonyms") return leaf.members;
    if (leaf.type !== "prefix") return [{ node: /** @type {Term | Phrase} */ (leaf), weight: 1 }];
    const forms = await this.forms.beginning(leaf.form);
    const order = (/** @type {[string, any]} */ [one, [count]], /** @type {[string, any]} */ [other, [count2]]) =>
      count2 - count || (one < other ? -1 : 1);
    const begun = forms.sort(order).slice(0, MOST_EXPANSIONS).map(([form]) => termOf(form, form, true));
    return [...begun, ...leaf.also].map((node) => ({ node, weight: 1 }));
  }

  /** @param {Term | Phrase} node @returns {Promise<Map<number, [number, number][]>>} */
  async places(node) {
    if (node.type === "phrase") {
      const words = await Promise.all(node.terms.map((term) => (node.exact ? this.formPlaces(term.form) : this.termPlaces(term.term))));
      return phrasePlaces(words, node.slop);
    }
    const found = await (node.exact ? this.formPlaces(node.form) : this.termPlaces(node.term));
    return new Map([...found].map(([run, positions]) => [run, positions.map((at) => /** @type {[number, number]} */ ([at, at]))]));
  }

  /** @param {string} term @returns {Promise<Map<number, number[]>>} */
  async termPlaces(term) {
    const entry = await this.terms.entry(term);
    if (!entry) return new Map();
    return new Map([...decoded(entry.bytes, entry.value.length > 1)].map(([run, { positions }]) => [run, positions]));
  }

  /** @param {string} form @returns {Promise<Map<number, number[]>>} */
  async formPlaces(form) {
    const entry = await this.forms.entry(form);
    if (!entry) return new Map();
    const [, ...terms] = entry.value;
    return merged(await Promise.all(terms.map(async (/** @type {string} */ term) => {
      const found = await this.terms.entry(term);
      return found ? ofForm(decoded(found.bytes, found.value.length > 1), found.value.indexOf(form)) : new Map();
    })));
  }
}

/** A leaf without the fields around it, and the numbers of those to look in. @param {Leaf} leaf @param {string[]} known */
function within(leaf, known) {
  let fields = known;
  while (leaf.type === "in") {
    const asked = leaf.fields;
    fields = fields.filter((field) => asked.includes(field));
    leaf = leaf.leaf;
  }
  return { bare: leaf, fields: fields.length === known.length ? null : fields.map((field) => known.indexOf(field)) };
}

/** @template T @param {Map<number, T>} runs @param {number[] | null} fields null for all @returns {Map<number, T>} */
function only(runs, fields) {
  return fields ? new Map([...runs].filter(([run]) => fields.includes(run % FIELDS))) : runs;
}
