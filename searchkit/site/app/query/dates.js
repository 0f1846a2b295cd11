// Dates as people ask for them: see searchkit/query/dates.py and searchkit/query/spans.py, of which
// this is a translation.

import { splitBlanks } from "../analysis/text.js";

/** Days from the first to the last, both included, counted from 1970. @typedef {[number, number]} Period */
/** Days as `2024-06-03`, "" for an open end, and where they stop in the text. @typedef {{ low: string, high: string, stop: number }} Span */

const LONGEST_DATE = 40;
const MOST_WORDS = 4;
const DAY = 86_400_000; // milliseconds
const JAKARTA = 7 * 3_600_000;
const QUOTES = '"“”„«»';
const RANGE = /([[{])([^[\]{}]{0,100})([\]}])/y;
const RANGE_WORD = /\s(?:to|sampai|hingga|s\.d\.)\s/iu;
const COMPARISON = /(>=|<=|>|<)?\s?/y;
const ENCLOSED = new RegExp(`[${QUOTES}]([^${QUOTES}]{0,100})[${QUOTES}]|\\(([^()${QUOTES}]{0,100})\\)`, "y");
const VALUE_WORD = new RegExp(`\\s{0,9}[^\\s()${QUOTES}^]{1,100}`, "uy");
// A month, then a number that belongs to the word behind it: only in English the day comes last.
const COUNTING = /(([\p{L}]+)\.?\s+[0-9]{1,2})\s+(?!(?:AND|DAN|OR|ATAU|NOT|BUKAN)\s)[\p{L}]+(?![\p{L}\p{N}_:])/uy;
const IN_ENGLISH = ["january", "february", "march", "may", "june", "july", "august", "october", "december"];

const COUNT = "[0-9]{1,4}|se";
const UNIT = "hari|minggu|pekan|bulan|tahun|days?|weeks?|months?|years?";
const ONE_DAY = /** @type {Record<string, number>} */ ({
  "hari ini": 0, today: 0, kemarin: 1, yesterday: 1, besok: -1, tomorrow: -1,
});
const THIS = whole(`(?<unit>${UNIT})\\s+ini|this\\s+(?<english>week|month|year)`);
const BEFORE = whole(`(?<unit>${UNIT})\\s+(?:lalu|kemarin|sebelumnya)|(?:last|previous)\\s+(?<english>week|month|year)`);
const LATEST = whole(
  `(?<count>${COUNT})\\s*(?<unit>${UNIT})\\s+(?:terakhir|belakangan)|(?:last|past)\\s+(?<number>${COUNT})\\s+(?<english>${UNIT})`,
);
const AGO = whole(`(?<count>${COUNT})\\s*(?<unit>${UNIT})\\s+(?:yang\\s+)?(?:lalu|ago)`);
const YEAR = whole("([0-9]{4})(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?");
const DAY_FIRST = whole("(?:([0-9]{1,2})[-/.])?([0-9]{1,2})[-/.]([0-9]{4})");
const UNITS = /** @type {Record<string, string>} */ ({
  hari: "day", minggu: "week", pekan: "week", bulan: "month", tahun: "year",
});
const FIRST = /** @type {number} */ (dayOf(1, 1, 1));
const LAST = /** @type {number} */ (dayOf(9999, 12, 31));

/** @param {string} pattern */
function whole(pattern) {
  return new RegExp(`^(?:${pattern})$`);
}

/** A day counted from 1970; null if there is none. @param {number} year @param {number} month @param {number} day */
function dayOf(year, month, day) {
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, day);
  const exists = year >= 1 && year <= 9999 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  return exists ? made.getTime() / DAY : null;
}

/** Year, month and day. @param {number} day */
function partsOf(day) {
  const made = new Date(day * DAY);
  return [made.getUTCFullYear(), made.getUTCMonth() + 1, made.getUTCDate()];
}

/** @param {number} day */
const isoOf = (day) => partsOf(day).map((part, place) => String(part).padStart(place ? 2 : 4, "0")).join("-");

