"""What a query excludes: what was named, and not what it asks for.

A short form is another name of its long form, so that `-korut` leaves out Korea Utara, too. Three
kinds of other ways are no names: synonyms, which only come near (`kecelakaan -tewas`), what a short
form seldom means, and what the same query asks for (`PBB -"Partai Bulan Bintang"`). Where it asks
for another word of the same stem (`mendukung -dukungan`), the very spelling is meant.
"""

from collections.abc import Set
from dataclasses import replace

from searchkit.query import tree
from searchkit.query.thesaurus import RARER_MEANING, SYNONYM
from searchkit.query.tree import (
    AllOf,
    AnyOf,
    Boosted,
    InFields,
    Leaf,
    Node,
    Synonyms,
    Term,
    Without,
    terms_of,
    typed_terms,
)


def named_only(node: Node) -> Node:
    """Return `node` with what it excludes cut down to what was named; itself if there is none."""
    if not any(isinstance(part, Without) for part in tree.walk(node)):
        return node
    asked = frozenset(term for leaf in tree.leaves(node) for term in typed_terms(leaf))
    return _cut(node, asked, excluded=False)


def _cut(node: Node, asked: Set[Term], *, excluded: bool) -> Node:
    match node:
        case AllOf(children) | AnyOf(children):
            cut = tuple(_cut(child, asked, excluded=excluded) for child in children)
            return replace(node, children=cut)
        case Without(inner, left_out):
            kept = _cut(inner, asked, excluded=excluded)
            return Without(kept, _cut(left_out, asked, excluded=True))
        case Boosted(inner, factor):
            return Boosted(_cut(inner, asked, excluded=excluded), factor)
        case InFields(leaf, fields) if excluded:
            return InFields(_named(leaf, asked), fields)
        case Term() | Synonyms() if excluded:
            return _spelled(_named(node, asked), asked)
    return node


def _named(leaf: Leaf, asked: Set[Term]) -> Leaf:
    """Return `leaf` with only those other ways to say it that are names."""
    if not isinstance(leaf, Synonyms):
        return leaf
    words = {term.term for term in asked}
    typed, *others = leaf.members
    names = [
        other
        for other in others
        if other.rule != SYNONYM
        and other.weight > RARER_MEANING
        and not words.issuperset(term.term for term in terms_of(other.node))
    ]
    return Synonyms((typed, *names)) if names else typed.node


def _spelled(leaf: Leaf, asked: Set[Term]) -> Leaf:
    """Return `leaf` as it is spelled, when another word of its stem is asked for."""
    typed = leaf.members[0].node if isinstance(leaf, Synonyms) else leaf
    if not isinstance(typed, Term) or typed.exact:
        return leaf
    forms = {term.form for term in asked if term.term == typed.term}
    return replace(typed, exact=True) if forms - {typed.form} else leaf
