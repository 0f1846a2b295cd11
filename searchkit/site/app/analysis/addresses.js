// The host of a web or mail address, as Python's urllib finds it.

import { APOSTROPHES, fold } from "./normalization.js";
import { strip } from "./text.js";

const GROUP = "[0-9a-fA-F]{1,4}";

/** The term of an address. @param {string} address */
export function host(address) {
  if (address.includes("@") && !address.includes("://")) return address.toLowerCase();
  const name = hostName(address).replace(/^www\./, "");
  return name || strip(fold(address), APOSTROPHES);
}

/** @param {string} address */
function hostName(address) {
  const slashes = address.includes("://") ? address.indexOf("//") : -2;
  const netloc = address.slice(slashes + 2).split(/[/?#]/, 1)[0];
  if (!isValid(netloc)) return "";
  const after = netloc.slice(netloc.lastIndexOf("@") + 1);
  const bracket = after.indexOf("[");
  const name = bracket >= 0 ? after.slice(bracket + 1).split("]", 1)[0] : after.split(":", 1)[0];
  const zone = name.indexOf("%");
  return zone < 0 ? name.toLowerCase() : name.slice(0, zone).toLowerCase() + name.slice(zone);
}

/** Whether Python would not refuse it. @param {string} netloc */
function isValid(netloc) {
  const [opened, closed] = [netloc.includes("["), netloc.includes("]")];
  if (opened !== closed) return false;
  if (opened) {
    const inside = netloc.slice(netloc.indexOf("[") + 1).split("]", 1)[0];
    if (!(inside.startsWith("v") ? /^v[a-fA-F0-9]+\../s.test(inside) : isIPv6(inside))) return false;
  }
  const plain = netloc.replace(/[@:#?]/g, "");
  const unified = plain.normalize("NFKC");
  return plain === unified || !/[/?#@:]/.test(unified);
}

/** @param {string} text */
function isIPv6(text) {
  const [address, ...zones] = text.split("%");
  if (zones.length > 1 || (zones.length && !zones[0])) return false;
  const four = address.lastIndexOf(":") + 1;
  let groups = address;
  if (address.slice(four).includes(".")) {
    const parts = address.slice(four).split(".");
    if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256)) {
      return false;
    }
    groups = `${address.slice(0, four)}0:0`;
  }
  const halves = groups.split("::");
  if (halves.length > 2) return false;
  const counted = halves.map((half) => (half ? half.split(":") : []));
  if (!counted.flat().every((group) => new RegExp(`^${GROUP}$`).test(group))) return false;
  const count = counted.flat().length;
  return halves.length === 2 ? count < 8 : count === 8;
}
