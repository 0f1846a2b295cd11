// Runs the scripts of an export in node: reads lines of JSON, each what is asked for, and answers each.
//   node search.mjs FOLDER   FOLDER is the versioned folder of an export
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const module = (name) => import(pathToFileURL(join(folder, "app", name)).href);
const { Archive } = await module("index/archive.js");
const { search } = await module("search.js");
const { Highlighter } = await module("snippets/fragments.js");
const { sentenceStarts } = await module("snippets/sentences.js");
const { parse } = await module("query/parsing.js");
const { Expander } = await module("query/expansion.js");
const { leavesOf, Lowering } = await module("query/lowering.js");
const { readAddress, wrongDays } = await module("page/address.js");
const { blocksOf } = await module("page/blocks.js");
const archive = await Archive.open((name) => readFile(join(folder, name)));
const analyzer = await archive.analyzer();
const nothing = { kind: "", values: {}, since: "", until: "", sort: "relevance", facets: [] };

const marked = ({ text, marks }) => {
  let [said, done] = ["", 0];
  for (const [start, end] of marks) {
    said += `${text.slice(done, start)}«${text.slice(start, end)}»`;
    done = end;
  }
  return said + text.slice(done);
};

const answers = {
  analyze: ({ text }) => analyzer.analyze(text).map(({ term, form, start, end, position }) =>
    [term, form, text.slice(start, end), position]),
  days({ text }) {
    const query = readAddress(text);
    return [query.since, query.until, wrongDays(query)?.[0] ?? ""];
  },
  sentences: ({ text }) => sentenceStarts(text, archive.core.sentences).slice(1),
  parse: ({ text }) => parse(text, archive.core.query),
  async leaves({ text }) {
    const expander = new Expander(analyzer, await archive.packs.json("thesaurus"));
    const lowering = new Lowering(analyzer, archive.core.query, (leaves) => expander.expand(leaves));
    return leavesOf(lowering.lower(parse(text, archive.core.query).node));
  },
  async search({ text, ...asked }) {
    const found = await search(archive, text, { ...nothing, ...asked });
    const shown = found.matches.slice(0, 10);
    const highlighter = new Highlighter(analyzer, archive.core.sentences, found.leaves, found.weights, found.beside);
    const texts = await archive.texts(shown.map(({ number }) => number));
    return {
      total: found.matches.length,
      relaxed: found.relaxed,
      unknown: found.unknown,
      facets: found.facets,
      ids: found.matches.map(({ number }) => archive.core.ids[number]),
      scores: found.matches.map(({ score }) => score),
      copies: found.matches.map(({ copies }) => copies.map((number) => archive.core.ids[number])),
      titles: texts.map((each) => marked(highlighter.whole(...Object.entries(blocksOf(each))[0]))),
      fragments: texts.map((each) => highlighter.fragments(blocksOf(each)).map(marked)),
    };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { what, ...asked } = JSON.parse(line);
  console.log(JSON.stringify(await answers[what](asked)));
}
