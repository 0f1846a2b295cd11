// Numbers of laws and rulings, UU 11/2020 and UU Nomor 11 Tahun 2020: see searchkit/query/laws.py.

/** Words for laws, and how others of them begin. @typedef {{ words: string[], beginnings: string[] }} Laws */

const NUMBER = /^[0-9]{1,4}$/;
const YEAR = /^(?:19|20)[0-9]{2}$/;
const BEFORE = ["nomor", "no"];
export const OF_THE_YEAR = "tahun";

/** Where the numbers of laws begin and end among folded words. @param {string[]} forms @param {Laws} laws @returns {Map<number, number>} */
export function lawNumbers(forms, { words, beginnings }) {
  const found = new Map();
  forms.forEach((form, year) => {
    if (!YEAR.test(form)) return;
    const number = forms[year - 1] === OF_THE_YEAR ? year - 2 : year - 1;
    if (number <= 0 || !NUMBER.test(forms[number])) return;
    const before = forms[number - 1];
    if (BEFORE.includes(before)) found.set(number - 1, year + 1);
    else if (words.includes(before) || beginnings.some((each) => before.startsWith(each))) found.set(number, year + 1);
  });
  return found;
}

/** The ways to say the number of a law, all where it is the whole of what stands between other words. @param {string[]} forms @param {boolean} whole @returns {string[]} */
export function saidOtherwise(forms, whole) {
  const year = forms[forms.length - 1];
  const number = forms[forms.length - (forms[forms.length - 2] === OF_THE_YEAR ? 3 : 2)];
  const short = [`${number} ${year}`, `${number} ${OF_THE_YEAR} ${year}`];
  return whole ? [...short, ...BEFORE.flatMap((word) => short.map((said) => `${word} ${said}`))] : short;
}
