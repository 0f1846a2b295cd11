"""The colours of the page, light and dark, against WCAG 2.2 AA: text 4.5 to 1, outlines 3 to 1."""

import re
from importlib.resources import files

import pytest

CSS = files("searchkit.web").joinpath("static/page.css").read_text("utf-8")
THEMES = dict(zip(("light", "dark"), re.findall(r":root \{(.*?)\}", CSS, re.DOTALL), strict=True))
TEXT = [
    *((ink, ground) for ink in ("ink", "quiet", "link", "accent") for ground in ("paper", "wash")),
    *(("seen", "paper"), ("mark-ink", "mark")),
    *(("paper", ground) for ground in ("ink", "accent", "link")),
]
"""Every colour of text on what it stands on."""

OUTLINES = [("quiet", "paper"), ("link", "paper"), ("accent", "paper"), ("accent", "wash")]
"""Edges of what can be filled in or pressed, the focus, and what is chosen."""


def colours(theme: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", THEMES[theme]))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#ffffff", "#000000") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_outlines_can_be_seen(theme: str) -> None:
    found = colours(theme)
    least = [*((pair, 4.5) for pair in TEXT), *((pair, 3.0) for pair in OUTLINES)]
    ratios = {pair: contrast(found[pair[0]], found[pair[1]]) for pair, _ in least}
    assert {p: round(ratios[p], 2) for p, wanted in least if ratios[p] < wanted} == {}


def test_every_colour_of_the_style_is_one_that_is_computed() -> None:
    """A rule that gives text or ground a colour of its own would not be seen above."""
    rules = CSS[CSS.index("*, *::before") :]
    inks = set(re.findall(r"(?<![\w-])color: ([^;}]+)", rules))
    grounds = set(re.findall(r"background(?:-color)?: ([^;}]+)", rules))
    computed = [{f"var(--{pair[side]})" for pair in TEXT} for side in (0, 1)]
    assert inks - computed[0] == {"inherit"}
    assert grounds - computed[1] == {"none"}
