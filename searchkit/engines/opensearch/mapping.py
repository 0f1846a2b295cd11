"""How documents are laid out in an OpenSearch index, and what is asked of it when it is made.

Texts come as tokens: the stems of a field joined by newlines in `t.FIELD`, the folded forms at the
same positions in `f.FIELD`, and both of all fields together in `all` and `all_form`. Keywords are
in `k.FIELD`, the whole numbers of own schemas in `n.FIELD`. A document is one version of what
searchkit calls a document: it can be seen from commit `since` on, and is gone from commit `until`
on.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from searchkit.analysis import TokenColumns
from searchkit.analysis.normalization import fold_value
from searchkit.engines.base import IndexedDocument
from searchkit.engines.copies import member_number
from searchkit.engines.fields import Fields
from searchkit.engines.opensearch.options import Options

SEPARATOR = "\n"
DEEPEST = 100_000
"""The last rank that can be asked for: that of `searchkit.asking`, a layer above."""

# An OpenSearch term has 32,766 bytes at most.
LONGEST_VALUE = 8191
_BAND_BYTES = 8


def index_body(options: Options, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings and the mapping of a new index."""
    return {
        "settings": {
            "number_of_shards": options.shards,
            "number_of_replicas": options.replicas,
            # What is written is seen when a writer has sent all of it, not from second to second.
            "refresh_interval": "-1",
            "max_result_window": DEEPEST,
            "analysis": {
                "analyzer": {"tokens": {"type": "custom", "tokenizer": "lines"}},
                "tokenizer": {"lines": {"type": "char_group", "tokenize_on_chars": [SEPARATOR]}},
            },
            "similarity": {"searchkit": {"type": "BM25", "k1": 1.0, "b": 0.5}},
        },
        "mappings": {
            "dynamic": False,
            "_meta": {"searchkit": dict(manifest)},
            "properties": _properties(Fields.of(manifest.get("schema"))),
        },
    }


def _properties(fields: Fields) -> dict[str, Any]:
    keyword = {"type": "keyword", "ignore_above": LONGEST_VALUE}
    kept = {"type": "keyword", "index": False, "doc_values": False}
    exact = {"type": "keyword", "doc_values": False}
    bag = {"type": "text", "analyzer": "tokens", "index_options": "freqs"}
    length = {"type": "integer", "index": False}
    number = {"type": "long"}
    return {
        "k": {"properties": dict.fromkeys(fields.keywords, keyword)},
        "t": {"properties": {field: _text("all") for field in fields.text}},
        "f": {"properties": {field: _text("all_form") for field in fields.text}},
        "all": {**bag, "similarity": "searchkit"},
        "all_form": {**bag, "norms": False},
        "length": {"properties": dict.fromkeys(fields.text, length)},
        "facet": {"properties": dict.fromkeys(fields.facets, keyword)},
        "spelling": {"properties": dict.fromkeys(fields.facets, keyword)},
        **({"n": {"properties": dict.fromkeys(fields.numbers, number)}} if fields.numbers else {}),
        "since": {"type": "long"},
        "until": {"type": "long"},
        "order": {"type": "long", "index": False},
        "moment": {"type": "long"},
        "member": {"type": "long"},
        "linked": {"type": "boolean"},
        "bands": exact,
        "signature": kept,
        "record": {"type": "binary", "doc_values": True},
        "stored": kept,
        "meta": kept,
    }


def _text(together: str) -> dict[str, Any]:
    return {
        "type": "text",
        "analyzer": "tokens",
        "index_options": "positions",
        "norms": False,
        "copy_to": together,
    }


def version_id(document_id: str, commit: int) -> str:
    """Return the `_id` of the version of a document that a commit writes."""
    digest = hashlib.blake2b(document_id.encode("utf-8", "replace"), digest_size=15)
    return f"{digest.hexdigest()}-{commit}"


def to_source(document: IndexedDocument, record: bytes, commit: int, order: int) -> dict[str, Any]:
    """Return a document as OpenSearch is given it; `order` is its place among all."""
    source: dict[str, Any] = {
        "k": {**document.keywords, "id": [document.id], "kind": [document.kind]},
        "t": {},
        "f": {},
        "length": {},
        "facet": {},
        "spelling": dict(document.facets),
        "since": commit,
        "order": order,
        "record": base64.b64encode(record).decode(),
        # Keys in the order of all engines: so it is exported to the same lines.
        "stored": json.dumps(document.stored, sort_keys=True, separators=(",", ":")),
    }
    for field, tokens in document.tokens.items():
        if len(tokens):
            columns = TokenColumns.of(tokens)
            source["t"][field] = SEPARATOR.join(columns.terms)
            source["f"][field] = SEPARATOR.join(columns.forms)
            source["length"][field] = len(tokens)
    for field, values in document.facets.items():
        source["facet"][field] = sorted(set(map(fold_value, values)))
    if document.numbers:
        source["n"] = dict(document.numbers)
    if document.moment is not None:
        source["moment"] = document.moment
    if document.signature:
        source["member"] = member_number(document.id, document.signature)
        source["signature"] = base64.b64encode(document.signature).decode()
        source["bands"] = bands(document.signature)
    return source


def bands(signature: bytes) -> list[str]:
    """Return the bands of a signature as values that two of the same band share."""
    starts = range(0, len(signature), _BAND_BYTES)
    return [f"{at:x}:{signature[at : at + _BAND_BYTES].hex()}" for at in starts]