/** @param {number} year @param {number} month */
const lastOf = (year, month) => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

/** @param {number} year @param {number} month @param {string} [day] "" for all of the month @returns {Period | null} */
function inMonth(year, month, day = "") {
  const first = dayOf(year, month, day ? Number(day) : 1);
  if (first === null) return null;
  return [first, day ? first : first + lastOf(year, month) - 1];
}

/** @param {number} day */
const within = (day) => Math.min(Math.max(day, FIRST), LAST);

/** Today, in Jakarta. */
export const today = () => Math.floor((Date.now() + JAKARTA) / DAY);

/** Reads dates, seen from today. */
export class Dates {
  /** @param {Record<string, number>} months by name @param {string} dayNames a pattern @param {number} now */
  constructor(months, dayNames, now = today()) {
    this.months = months;
    this.now = now;
    const day = `(?:(?:${dayNames}|(?:mon|tues|wednes|thurs|fri|satur|sun)day),?\\s+)?`;
    this.named = whole(`(?:${day}(?<day>[0-9]{1,2})\\s+)?(?<month>[a-z]{3,9})\\.?(?:\\s+(?<year>[0-9]{4}))?`);
    this.monthFirst = whole(
      `${day}(?<month>[a-z]{3,9})\\.?\\s+(?<day>[0-9]{1,2})(?:st|nd|rd|th)?(?:,?\\s+(?<year>[0-9]{4}))?`,
    );
  }

  /** The days from one to another that stand at a place; null when there are none. @param {string} text @param {number} i @returns {Span | null} */
  spanAt(text, i) {
    const range = matchAt(RANGE, text, i);
    const ends = range ? ` ${range[2]} `.split(RANGE_WORD).map(unquoted) : [];
    if (range && ends.length === 2 && ends.every((end) => end === "" || this.read(end))) {
      return this.span(ends[0], ends[1], range[1] === "[", range[3] === "]", i + range[0].length);
    }
    const [all, sign = ""] = /** @type {RegExpExecArray} */ (matchAt(COMPARISON, text, i));
    for (const [value, stop] of valuesAt(text, i + all.length)) {
      if (value ? !this.read(value) : sign) continue;
      if (sign.startsWith(">")) return this.span(value, "", sign === ">=", true, stop);
      if (sign.startsWith("<")) return this.span("", value, true, sign === "<=", stop);
      return this.span(value, value, true, true, stop);
    }
    return null;
  }

  /** @param {string} low @param {string} high @param {boolean} withLow @param {boolean} withHigh @param {number} stop @returns {Span} */
  span(low, high, withLow, withHigh, stop) {
    const [from, to] = [low, high].map((end) => this.read(end));
    return {
      low: from ? isoOf(withLow ? from[0] : from[1] + 1) : "",
      high: to ? isoOf(withHigh ? to[1] : to[0] - 1) : "",
      stop,
    };
  }

  /** The days that a text means; null if it is no date. @param {string} text @returns {Period | null} */
  read(text) {
    text = splitBlanks(text.toLowerCase()).join(" ");
    if (!text || text.length > LONGEST_DATE) return null;
    if (Object.hasOwn(ONE_DAY, text)) {
      const day = within(this.now - ONE_DAY[text]);
      return [day, day];
    }
    return this.relative(text) ?? this.calendar(text);
  }

  /** @param {string} text @returns {Period | null} */
  relative(text) {
    let found = THIS.exec(text)?.groups;
    if (found) return this.around(this.now, unitOf(found));
    found = BEFORE.exec(text)?.groups;
    if (found) return this.around(this.back(1, unitOf(found)), unitOf(found));
    found = LATEST.exec(text)?.groups;
    if (found) {
      const first = this.back(countOf(found.count ?? found.number), unitOf(found));
      return [Math.min(within(first + 1), this.now), this.now];
    }
    found = AGO.exec(text)?.groups;
    if (!found) return null;
    const day = this.back(countOf(found.count), unitOf(found));
    return [day, day];
  }

