"""The verdicts on words that were met, in little room: there are more than a hundred thousand."""

from array import array

from searchkit.analysis.arbitration import Verdict

_FIRST_SLOTS = 2**12
_GROWTH = 4
"""How many times as large a table is made that has become full, which three fifths are."""

_Slots = tuple["array[int]", "array[int]"]
"""Hashes, 0 where there is none, and the number that belongs to each."""

_ITSELF = Verdict("", False), Verdict("", True)
"""What is said of words that are their own stems: beyond doubt, and not."""


class Verdicts:
    """Verdicts by word, of which some twenty bytes are kept: its hash, and the number of a verdict.

    Most words are their own stems, and others share one: with words and verdicts themselves it
    would be more than a hundred bytes. The table is one with open addressing and linear probing (D.
    Knuth, "The Art of Computer Programming", volume 3, section 6.4). That two words share a hash,
    which is another one in each process, happens once in two thousand million processes that meet a
    hundred thousand words. To be changed by one thread at a time.
    """

    def __init__(self) -> None:
        self._slots = _slots(_FIRST_SLOTS)
        self._said: list[Verdict] = []
        self._numbers: dict[Verdict, int] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def get(self, word: str) -> Verdict | None:
        """Return the verdict on a word; None if there is none."""
        hashes, numbers = self._slots
        code = hash(word) or 1  # 0 is in empty slots
        mask = len(hashes) - 1
        place = code & mask
        while found := hashes[place]:
            if found == code:
                verdict = self._said[numbers[place]]
                return verdict if verdict[0] else Verdict(word, verdict[1])
            place = place + 1 & mask
        return None

    def put(self, word: str, verdict: Verdict) -> None:
        """Keep the verdict on a word, in the place of one that there is."""
        said = _ITSELF[verdict.doubtful] if verdict.stem == word else verdict
        number = self._numbers.setdefault(said, len(self._said))
        if number == len(self._said):
            self._said.append(said)
        hashes, numbers = self._slots
        code = hash(word) or 1
        place = _place(hashes, code)
        self._count += not hashes[place]
        # Who reads meanwhile must find the number where there is a hash.
        numbers[place] = number
        hashes[place] = code
        if 5 * self._count > 3 * len(hashes):
            self._slots = _larger(hashes, numbers)


def _slots(count: int) -> _Slots:
    return array("q", bytes(8 * count)), array("I", bytes(4 * count))


def _place(hashes: "array[int]", code: int) -> int:
    """Return where a hash is, or the empty slot for it."""
    mask = len(hashes) - 1
    place = code & mask
    while (found := hashes[place]) and found != code:
        place = place + 1 & mask
    return place


def _larger(hashes: "array[int]", numbers: "array[int]") -> _Slots:
    larger = _slots(_GROWTH * len(hashes))
    for code, number in zip(hashes, numbers, strict=True):
        if code:
            place = _place(larger[0], code)
            larger[0][place], larger[1][place] = code, number
    return larger
