// Amounts of money, Rp5 miliar and 5 miliar rupiah: see searchkit/query/amounts.py.

const NUMBER = /^[0-9]+(?:,[0-9]+)?$/;
const SCALES = ["ribu", "juta", "miliar", "milyar", "triliun"];
const BEHIND = new Map([["rp", "rupiah"], ["usd", "dolar AS"]]);
const BEFORE = new Map([...BEHIND].map(([sign, name]) => [name, sign]));
const MOST_WORDS = 2;

/** Where amounts begin and end among forms, and the other way to say each. @param {string[]} forms @returns {[number, number, string][]} */
export function amountsOtherwise(forms) {
  /** @type {[number, number, string][]} */
  const found = [];
  forms.forEach((form, start) => {
    if (!NUMBER.test(form)) return;
    const end = start + (SCALES.includes(forms[start + 1]) ? 2 : 1);
    const amount = forms.slice(start, end).join(" ");
    const name = BEHIND.get(forms[start - 1]);
    if (name) {
      found.push([start - 1, end, `${amount} ${name}`]);
      return;
    }
    for (let stop = end + 1; stop <= Math.min(end + MOST_WORDS, forms.length); stop += 1) {
      const sign = BEFORE.get(forms.slice(end, stop).join(" "));
      if (sign) found.push([start, stop, `${sign} ${amount}`]);
    }
  });
  return found;
}