  /** The week, month or year that a day lies in. @param {number} day @param {string} unit @returns {Period | null} */
  around(day, unit) {
    const [year, month] = partsOf(day);
    if (unit === "month") return inMonth(year, month);
    if (unit === "year") return yearOf(year);
    if (unit !== "week") return [day, day];
    const monday = within(day - ((new Date(day * DAY).getUTCDay() + 6) % 7));
    return [monday, within(monday + 6)];
  }

  /** The day so many units before today; of a shorter month, its last day. @param {number} count @param {string} unit */
  back(count, unit) {
    if (unit === "day" || unit === "week") return within(this.now - count * (unit === "week" ? 7 : 1));
    const [nowYear, nowMonth, day] = partsOf(this.now);
    const months = nowYear * 12 + nowMonth - 1 - count * (unit === "year" ? 12 : 1);
    if (months < 12) return FIRST;
    const [year, month] = [Math.floor(months / 12), (months % 12) + 1];
    return /** @type {number} */ (dayOf(year, month, Math.min(day, lastOf(year, month))));
  }

  /** @param {string} text @returns {Period | null} */
  calendar(text) {
    let [year, month, day] = YEAR.exec(text)?.slice(1) ?? [];
    if (!year) [day, month, year] = DAY_FIRST.exec(text)?.slice(1) ?? [];
    if (year) return month ? inMonth(Number(year), Number(month), day) : yearOf(Number(year));
    const named = (this.named.exec(text) ?? this.monthFirst.exec(text))?.groups;
    if (!named || !Object.hasOwn(this.months, named.month)) return null;
    return this.ofName(named.day, this.months[named.month], named.year);
  }

  /** Without a year, the latest that has begun. @param {string | undefined} day @param {number} month @param {string | undefined} year @returns {Period | null} */
  ofName(day, month, year) {
    if (year) return inMonth(Number(year), month, day);
    if (day && (Number(day) < 1 || Number(day) > lastOf(2024, month))) return null;
    const [thisYear] = partsOf(this.now);
    for (let past = 0; past < 9; past += 1) {
      const period = inMonth(Math.max(thisYear - past, 1), month, day);
      if (period && period[0] <= this.now) return period;
    }
    return [FIRST, FIRST];
  }
}

/** @param {number} year @returns {Period | null} */
function yearOf(year) {
  const [first, last] = [dayOf(year, 1, 1), dayOf(year, 12, 31)];
  return first === null || last === null ? null : [first, last];
}

/** @param {Record<string, string>} groups */
function unitOf({ english, unit }) {
  const word = english ?? unit;
  return UNITS[word] ?? word.replace(/s$/, "");
}

/** @param {string} text */
const countOf = (text) => (text === "se" ? 1 : Number(text));

/** @param {RegExp} pattern sticky @param {string} text @param {number} at */
function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** What may be the value at a place, and where it stops: the most words first. @param {string} text @param {number} i @returns {[string, number][]} */
function valuesAt(text, i) {
  const enclosed = matchAt(ENCLOSED, text, i);
  if (enclosed) return [[unquoted(enclosed[1] ?? enclosed[2]), i + enclosed[0].length]];
  const stops = [];
  for (let at = i; stops.length < MOST_WORDS; ) {
    const word = matchAt(VALUE_WORD, text, at);
    if (!word) break;
    at += word[0].length;
    stops.push(at);
  }
  const counting = matchAt(COUNTING, text, i);
  const counted = counting && !IN_ENGLISH.includes(counting[2].toLowerCase()) ? i + counting[1].length : -1;
  return stops.reverse().filter((stop) => stop !== counted).map((stop) => {
    const value = text.slice(i, stop).replace(/[,;]+$/, "");
    return [unquoted(value), i + value.length];
  });
}

/** @param {string} value */
function unquoted(value) {
  const bare = splitBlanks(value.trim().replace(new RegExp(`^[${QUOTES}]+|[${QUOTES}]+$`, "g"), "")).join(" ");
  return bare === "*" ? "" : bare;
}
