// The parts of a document that are searched, by the field of each: see searchkit/documents/blocks.py.

/** @param {any} text what is stored of a document @returns {Record<string, string>} the headline or title first */
export function blocksOf(text) {
  if (text.kind === "item") return { sidebar: text.title, teaser: text.summary };
  return {
    headline: text.headline,
    body: text.body.join("\n\n"),
    caption: text.caption,
    section: text.section,
    reporter: text.reporter,
    tags: text.tags.join(", "),
  };
}
