// Sastrawi's confix stripping, as PySastrawi 1.2.1 does it, for slips of the pen that no list has.
// Nazief and Adriani's rules with those of CS (Asian) and ECS; their numbers are those of Sastrawi.
// A translation of PySastrawi, under its licence:
//
//   The MIT License (MIT)
//
//   Copyright (c) 2016 Hanif Amal Robbani
//
//   Permission is hereby granted, free of charge, to any person obtaining a copy
//   of this software and associated documentation files (the "Software"), to deal
//   in the Software without restriction, including without limitation the rights
//   to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
//   copies of the Software, and to permit persons to whom the Software is
//   furnished to do so, subject to the following conditions:
//
//   The above copyright notice and this permission notice shall be included in all
//   copies or substantial portions of the Software.
//
//   THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
//   IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
//   FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
//   AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
//   LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
//   OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
//   SOFTWARE.

const C = "[bcdfghjklmnpqrstvwxyz]";
const V = "[aiueo]";
const HARD = "[bcdfghjkpqstvxz]";

/** @typedef {{ subject: string, result: string, removed: string, kind: string }} Removal */
/** @typedef {(word: string) => string | null} Rule */

/** @param {RegExp} pattern @param {string} result with $1, $2 @param {(groups: RegExpExecArray) => boolean} [refused] @returns {Rule} */
function rule(pattern, result, refused) {
  return (word) => {
    const match = pattern.exec(word);
    if (!match || refused?.(match)) return null;
    return result.replace(/\$(\d)/g, (_, number) => match[Number(number)]);
  };
}

/** @param {string} text */
const re = (text) => new RegExp(text);
/** @param {number} number @returns {(groups: RegExpExecArray) => boolean} */
const beginsWithEr = (number) => (groups) => groups[number].startsWith("er");
/** @param {RegExpExecArray} groups */
const isR = (groups) => groups[1] === "r";

/** @type {Rule} */
const plain = (word) => word.replace(/^(?:di|ke|se)/, "");

const BE = [
  [rule(re(`^ber(${V}.*)$`), "$1"), rule(re(`^ber(${V}.*)$`), "r$1")],
  [rule(re(`^ber(${C})([a-z])(.*)`), "$1$2$3", beginsWithEr(3))],
  [rule(re(`^ber(${C})([a-z])er(${V})(.*)`), "$1$2er$3$4", isR)],
  [rule(/^belajar$/, "ajar")],
  [rule(re(`^be([bcdfghjklmnpqstvwxyz])(er${C})(.*)$`), "$1$2$3")],
];
const TE = [
  [rule(re(`^ter(${V}.*)$`), "$1"), rule(re(`^ter(${V}.*)$`), "r$1")],
  [rule(re(`^ter(${C})er(${V}.*)$`), "$1er$2", isR)],
  [rule(re(`^ter(${C})(.*)$`), "$1$2", (g) => isR(g) || g[2].startsWith("er"))],
  [rule(re(`^te(${C})er(${C})(.*)$`), "$1er$2$3", isR)],
  [rule(re(`^ter(${HARD})(er${C})(.*)$`), "$1$2$3")],
];
const ME = [
  [rule(re(`^me([lrwy])(${V})(.*)$`), "$1$2$3")],
  [rule(/^mem([bfv])(.*)$/, "$1$2")],
  [rule(/^mempe(.*)$/, "pe$1")],
  [rule(re(`^mem(${V})(.*)$`), "m$1$2"), rule(re(`^mem(${V})(.*)$`), "p$1$2")],
  [rule(/^men([cdjstz])(.*)$/, "$1$2")],
  [rule(re(`^men(${V})(.*)$`), "n$1$2"), rule(re(`^men(${V})(.*)$`), "t$1$2")],
  [rule(/^meng([ghqk])(.*)$/, "$1$2")],
  [
    rule(re(`^meng(${V})(.*)$`), "$1$2"),
    rule(re(`^meng(${V})(.*)$`), "k$1$2"),
    rule(/^menge(.*)$/, "$1"),
    rule(re(`^meng(${V})(.*)$`), "ng$1$2"),
  ],
  [rule(re(`^meny(${V})(.*)$`), "ny$1$2"), rule(re(`^meny(${V})(.*)$`), "s$1$2")],
  [rule(/^memp([abcdfghijklmopqrstuvwxyz])(.*)$/, "p$1$2")],
];
const PE = [
  [rule(re(`^pe([wy])(${V})(.*)$`), "$1$2$3")],
  [rule(re(`^per(${V})(.*)$`), "$1$2"), rule(re(`^pe(r${V})(.*)$`), "$1$2")],
  [rule(re(`^per(${C})([a-z])(.*)$`), "$1$2$3", beginsWithEr(3))],
  [rule(re(`^per(${C})([a-z])er(${V})(.*)$`), "$1$2er$3$4", isR)],
  [rule(/^pem([bfv])(.*)$/, "$1$2")],
  [rule(re(`^pem(${V})(.*)$`), "m$1$2"), rule(re(`^pem(${V})(.*)$`), "p$1$2")],
  [rule(/^pen([cdjstz])(.*)$/, "$1$2")],
  [rule(re(`^pen(${V})(.*)$`), "n$1$2"), rule(re(`^pen(${V})(.*)$`), "t$1$2")],
  [rule(re(`^peng(${C})(.*)$`), "$1$2")],
  [
    rule(re(`^peng(${V})(.*)$`), "$1$2"),
    rule(re(`^peng(${V})(.*)$`), "k$1$2"),
    rule(/^penge(.*)$/, "$1"),
  ],
  [rule(re(`^peny(${V})(.*)$`), "ny$1$2"), rule(re(`^peny(${V})(.*)$`), "s$1$2")],
  [(/** @type {string} */ word) => (word === "pelajar" ? "ajar" : rule(re(`^pe(l${V})(.*)$`), "$1$2")(word))],
  [rule(re(`^pe(${C})(.*)$`), "$1$2", beginsWithEr(2))],
  [rule(re(`^pe(${HARD})(er${C})(.*)$`), "$1$2$3")],
];
const INFIXES = ["er", "el", "em", "in"].map((infix) => [
  rule(re(`^(${C})(${infix}${V})(.*)$`), "$1$2$3"),
  rule(re(`^(${C})${infix}(${V})(.*)$`), "$1$2$3"),
]);
const KU = [[rule(/^ku(.*)$/, "$1")]];
const KAU = [[rule(/^kau(.*)$/, "$1")]];
/** @type {Record<string, Rule[][]>} */
const BY_START = { be: [...BE, ...INFIXES], te: [...TE, ...INFIXES], me: [...ME, ...INFIXES], pe: [...PE, ...INFIXES], ku: KU, ka: KAU };
const PREFIX_FIRST = /^(?:be.*lah|be.*an|me.*i|di.*i|pe.*i|ter.*i)$/;

