"""Checks an index: every file, every posting list, every stored document."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from searchkit.engines import locking, manifest
from searchkit.engines.fields import Fields
from searchkit.engines.findings import Checked, FaultOf
from searchkit.engines.whoosh.checksums import BLOCK
from searchkit.engines.whoosh.index import SafeIndex
from searchkit.engines.whoosh.leftovers import is_leftover
from searchkit.engines.whoosh.postings import PostingLists, split_key
from searchkit.engines.whoosh.segment import ENDINGS, KEYS, POSTINGS, STORED, TABLES, CompactSegment
from searchkit.engines.whoosh.stored import DocumentReader
from searchkit.engines.whoosh.tables import Array, MappedFile
from searchkit.engines.whoosh.terms import TermsReader
from searchkit.errors import IndexDamaged, IndexMissing, SearchIndexError

_TOGETHER = 4_000_000
"""Documents and positions of the lists that are checked together."""

_NAMES = (manifest.FILE_NAME, manifest.BACKUP_NAME, locking.FILE_NAME)

_WITHOUT_REASON = {
    "is damaged": "it is not as it was written",
    "is missing from the index": "it is missing",
}

_MOST_MISSED = 10
"""Commits that may pass while one is being checked."""


def check_index(index: SafeIndex, fault_of: FaultOf) -> Checked:
    """Check the newest commit in the folder of `index` and name files that it has no use for.

    `fault_of` judges each stored object. Raises OSError when a file cannot be read at all.
    """
    for _ in range(_MOST_MISSED):
        state = index.state()
        checked = _check_commit(index, fault_of)
        # A writer may have published a commit meanwhile, and removed what it does not need.
        if not checked.findings or state == index.state():
            break
    _check_names(checked, index)
    return checked


def _check_commit(index: SafeIndex, fault_of: FaultOf) -> Checked:
    try:
        return check_segments(index, fault_of)
    except (IndexDamaged, IndexMissing) as error:
        name = index.toc_name(index.latest_generation())
        known = (index.folder / name).exists()
        checked = Checked()
        reason = _reason(error, index.folder / name) if known else "there is no table of contents"
        checked.add("damaged", name if known else "", reason)
        return checked


def _check_names(checked: Checked, index: SafeIndex) -> None:
    """Name the files that the newest commit does not need."""
    with locking.unless_written(index.folder) as unwritten:
        if not unwritten:
            return
        try:
            toc = index._read_toc()
        except SearchIndexError:
            return  # nobody can tell what is needed
        segments = {segment.segment_id() for segment in toc.segments}
        names = {entry.name for entry in index.folder.iterdir()}
        known = {index.toc_name(toc.generation), *_NAMES}
        known |= {segment + ending for segment in segments for ending in ENDINGS}
    for name in sorted(names - known - manifest.INNOCENT):
        if is_leftover(name, segments):
            checked.add("leftover", name, "of a writer that was ended; the next one removes it")
        else:
            checked.add("unknown", name, "not a file of searchkit; it is left alone")


def check_segments(index: SafeIndex, fault_of: FaultOf) -> Checked:
    """Check the newest commit of `index`; `fault_of` judges each stored object.

    Raises IndexDamaged when the commit has no table of contents that can be read, OSError when a
    file cannot be read at all.
    """
    checked = Checked()
    ids: Counter[str] = Counter()
    for segment in index._read_toc().segments:
        checked.documents += segment.doc_count_all() - segment.deleted_count()
        checked.size += sum(sums.size for sums in segment.checksums.values())
        if _files_are_sound(checked, index.folder, segment):
            _check_content(checked, index, segment, fault_of, ids)
    for document_id, count in ids.items():
        if count > 1:
            checked.add("damaged", "", f"document {document_id} is there {count} times")
    return checked


def _files_are_sound(checked: Checked, folder: Path, segment: CompactSegment) -> bool:
    sound = True
    for ending in ENDINGS:
        path = folder / segment.make_filename(ending)
        sums = segment.checksums[ending]
        try:
            file = MappedFile(path, sums)
        except IndexDamaged as error:
            sound = False
            checked.add("damaged", path.name, _reason(error, path))
            continue
        blocks = list(sums.damaged(memoryview(file.buffer)))
        if blocks:
            sound = False
            end = min((blocks[0] + 1) * BLOCK, sums.size) - 1
            checked.add(
                "damaged",
                path.name,
                f"{len(blocks)} of its {sums.count} blocks are not as they were written, the first "
                f"at bytes {blocks[0] * BLOCK} to {end}",
            )
    return sound


def _check_content(
    checked: Checked,
    index: SafeIndex,
    segment: CompactSegment,
    fault_of: FaultOf,
    ids: Counter[str],
) -> None:
    """Check what the files of a segment hold; they are as they were written."""
    folder, fields = index.folder, index.fields
    names = {ending: segment.make_filename(ending) for ending in ENDINGS}
    try:
        terms = TermsReader(folder, segment)
        documents = DocumentReader(folder, segment)
        checked.add_all(names[TABLES], _table_faults(segment, documents, fields))
        checked.add_all(names[KEYS], _key_faults(terms))
        checked.add_all(names[POSTINGS], _posting_faults(terms, documents, fields))
        checked.add_all(names[STORED], _stored_faults(segment, documents, terms, fault_of))
        live = set(range(segment.doc_count_all())) - segment.deleted
        ids.update(documents.id(number) for number in live)
    except IndexDamaged as error:
        path = next((folder / n for n in names.values() if n in str(error)), folder)
        checked.add("damaged", path.name, _reason(error, path))


def _table_faults(
    segment: CompactSegment, documents: DocumentReader, fields: Fields
) -> Iterator[str]:
    """Yield what is wrong with the tables by document; IndexDamaged when they do not fit at all."""
    assert documents.copies is not None
    for field in fields.facets:
        documents.facet(field)
    sizes = documents.sizes(np.arange(documents.doc_count_all()))
    if (sizes.astype(np.int64) <= 0).any():
        yield "the places of stored documents do not ascend"
    for field in documents.field_names():
        lengths = documents.lengths(field)
        assert lengths is not None, "it was named"
        if int(lengths.sum(dtype=np.uint64)) != segment.field_lengths.get(field):
            yield f"the lengths of {field} do not add up to that of the table of contents"


def _key_faults(terms: TermsReader) -> Iterator[str]:
    last = b""
    for _, key in terms.rows():
        if key <= last:
            yield f"the term {split_key(key)} is out of order"
        last = key


def _posting_faults(terms: TermsReader, documents: DocumentReader, fields: Fields) -> Iterator[str]:
    done = np.cumsum(terms.sizes(slice(None)) + 1, dtype=np.int64)
    start = 0
    while start < len(done):
        before = int(done[start - 1]) if start else 0
        end = max(int(np.searchsorted(done, before + _TOGETHER)), start + 1)
        lists = terms.lists(start, end)
        start = end
        for row in np.flatnonzero(_unsound(lists, documents.doc_count_all(), fields)).tolist():
            field, term = split_key(lists.keys[row])
            yield f"the posting list of {term!r} in {field} is not sound"


def _unsound(lists: PostingLists, size: int, fields: Fields) -> Array:
    """Return which lists are not ascending documents with the frequencies and positions said."""
    of_list = np.repeat(np.arange(len(lists.keys)), lists.lengths)
    documents = lists.documents.astype(np.int64)
    same = of_list[1:] == of_list[:-1]
    bad = np.zeros(len(lists.keys), dtype=bool)
    bad[of_list[documents >= size]] = True
    bad[of_list[lists.frequencies == 0]] = True
    bad[of_list[1:][same & (np.diff(documents) <= 0)]] = True
    frequencies = lists.frequencies.astype(np.int64)
    counts = np.bincount(of_list, frequencies, minlength=len(lists.keys))[: len(lists.keys)]
    text = np.array([split_key(key)[0] in fields.text for key in lists.keys], dtype=bool)
    positional = lists.occurrences > 0
    bad |= (text | positional) & (counts != lists.occurrences)
    if not bad.any():  # else positions belong to no document that is known
        of_posting = np.repeat(
            np.arange(len(documents)), np.where(positional[of_list], frequencies, 0)
        )
        falling = np.diff(lists.positions.astype(np.int64)) < 0
        within = of_posting[1:] == of_posting[:-1]
        bad[of_list[of_posting[1:][falling & within]]] = True
    return bad


def _stored_faults(
    segment: CompactSegment, documents: DocumentReader, terms: TermsReader, fault_of: FaultOf
) -> Iterator[str]:
    for number in range(segment.doc_count_all()):
        document_id = documents.id(number)
        try:
            stored = documents.stored_fields(number)
        except IndexDamaged:
            yield f"document {document_id} cannot be read"
            continue
        found = terms.posting_list("id", document_id)
        if stored.get("id") != document_id:
            yield f"document {document_id} is stored as {stored.get('id')}"
        elif fault := fault_of(stored):
            yield f"document {document_id} {fault}"
        elif found is None or number not in found.documents:
            yield f"document {document_id} is not found by its id"


def _reason(error: SearchIndexError, path: Path) -> str:
    """Return what an error says about the file at `path`, without the file and the advice."""
    reason = str(error).removeprefix(f"{path} ").split("; ")[0]
    return _WITHOUT_REASON.get(reason) or reason.removeprefix("is damaged: ")
