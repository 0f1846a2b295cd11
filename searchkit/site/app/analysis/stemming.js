// Stems of folded words: the arbiter, above it spellings and exceptions, below it Sastrawi.

import { Arbiter } from "./arbitration.js";
import { Sastrawi } from "./sastrawi.js";
import { standard } from "./spelling.js";

/** @typedef {import("./arbitration.js").Verdict} Verdict */
/** @typedef {import("./lexicon.js").Lexicon} Lexicon */

const STEMMABLE = /^[a-z]{3,40}(?:-[a-z]{2,40})*$/;
const LIKELY_SLIP = 8;
const SHORTEST_BASE = 4;

export class Stemmer {
  /** @param {Lexicon} lexicon */
  constructor(lexicon) {
    this.lexicon = lexicon;
    this.arbiter = new Arbiter(lexicon);
    this.sastrawi = new Sastrawi(lexicon.roots);
    /** @type {Map<string, Verdict>} */
    this.verdicts = new Map();
  }

  /** The stem of a folded word, and whether it may be a name instead. @param {string} word @returns {Verdict} */
  verdict(word) {
    let verdict = this.verdicts.get(word);
    if (!verdict) {
      verdict = this.judge(word);
      this.verdicts.set(word, verdict);
    }
    return verdict;
  }

  /** @param {string} word @returns {Verdict} */
  judge(word) {
    const exception = this.lexicon.exceptions.get(word);
    if (exception) return { stem: exception, doubtful: false };
    if (!STEMMABLE.test(word)) return { stem: word, doubtful: false };
    const standardWord = standard(this.lexicon, word);
    const { stem, doubtful } = this.judgeStandard(standardWord.word);
    const spelled = this.lexicon.spellings.get(stem);
    const root = spelled ? this.arbiter.verdict(spelled).stem : stem;
    const mayBeName = standardWord.doubtful && this.arbiter.verdict(word).stem !== root;
    return { stem: root, doubtful: doubtful || mayBeName };
  }

  /** @param {string} spelled @returns {Verdict} */
  judgeStandard(spelled) {
    const verdict = this.arbiter.verdict(spelled);
    if (verdict.stem === spelled && this.looksDerived(spelled) && !this.arbiter.stays(spelled)) {
      const base = this.sastrawi.stem(spelled);
      return base.length >= SHORTEST_BASE ? { stem: base, doubtful: true } : verdict;
    }
    return verdict;
  }

  /** @param {string} word */
  looksDerived(word) {
    return word.length >= LIKELY_SLIP && /^(?:di|me|pe|ke|ber|ter)/.test(word) && !this.lexicon.exists(word);
  }
}
