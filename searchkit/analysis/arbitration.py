"""Stems by arbitration: of all ways to take a word apart, the one that the lexicon bears out.

Sastrawi takes the first analysis whose root stands in its dictionary, and so finds *lidi* in
penyelidikan and *bekas* in Bekasi. Here every analysis of `searchkit.analysis.morphology` is
weighed by the same evidence:

- whether the root is in Sastrawi's dictionary, and how common it is;
- its family: how many of the words it could form exist;
- its counterpart: whether a form exists that must exist if this one is right, as dirawat for
  merawat;
- what another dictionary says the word derives from;
- how often words that look like this are built that way.

The word itself is one of the candidates. A root, a function word, an abbreviation or a name is
its own stem.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from searchkit.analysis import lexicon
from searchkit.analysis.lexicon import exists, zipf
from searchkit.analysis.morphology import (
    Analysis,
    analyses,
    derivatives,
    nasalized,
    syllables,
    verbs,
)
from searchkit.analysis.stopwords import function_words
from searchkit.analysis.vocabulary import short_words

# All weights are in steps of the Zipf scale, on which 1 is ten times as common.
_ROOT = 1.0
_FOREIGN_ROOT = -0.5
_FAMILY = 0.6
_NO_FAMILY = -1.0
_BOUND_ROOT = 1.0
"""A root that hardly stands alone counts as so much less common than its commonest derivative."""
_COUNTERPART = 1.0
_BARE_VERB = 6.0
"""berikan beside the commoner memberikan: the verb without me-, as in a command."""
_NO_COUNTERPART = -3.0
_NO_COUNTERPART_IN_FULL = -1.5
"""ter- and the affixes that enclose a word are livelier than those on one side of it."""
_DICTIONARY = 2.5
_BOUND_ROOT_ALONE = -0.5
_ESTRANGED = -4.0
_ESTRANGED_FROM = 1.3
"""A word so much commoner than its root and all its family means something of its own: pemilu."""
_LEAST_KNOWN = 3.0
"""What is not in the list of common words may be as common as this."""
_OPAQUE = -1.5
_IRREGULAR = -1.0
_SLIP = -2.0
_ONE_SYLLABLE = 2.0
"""menge- and penge- stand before one syllable only, so that they seldom fit by chance: mengecek."""
_INNER_PREFIX = -0.5
_SHORT_ROOT = {1: -5.0, 2: -3.0, 3: -0.7}
_ODD_SE = -5.0
"""se- means "as", "one" or "whole" before a word that is common itself; else the word is one."""

_RARER = 0.5
"""A name that is an ordinary word has a counterpart that is hardly rarer than it."""
_LEAST_COMMON_ROOT = 3.0
_DOUBTFUL = 3.0
"""An analysis that wins by less, of a word no dictionary has, may be a name taken apart."""

# What a pattern costs where it fits: about how often it is a coincidence.
_PATTERN = {
    ((), "kan"): -2.0,
    ((), "i"): -2.5,
    ((), "an"): -1.5,
    (("ku",), ""): -3.0,
    (("kau",), ""): -3.0,
    (("ke",), ""): -3.0,
    (("ke",), "kan"): -3.0,
    (("ke",), "i"): -3.0,
    (("per",), ""): -2.0,
    (("peN",), ""): -1.0,
    (("se",), ""): -1.0,
    (("se",), "an"): -3.0,
}
_USUAL_PATTERN = -0.5
_CLITIC = {"nya": -0.5, "lah": -1.0, "kah": -1.0, "pun": -1.0, "ku": -1.5, "mu": -1.5, "tah": -3.0}
# Without these, or with them alone, names and short words are easily mistaken for derived ones.
_NEEDY = ("", "ku", "kau", "ter", "peN", "ke", "per", "se")
_BARE = ("", "ku", "kau")
_NUMERALS = frozenset(
    ("dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
)


class Verdict(NamedTuple):
    """The stem that was found, and whether the word could as well be a name that stays whole."""

    stem: str
    doubtful: bool


def arbitrate(word: str, stem: Callable[[str], str]) -> Verdict:
    """Return the verdict on a folded `word`.

    `stem` is asked for the stems of words inside the word, such as setuju in persetujuan.
    """
    if function_word := function_words().get(word):
        return Verdict(function_word, False)
    if stays(word):
        return Verdict(word, False)
    alone = zipf(word) + _OPAQUE
    best, best_score = None, alone
    possible = list(analyses(word))
    for analysis in _candidates(word, possible, stem):
        score = _score(word, analysis)
        if score > best_score:
            best, best_score = analysis, score
    named = word in lexicon.names()
    if named and not (best and _is_ordinary(word, best)):
        return Verdict(word, False)
    if best is None:
        inside = _derived_inside(word, possible, stem)
        return Verdict(stem(inside) if inside else word, bool(inside) and not exists(word))
    if named or word in lexicon.derivations():
        return Verdict(best.root, named)
    weak = not exists(word) or best_score - alone < _DOUBTFUL or _is_no_command(best)
    return Verdict(best.root, weak and not _is_grammar(best))


def _derived_inside(word: str, possible: Sequence[Analysis], stem: Callable[[str], str]) -> str:
    """Return the derived word that an affix stands before in `word`, or "".

    Affixes stand around one another in more ways than the grammar lists (dimengerti, sependapat),
    and di, also the preposition, before whole words (dilapangan).
    """
    words = [a.root for a in possible if a.prefixes and len(a.root) not in _SHORT_ROOT]
    own = zipf(word)
    common = [each for each in words if zipf(each) >= _LEAST_COMMON_ROOT and zipf(each) > own]
    derived = [each for each in common if stem(each) != each and each not in function_words()]
    return max(derived, key=zipf, default="")


def _is_ordinary(word: str, analysis: Analysis) -> bool:
    """Return whether a name is an ordinary word too: dikenal is, beside mengenal; Bekasi is not."""
    if word in lexicon.derivations():
        return True
    prefixes, root, suffix = analysis.prefixes, analysis.root, analysis.suffix
    if prefixes not in ((), ("di",)) or analysis.clitics or len(root) in _SHORT_ROOT:
        return False
    counterparts = (form for form in _counterparts("".join(prefixes), root, suffix) if form != word)
    return max(map(zipf, counterparts), default=0.0) > zipf(word) - _RARER


def _candidates(
    word: str, possible: Sequence[Analysis], stem: Callable[[str], str]
) -> list[Analysis]:
    """Return those of the `possible` analyses that the words inside allow.

    meN- hides the first letter of a root, which the passive shows: of memasak it is dimasak, and
    nobody says dipasak. What has no passive is left out where another has one.
    """
    found = [a for a in possible if _may_be_root(a, stem) and _consistent(word, a, stem)]
    if not word.startswith("me") or len(found) < 2:
        return found
    passives = {a: f"di{a.root}{a.suffix}" for a in found if a.prefixes == ("meN",)}
    told = {a for a, passive in passives.items() if exists(passive) and stem(passive) == a.root}
    return [a for a in found if a in told or a not in passives] if told else found


def _is_no_command(analysis: Analysis) -> bool:
    """Return whether per- is all there is, and no verb has it: as in Persela, not in perkuat."""
    if analysis.prefixes != ("per",) or analysis.suffix or analysis.clitics:
        return False
    return not any(exists(f"{prefix}per{analysis.root}") for prefix in ("mem", "di"))


def _is_grammar(analysis: Analysis) -> bool:
    """Return whether the affixes are of those that no name ends in: -nya, di-kan and the like."""
    verb = analysis.prefixes[:1] in (("di",), ("meN",)) and analysis.suffix in ("kan", "i")
    return verb or any(clitic in ("nya", "pun", "kah") for clitic in analysis.clitics)


def stays(word: str) -> bool:
    """Return whether `word` is its own stem without further thought."""
    if word in lexicon.sastrawi_roots() or word in function_words() or word in short_words():
        return True
    if lexicon.derivations().get(word) == word:  # its meaning has left its root
        return True
    # Some villages bear the name of an ordinary word, which is then in the other lists.
    return word in lexicon.names() and not exists(word)


@lru_cache(maxsize=50_000)
def family(root: str) -> frozenset[str]:
    """Return the words known to be formed from `root`."""
    common = lexicon.frequencies().keys() & derivatives(root)
    return frozenset(common.union(lexicon.derived().get(root, ())))


def _is_root(word: str) -> bool:
    """Return whether a word is a root, also one that is not spelled as the standard has it."""
    roots = lexicon.sastrawi_roots()
    if word in roots or word in lexicon.compounds() or lexicon.derivations().get(word) == word:
        return True
    return lexicon.spellings().get(word) in roots and word not in function_words()


def _may_be_root(analysis: Analysis, stem: Callable[[str], str]) -> bool:
    root = analysis.root
    if _is_root(root):
        return True
    if len(root) <= 3 or zipf(root) < _LEAST_COMMON_ROOT:
        return False
    # The rest of the language, names and foreign words too, takes -nya and the livelier affixes.
    outer = analysis.prefixes[0] if analysis.prefixes else ""
    lively = outer not in _NEEDY or (outer and analysis.suffix == "an")
    if not lively and analysis.clitics != ("nya",) and not _is_of_verb(analysis):
        return False
    return stem(root) == root


def _is_of_verb(analysis: Analysis) -> bool:
    """Return whether a verb is used whose noun or command this is: posting-an of memposting."""
    root, suffix = analysis.root, analysis.suffix
    if analysis.prefixes or not suffix:
        return False
    bare = nasalized("me", root), f"di{root}"
    return any(zipf(verb) or zipf(verb + suffix) for verb in bare)


def _consistent(word: str, analysis: Analysis, stem: Callable[[str], str]) -> bool:
    """Return whether the words inside, such as terlambat in keterlambatan, have the same stem."""
    core = word.removesuffix("".join(analysis.clitics))
    if core not in (word, analysis.root) and exists(core) and stem(core) != analysis.root:
        return False
    inner = analysis.prefixes[-1] if analysis.prefixes else ""
    inside = _inside(core, analysis)
    if inner in ("per", "ke"):  # perhati of perhatian, keluar of dikeluarkan are roots themselves
        if lexicon.derivations().get(core) == analysis.root:
            return True
        return not (inside in lexicon.derived() and _is_root(inside) and _is_used(inside, analysis))
    if inner not in ("se", "ber", "ter", "peN") or len(analysis.prefixes) == 1:
        return True
    return not exists(inside) or stem(inside) == analysis.root


def _inside(core: str, analysis: Analysis) -> str:
    """Return the root with its innermost prefix, as it is spelled in the word."""
    *outer, inner = analysis.prefixes or ("",)
    if inner == "peN" and outer:
        before = outer[0] if core.startswith(f"{outer[0]}pe") else outer[0][:2]
        return core.removeprefix(before).removesuffix(analysis.suffix)
    inside = inner + analysis.root
    # ber-, ter- and per- lose their r before another.
    return inside if inside in core else inner[:2] + analysis.root


def _is_used(inside: str, analysis: Analysis) -> bool:
    """Return whether `inside`, a root with a prefix, is a root in more than the dictionary.

    Nobody says kesiap, but kesiapan. A root of one syllable is in many words by chance.
    """
    others = family(inside) - {f"{inside}{analysis.suffix}"}
    return syllables(analysis.root) == 1 or any(map(zipf, (inside, *others)))


def _score(word: str, analysis: Analysis) -> float:
    root, clitics = analysis.root, analysis.clitics
    core = word.removesuffix("".join(clitics))
    relatives = family(root) - {word, core}
    strongest = max(map(zipf, relatives), default=0.0)
    score = max(zipf(root), strongest - _BOUND_ROOT)
    common = max(zipf(root), strongest, _LEAST_KNOWN)
    if zipf(core) > common + _ESTRANGED_FROM and _is_nominal(analysis):
        score += _ESTRANGED
    score += _ROOT if _is_root(root) else _FOREIGN_ROOT
    score += _FAMILY * math.log2(1 + len(relatives))
    score += _SHORT_ROOT.get(len(root), 0.0)
    score += sum(_CLITIC[clitic] for clitic in clitics)
    if core == root:
        # A form with a clitic is far rarer than the word alone: -nya excepted.
        too_common = clitics != ("nya",) and zipf(word) > zipf(root) - 0.3
        return score + (_NO_COUNTERPART if too_common else 0)
    score += _PATTERN.get((analysis.prefixes, analysis.suffix), _USUAL_PATTERN)
    score += _INNER_PREFIX * max(0, len(analysis.prefixes) - 1)
    score += 0 if analysis.regular else _IRREGULAR
    if core.startswith(f"nge{root}", 2) and syllables(root) == 1:
        score += _ONE_SYLLABLE if lexicon.derivations().get(core, root) == root else 0.0
    if analysis.suffix == "kan" and root.endswith("k") and not core.endswith("kkan"):
        score += _SLIP
    return score + _support(core, analysis, bool(relatives))


def _is_nominal(analysis: Analysis) -> bool:
    """Return whether the affix is one that names are mistaken to have: on one side, no verb's."""
    if not analysis.prefixes:
        return analysis.suffix == "an"
    return not analysis.suffix and analysis.prefixes[0] in ("peN", "per", "ke", "se")


