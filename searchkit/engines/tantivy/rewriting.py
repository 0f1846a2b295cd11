"""Writes all documents of a commit anew, without those that are deleted."""

from searchkit.engines.tantivy.schema import native, native_links
from searchkit.engines.tantivy.snapshot import EVERYTHING, Snapshot
from searchkit.engines.tantivy.writer import LEAST_BYTES, Target


def rewrite(before: Snapshot, target: Target, memory_bytes: int) -> None:
    """Put the documents of `before` into a new index, in the order added, and publish it."""
    try:
        # One thread fills one segment until memory is full.
        writer = target.index.writer(max(memory_bytes // 2, LEAST_BYTES), 1)
        for number, hit in enumerate(before.in_order(EVERYTHING)):
            writer.add_document(native(before.layout, before.indexed(hit), number))
        if len(before.links):
            writer.add_document(native_links(before.layout, before.links))
        writer.commit()
        writer.wait_merging_threads()
        target.publish()
    except BaseException:
        target.discard()
        raise
