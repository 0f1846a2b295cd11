"""Copies: articles whose bodies are nearly the same, such as one wire report in several papers.

A body is known by a signature: for each of 64 hash functions the smallest hash of its runs of three
words, of which 16 bits are kept. The share of places in which two signatures agree estimates the
resemblance of the two bodies, the size of the intersection of their sets of runs over that of the
union. To be compared at all, two signatures must agree in one of 16 bands of four.

Every article has a member number; two that resemble each other are linked, and a copy group is what
links connect. So it does not matter in which order, or in how many commits, articles come. What an
article has brought together remains together when it goes: its links become links of the others.

Sources: A. Broder, "On the Resemblance and Containment of Documents", SEQUENCES 1997; P. Li, C.
König, "b-Bit Minwise Hashing", WWW 2010; J. Leskovec, A. Rajaraman, J. Ullman, "Mining of Massive
Datasets", chapter 3 (bands).
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from searchkit.analysis import Token, TokenColumns
from searchkit.engines.by_word import ByWord

RESEMBLANCE = 0.6
"""From this estimated resemblance on, two bodies are copies."""

SHORTEST = 12
"""Words of a body below which it has no signature: a line or two resemble too much."""

SIGNATURE_BYTES = 128

_FUNCTIONS = SIGNATURE_BYTES // 2
_CHUNK = 512  # runs of which all hashes are at hand at a time
# How many of those that share a band a signature is compared with: a band that hundreds share is
# boilerplate, and must not cost the square of their number.
_NEIGHBOURS = 8
# Pairs of signatures whose bands are all compared at once.
_AT_ONCE = 2**14

Array = np.ndarray[Any, np.dtype[Any]]

_numbers = np.frombuffer(
    hashlib.shake_128(b"searchkit copies").digest(16 * _FUNCTIONS + 24), dtype="<u8"
).astype(np.uint64)
_FACTORS = (_numbers[:_FUNCTIONS] | np.uint64(1))[:, None]
_SUMMANDS = _numbers[_FUNCTIONS : 2 * _FUNCTIONS][:, None]
_RUN = _numbers[2 * _FUNCTIONS :] | np.uint64(1)


def signature(tokens: Sequence[Token]) -> bytes:
    """Return the signature of a body, b"" when it is too short to have one."""
    if len(tokens) < SHORTEST:
        return b""
    columns = TokenColumns.of(tokens)
    words = _hashes.of(columns.table)[columns.numbers]
    runs = words[:-2] * _RUN[0] + words[1:-1] * _RUN[1] + words[2:] * _RUN[2]
    runs ^= runs >> np.uint64(29)
    smallest = np.full(_FUNCTIONS, 2**64 - 1, dtype=np.uint64)
    for start in range(0, len(runs), _CHUNK):
        hashes = runs[start : start + _CHUNK] * _FACTORS
        hashes += _SUMMANDS
        np.minimum(smallest, hashes.min(axis=1), out=smallest)
    # Of the upper halves the low bits: the high ones of a minimum are all zero.
    return (smallest >> np.uint64(32)).astype("<u2").tobytes()


def _codes(forms: Sequence[str]) -> list[int]:
    return [zlib.crc32(form.encode("utf-8", "replace")) for form in forms]


_hashes = ByWord(np.uint64, lambda _, forms: _codes(forms))


def member_number(document_id: str, signature: bytes) -> int:
    """Return the number (above 0, below 2**63) by which an article of this body is linked."""
    digest = hashlib.blake2b(document_id.encode("utf-8", "surrogatepass"), key=signature[:64])
    digest.update(signature)
    return int.from_bytes(digest.digest()[:8], "little") >> 1 or 1


def links(members: Array, signatures: Array, fresh: int) -> Array:
    """Return pairs of member numbers that resemble each other, as an array of two columns.

    `signatures` has a row of `SIGNATURE_BYTES` bytes a member. Pairs within all but the last
    `fresh` members are known already and not looked for. Each is linked to the smallest number
    of what it hangs together with, so there are at most as many pairs as members.
    """
    signatures = np.ascontiguousarray(signatures)
    bands, words = signatures.view("<u8"), signatures.view("<u2")
    # What is fresh shares all bands with itself.
    near = sharing_a_band(signatures, signatures[len(members) - fresh :])
    order = np.flatnonzero(near)[np.argsort(members[near], kind="stable")]
    pairs: list[Array] = [np.empty((0, 2), dtype=np.int64)]
    for band in bands.T:
        rows = order[np.argsort(band[order], kind="stable")]
        keys = band[rows]
        for step in range(1, min(_NEIGHBOURS, len(order) - 1) + 1):
            same = np.flatnonzero(keys[step:] == keys[:-step])
            pairs.append(np.column_stack((rows[same], rows[same + step])))
    found = np.unique(np.concatenate(pairs), axis=0)
    alike = [pair for pair in found if np.mean(words[pair[0]] == words[pair[1]]) >= RESEMBLANCE]
    if not alike:
        return np.empty((0, 2), dtype=np.int64)
    linked = members[np.array(alike)].astype(np.int64)
    ends = np.unique(linked)
    stars = np.column_stack((ends, groups(ends, linked)))
    apart: Array = stars[stars[:, 0] != stars[:, 1]]
    return apart


def sharing_a_band(signatures: Array, others: Array) -> Array:
    """Return which signatures share a band with one of the others: both a row each."""
    ours, theirs = (np.ascontiguousarray(each).view("<u8") for each in (signatures, others))
    if len(ours) * len(theirs) <= _AT_ONCE:  # as in a commit of few: much sooner done
        at_once: Array = (ours[:, None] == theirs).any(axis=(1, 2))
        return at_once
    near = np.zeros(len(signatures), dtype=bool)
    for band, other in zip(ours.T, theirs.T, strict=True):
        near |= np.isin(band, other)
    return near


def groups(members: Array, links: Array) -> Array:
    """Return the copy group of each member: the smallest number it is linked with; 0 for none."""
    ends, places = np.unique(links, return_inverse=True)
    places = places.reshape(-1, 2)
    smallest = np.arange(len(ends))
    while True:
        before = smallest.copy()
        low = smallest[places].min(axis=1)
        for column in places.T:
            np.minimum.at(smallest, column, low)
        smallest = smallest[smallest]
        if np.array_equal(before, smallest):
            break
    if not len(ends):
        return np.zeros(len(members), dtype=np.int64)
    at = np.minimum(np.searchsorted(ends, members), len(ends) - 1)
    return np.where(ends[at] == members, ends[smallest[at]], 0).astype(np.int64)


def links_among(there: Iterable[Array], links: Array) -> Array:
    """Return the links that connect members as `links` do, but only those that are in `there`.

    At most as many pairs as there are of these; each is linked to the smallest of its group.
    """
    ends = np.unique(links)
    if not len(ends):
        return np.empty((0, 2), dtype=np.int64)
    kept = np.zeros(len(ends), dtype=bool)
    for members in there:
        at = np.minimum(np.searchsorted(ends, members), len(ends) - 1)
        kept[at[ends[at] == members]] = True
    together = groups(ends, links)[kept]
    ends = ends[kept]
    _, first, of_group = np.unique(together, return_index=True, return_inverse=True)
    stars = np.column_stack((ends, ends[first[of_group]]))
    apart: Array = stars[stars[:, 0] != stars[:, 1]]
    return apart