def _support(core: str, analysis: Analysis, has_family: bool) -> float:
    """Return what the dictionary and the counterpart of the form say."""
    outer = analysis.prefixes[0] if analysis.prefixes else ""
    root, suffix = analysis.root, analysis.suffix
    if "se" in analysis.prefixes and not suffix and zipf(core) > zipf(root) + 0.3:
        return _ODD_SE
    listed = lexicon.derivations().get(core) == root
    dictionary = _DICTIONARY if listed else 0.0
    found = [form for form in _counterparts(outer, root, suffix) if form != core and exists(form)]
    if suffix in ("kan", "i") and outer in _BARE and max(map(zipf, found), default=0) > zipf(core):
        return dictionary + _BARE_VERB
    if found or root in lexicon.compounds() or (outer == "ke" and root in _NUMERALS):
        return dictionary + _COUNTERPART
    if listed:
        return dictionary + (0.0 if zipf(root) else _BOUND_ROOT_ALONE)
    if outer == "ter" or (outer and suffix == "an"):
        return _NO_COUNTERPART_IN_FULL
    if outer in _NEEDY and not (outer == "se" and zipf(root) > 4):
        return _NO_COUNTERPART
    return 0.0 if has_family else _NO_FAMILY


def _counterparts(outer: str, root: str, suffix: str) -> Iterator[str]:
    match outer:
        case "" if suffix == "an":
            yield from verbs(root)
            yield from (f"ke{root}an", f"ber{root}", f"pe{root}", nasalized("pe", root))
        case "" | "ku" | "kau":
            yield from (nasalized("me", root) + suffix, f"di{root}{suffix}")
        case "meN":
            yield f"di{root}{suffix}"
        case "di":
            yield nasalized("me", root) + suffix
        case "peN":  # a nasal hides the first letter of the root, di- shows it
            yield from (f"di{root}", f"di{root}kan", f"di{root}i", f"ke{root}an", f"ber{root}")
            yield nasalized("pe", root)  # of pebalap, which is also written so
        case "ke" if suffix in ("kan", "i"):  # of ketahui
            yield from (f"dike{root}{suffix}", f"menge{root}{suffix}")
        case "ter" | "ke":
            yield from verbs(root)
            yield from (f"ke{root}an", f"ber{root}")
        case "per":
            yield from verbs(root)
            yield f"ber{root}"
