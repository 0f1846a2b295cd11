// What the page says, in Indonesian and English: the catalogues of searchkit, and dates.

/** @typedef {(key: string, values?: Record<string, any>) => string} Say */

/** The language of the reader: the one chosen, else the first that the browser asks for. @param {string} chosen */
export function preferred(chosen) {
  if (chosen === "id" || chosen === "en") return chosen;
  for (const language of navigator.languages) {
    const name = language.toLowerCase().split("-")[0];
    if (["id", "in", "ms"].includes(name)) return "id";
    if (name === "en") return "en";
  }
  return navigator.languages.length ? "en" : "id";
}

/** @param {Record<string, Record<string, string>>} texts @param {string} language @returns {Say} */
export function sayer(texts, language) {
  const numbers = new Intl.NumberFormat(language);
  return (key, values = {}) => {
    const said = texts[key];
    const text = (values.count === 1 && said[`${language}_one`]) || said[language];
    return text.replace(/\{(\w+)(?::[^}]*)?\}/g, (_, name) => {
      const value = values[name];
      return typeof value === "number" ? numbers.format(Math.round(value)) : String(value);
    });
  };
}

/** A time as it is written in the archive, in its own zone. @param {string} written @returns {[number, number, number, string]} */
function parts(written) {
  const match = /^(\d+)-(\d+)-(\d+)(?:T(\d+:\d+))?/.exec(written) ?? ["", "1", "1", "1", ""];
  return [Number(match[1]), Number(match[2]), Number(match[3]), match[4] ?? ""];
}

/** The day in words: 20 Juni 2024. @param {string} written @param {string} language */
export function day(written, language) {
  const [year, month, date] = parts(written);
  return `${date} ${monthName(year, month, language)}`;
}

/** Day and time in words; midnight stands for a date without a time. @param {string} written @param {string} language */
export function moment(written, language) {
  const time = parts(written)[3];
  const clock = language === "id" ? time.replace(":", ".") : time;
  const zone = { "+07:00": " WIB", "+08:00": " WITA", "+09:00": " WIT" }[written.slice(-6)] ?? "";
  return time && time !== "00:00" ? `${day(written, language)} ${clock}${zone}` : day(written, language);
}

/** A month in words: Juni 2024. @param {number} year @param {number} month @param {string} language */
export function monthName(year, month, language) {
  const name = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" }).format(Date.UTC(2000, month - 1, 15));
  return `${name} ${year}`;
}
