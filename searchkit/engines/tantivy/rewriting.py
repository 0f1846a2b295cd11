"""Writes all documents of a commit anew, without those that are deleted."""

import numpy as np

from searchkit.engines.copies import links_among, member_number
from searchkit.engines.tantivy.schema import native, native_links
from searchkit.engines.tantivy.snapshot import EVERYTHING, Snapshot
from searchkit.engines.tantivy.writer import LEAST_BYTES, Target


def rewrite(before: Snapshot, target: Target, memory_bytes: int) -> None:
    """Put the documents of `before` into a new index, in the order added, and publish it."""
    try:
        # One thread fills one segment until memory is full.
        writer = target.index.writer(max(memory_bytes // 2, LEAST_BYTES), 1)
        members = []
        for number, hit in enumerate(before.in_order(EVERYTHING)):
            document = before.indexed(hit)
            writer.add_document(native(before.layout, document, number))
            members.append(member_number(document.id, document.signature))
        links = links_among([np.array(members, dtype=np.int64)], before.links)
        if len(links):
            writer.add_document(native_links(before.layout, links))
        writer.commit()
        writer.wait_merging_threads()
        target.publish()
    except BaseException:
        target.discard()
        raise
