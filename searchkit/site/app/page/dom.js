// Elements made of text, never of HTML: what a page of the archive says is shown and not read.

// What XML forbids, and what turns the direction of writing: a page must not steer its reader.
const STEERING = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Cs}/gu;

/** Text of the archive with what could steer the page made visible. @param {string} text */
export const harmless = (text) => text.replace(STEERING, "\ufffd");

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element; attributes that are null or false are left out.
 * @param {string} name @param {Record<string, any>} [attributes] @param {...(Child | Child[])} children
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child || child === "") made.append(typeof child === "string" ? harmless(child) : /** @type {Node} */ (child));
  }
  return made;
}

/** A fragment with its marks as elements. @param {import("../snippets/fragments.js").Fragment} fragment @returns {Child[]} */
export function marked({ text, marks, before, after }) {
  /** @type {Child[]} */
  const made = [before && "…\u00a0"];
  let done = 0;
  for (const [start, end] of marks) {
    made.push(text.slice(done, start), element("mark", {}, text.slice(start, end)));
    done = end;
  }
  return [...made, text.slice(done), after && "\u00a0…"];
}

/** An address if it can be a link: http or https without blanks. @param {string} url */
export function webAddress(url) {
  if (/\s/.test(url) || harmless(url) !== url) return "";
  try {
    return ["http:", "https:"].includes(new URL(url).protocol) && /^https?:\/\//i.test(url) ? url : "";
  } catch {
    return "";
  }
}
