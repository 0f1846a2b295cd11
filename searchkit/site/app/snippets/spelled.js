// Which places are spelled as the query is: see searchkit/snippets/spelled.py.

import { fold } from "../analysis/normalization.js";
import { typedTerms } from "./beside.js";

/** @typedef {import("./marks.js").Mark} Mark */

const WORD = /[\p{L}\p{N}_]+/gu;
const CLITICS = new Set(["", "nya", "ku", "mu", "lah", "kah", "pun"]);

export class Spelled {
  /** @param {import("../query/lowering.js").Leaf[]} leaves */
  constructor(leaves) {
    this.forms = leaves.map((leaf) => typedTerms(leaf)).map((terms) => (terms.length === 1 ? terms[0].form : ""));
  }

  /** The leaves that any of the marks shows as they were typed. @param {string} text @param {Mark[]} marks @returns {Set<number>} */
  leaves(text, marks) {
    const found = new Set();
    for (const { start, end, leaves } of marks) {
      const words = fold(text.slice(start, end)).match(WORD) ?? [];
      for (const leaf of leaves) {
        const form = this.forms[leaf];
        if (form && words.some((word) => word.startsWith(form) && CLITICS.has(word.slice(form.length)))) found.add(leaf);
      }
    }
    return found;
  }
}