export class Sastrawi {
  /** @param {Set<string>} roots */
  constructor(roots) {
    this.roots = roots;
  }

  /** The root of a word without hyphens; the word itself when there is none. @param {string} word */
  stem(word) {
    const found = new Stripping(this.roots, word).result();
    return this.roots.has(found) ? found : word;
  }
}

/** The stripping of one word. */
class Stripping {
  /** @param {Set<string>} roots @param {string} word */
  constructor(roots, word) {
    this.roots = roots;
    this.original = word;
    this.word = word;
    /** @type {Removal[]} */
    this.removals = [];
  }

  get found() {
    return this.roots.has(this.word);
  }

  /** What is left of the word. @returns {string} */
  result() {
    if (this.found || this.word.length <= 3) {
      // Sastrawi stops at a short word, but goes on with the steps that follow.
      if (this.found) return this.word;
    }
    if (PREFIX_FIRST.test(this.original)) {
      this.removePrefixes();
      if (this.found) return this.word;
      this.removeSuffixes();
      if (this.found) return this.word;
      this.word = this.original;
      this.removals = [];
    }
    this.removeSuffixes();
    if (this.found) return this.word;
    this.removePrefixes();
    if (!this.found) this.returnSuffixes();
    return this.word;
  }

  /** @param {string} result @param {string} kind */
  take(result, kind) {
    this.removals.push({ subject: this.word, result, removed: this.word.replace(result, ""), kind });
    this.word = result;
  }

  removeSuffixes() {
    for (const [pattern, kind] of /** @type {[RegExp, string][]} */ ([
      [/-*(?:lah|kah|tah|pun)$/, "P"],
      [/-*(?:ku|mu|nya)$/, "PP"],
      [/(?:is|isme|isasi|i|kan|an)$/, "DS"],
    ])) {
      const result = this.word.replace(pattern, "");
      if (result !== this.word) this.take(result, kind);
      if (this.found || this.short) return;
    }
  }

  /** Sastrawi stops after one step once a word was too short at the start. */
  get short() {
    return this.original.length <= 3;
  }

  removePrefixes() {
    for (let round = 0; round < 3; round += 1) {
      this.removePrefix();
      if (this.found) return;
    }
  }

  removePrefix() {
    const stripped = plain(this.word);
    if (stripped !== this.word) {
      this.take(stripped, "DP");
      return;
    }
    if (this.found || this.short) return;
    for (const rules of BY_START[this.word.slice(0, 2)] ?? INFIXES) {
      let result = null;
      for (const each of rules) {
        result = each(this.word);
        if (result !== null && this.roots.has(result)) break;
      }
      if (result !== null) {
        this.take(result, "DP");
        return;
      }
    }
  }

  /** ECS: take prefixes off again with one suffix after another returned. */
  returnSuffixes() {
    if (this.removals.length) this.word = this.removals[0].subject;
    this.removals = this.removals.filter((removal) => removal.kind !== "DP");
    const removals = [...this.removals];
    const before = this.word;
    for (const removal of [...removals].reverse()) {
      if (removal.removed === "kan") {
        this.word = `${removal.result}k`;
        this.removePrefixes();
        if (this.found) return;
        this.word = `${removal.result}kan`;
      } else {
        this.word = removal.subject;
      }
      this.removePrefixes();
      if (this.found) return;
      this.removals = removals;
      this.word = before;
    }
  }
}
