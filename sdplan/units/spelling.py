"""Words that are nearly units: other spellings, and slips of one letter."""

from __future__ import annotations

from functools import lru_cache

from sdplan.units.table import CURRENCIES, UNITS

_OTHER_SPELLINGS = {
    "K": "k",
    "mn": "M",
    "mln": "M",
    "million": "M",
    "millions": "M",
    "billion": "bn",
    "billions": "bn",
    "thousand": "k",
    "trillion": "T",
    "sec": "s",
    "secs": "s",
    "mins": "min",
    "msec": "ms",
    "msecs": "ms",
    "usec": "us",
    "millis": "ms",
    "mo": "month",
    "mon": "month",
    "hr": "h",
    "hrs": "h",
    "wk": "week",
    "wks": "week",
    "yr": "year",
    "yrs": "year",
    "percent": "%",
    "times": "x",
}

# Labels that stand one edit from a unit and are meant as they are.
_ORDINARY = (
    " bat bats bay bays bet bets bid bids big bin bins bot bots but dad dads dam dams bite bites ear "
    "ears four fours fin fine fines fins gear gears hit hits hay kit kits lay lays line lines lit "
    "main men mid mine mines mint mix moth mouth nine pay pays peak peek pin pins pine pines pit pits "
    "pour ray rays say seek seeks site sit sits tin tins tour tours tear tears vine vines war way "
    "ways weed win wins wine wines wit "
)
_LONG_UNITS = tuple(name for name in [*UNITS, "nines"] if len(name) >= 3 and name not in CURRENCIES)


@lru_cache(maxsize=1024)
def suggestion(word: str) -> str:
    """The unit that a word was probably meant to be, or nothing."""
    if word in _OTHER_SPELLINGS or word.lower() in _OTHER_SPELLINGS:
        return _OTHER_SPELLINGS.get(word) or _OTHER_SPELLINGS[word.lower()]
    alike = [name for name in UNITS if name.lower() == word.lower() and (len(name) > 1 or word.isupper())]
    if alike or f" {word.lower()} " in _ORDINARY:
        return alike[0] if alike else ""
    names = CURRENCIES if word.isupper() else _LONG_UNITS
    return next((name for name in names if len(word) >= 3 and one_edit_apart(word, name)), "")


def one_edit_apart(word: str, name: str) -> bool:
    """Whether one letter added, dropped or changed, or two neighbours swapped, turns one into the other."""
    if abs(len(word) - len(name)) > 1:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name))
    )
    word, name = word[start:], name[start:]
    while word and name and word[-1] == name[-1]:
        word, name = word[:-1], name[:-1]
    return max(len(word), len(name)) <= 1 or (len(word) == 2 and word == name[::-1])
