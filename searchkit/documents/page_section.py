"""The section of the article on a plain-text page, told from the page's menu."""

from collections.abc import Container, Sequence

from searchkit.documents.page_captions import split_credit
from searchkit.documents.page_headline import LONGEST_SECTION
from searchkit.documents.page_lines import Kind, Line, crumb, is_home, is_site

_LOOKED_AT = 3
_LONGEST_MENU = 30
_IN_MENU = (Kind.SECTION, Kind.NOISE, Kind.MORE, Kind.TEXT)


def find_section(
    lines: Sequence[Line], headline: int, dateline: int, listed: Container[int]
) -> str:
    """Return the section between headline and dateline, else the one above the headline.

    "" when none stands there.
    """
    for number in range(headline + 1, max(dateline, headline + 1)):
        if lines[number].kind is Kind.SECTION:
            return _name(lines[number])
    for number in range(headline - 1, max(headline - 1 - _LOOKED_AT, -1), -1):
        line = lines[number]
        if number in listed:
            break
        if line.kind is Kind.SECTION:
            # Several one after another are the page's menu.
            menu = number > 0 and lines[number - 1].kind is Kind.SECTION
            in_menu = menu and not crumb(line.text) and not _is_crumb(lines, number)
            return "" if in_menu else _name(line)
        if line.kind is Kind.TEXT:
            short = len(line.text.split()) <= LONGEST_SECTION and line.text[-1].isalnum()
            other = is_site(line.text) or split_credit(line.text, strict=False)
            is_name = short and not other
            return line.text if is_name and not _ends_menu(lines, number, listed) else ""
    return ""


def _name(line: Line) -> str:
    return crumb(line.text) or line.text


def _ends_menu(lines: Sequence[Line], number: int, listed: Container[int]) -> bool:
    """Return whether a short line is the last of many: of the menu, and not of a breadcrumb."""
    if _is_crumb(lines, number):
        return False
    start = number
    while start > max(number - _LONGEST_MENU, 0) and start - 1 not in listed:
        above = lines[start - 1]
        if above.kind not in _IN_MENU or len(above.text.split()) > LONGEST_SECTION:
            break
        start -= 1
    return number - start >= _LOOKED_AT


def _is_crumb(lines: Sequence[Line], number: int) -> bool:
    """Return whether a line ends a breadcrumb of several lines, which begins with the home page."""
    return any(is_home(line.text) for line in lines[max(number - _LOOKED_AT + 1, 0) : number])
