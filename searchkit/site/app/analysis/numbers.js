// Numbers, amounts and dates written in digits, brought to one form.

import { fold, HYPHENS } from "./normalization.js";
import { integer, isDigit, length, strip, stripEnd, stripStart } from "./text.js";

export const MONTHS = [
  "januari", "februari", "maret", "april", "mei", "juni",
  "juli", "agustus", "september", "oktober", "november", "desember",
];

/** What stands between the parts of a date in digits. */
export const DATE_SIGNS = `/${HYPHENS}`;

const DATE = /^(0?[1-9]|[12]\p{Nd}|3[01])\/(0?[1-9]|1[0-2])(?:\/((?:19|20)?\p{Nd}\p{Nd}))?$/du;
const THIS_CENTURY = 69;
const DASHED_DATE = new RegExp(
  `^(\\p{Nd}\\p{Nd}?)[${HYPHENS}](0?[1-9]|1[0-2])[${HYPHENS}]((?:19|20)\\p{Nd}\\p{Nd})$`, "du",
);
const THOUSANDS =
  /^(?:\p{Nd}{1,3}(?:\.\p{Nd}{3})+(?:,\p{Nd}+)?|\p{Nd}{1,3}(?:,\p{Nd}{3}){2,}(?:\.\p{Nd}+)?)$/u;
const FRACTION = /^(\p{Nd}+)[.,:](\p{Nd}+)$/u;

const RANGED = "(?:(?:19|20)\\p{Nd}\\p{Nd}|\\p{Nd}+(?:[.,:]\\p{Nd}+)+)";
const RANGE = new RegExp(`^${RANGED}(?:[${HYPHENS}]${RANGED})+$`, "u");
const SEASON = new RegExp(`^((?:19|20)\\p{Nd}\\p{Nd})[/${HYPHENS}](\\p{Nd}\\p{Nd})$`, "u");
/** @type {Record<string, string>} */
const SIGNS = { "%": "persen", us$: "usd" };
const ENDS = new RegExp(`[^${HYPHENS}]+`, "g");
const AN = new RegExp(`[${HYPHENS}]?[aA][nN]$`);

/**
 * The tokens of a number as the tokenizer found it: (term, start, end) each.
 * @param {string} raw
 * @returns {[string, number, number][]}
 */
export function numberTerms(raw) {
  const date = DATE.exec(raw) ?? DASHED_DATE.exec(raw);
  if (date) {
    const places = /** @type {[number, number][]} */ (/** @type {any} */ (date).indices);
    const found = /** @type {[string, number, number][]} */ ([
      [integer(date[1]), ...places[1]],
      [MONTHS[Number(date[2]) - 1], ...places[2]],
    ]);
    if (date[3]) found.push([inFull(date[3]), ...places[3]]);
    return found;
  }
  const season = SEASON.exec(raw);
  const after = season ? Number(integer(season[1])) + 1 : 0;
  if (season && Number(integer(season[2])) === after % 100) {
    return [
      [number(season[1]), 0, season[1].length],
      [String(after), season[1].length + 1, raw.length],
    ];
  }
  raw = raw.replace(AN, "");
  return [...raw.matchAll(/[^/]+/g)].flatMap((part) => {
    const ends = RANGE.test(part[0]) ? [...part[0].matchAll(ENDS)] : [Object.assign([part[0]], { index: 0 })];
    return ends.map((end) => {
      const start = part.index + end.index;
      return /** @type {[string, number, number]} */ ([number(end[0]), start, start + end[0].length]);
    });
  });
}

/** @param {string} whole @param {string} fraction */
const fractional = (whole, fraction) => (fraction ? `${whole},${fraction}` : whole);

/** A year of two digits with its century. @param {string} year */
function inFull(year) {
  if (length(year) !== 2) return year;
  return (Number(integer(year)) < THIS_CENTURY ? "20" : "19") + year;
}

/** @param {string} raw */
function number(raw) {
  const digits = strip(fold(raw), ".,:/-");
  if (digits in SIGNS) return SIGNS[digits];
  if (THOUSANDS.test(digits)) {
    const [thousands, decimals] = digits.split(",")[0].includes(".") ? [".", ","] : [",", "."];
    const [whole, fraction = ""] = digits.replaceAll(thousands, "").split(decimals);
    return fractional(whole, stripEnd(fraction, "0"));
  }
  const found = FRACTION.exec(digits);
  if (found) {
    // A zero at the end says something in a time, 10.30, and in thousands after English, 5,000.
    const says = !digits.includes(",") || length(found[2]) === 3;
    return fractional(found[1], says ? found[2] : stripEnd(found[2], "0"));
  }
  if (length(digits) === 2 && isDigit(digits)) return stripStart(digits, "0") || "0";
  return digits;
}
