"""The place where libyaml gave up, and findings that point there."""

from __future__ import annotations

from typing import NamedTuple

from sdplan.findings import Finding
from sdplan.source.quoting import column_at, line_at, span_at


class Trouble(NamedTuple):
    """What libyaml says, where it stopped, and where it began what it was reading."""

    problem: str
    text: str
    at: int
    begun: int

    @property
    def character(self) -> str:
        """The character where it stopped, or nothing at the end of the file."""
        return self.text[self.at : self.at + 1]

    @property
    def before(self) -> str:
        """What stands before that place on its line."""
        return line_at(self.text, self.at)[: column_at(self.text, self.at)]

    def follows(self, characters: str) -> bool:
        """Whether one of the characters stands before that place, spaces passed over."""
        before = self.before.rstrip()
        return bool(before) and before[-1] in characters

    def here(self, message: str, hint: str, width: int = 1) -> Finding:
        """A finding about the place where it stopped."""
        return Finding("SP101", "error", (), message, hint, span=span_at(self.text, self.at, width))

    def since(self, message: str, hint: str, width: int = 1) -> Finding:
        """A finding about what began earlier."""
        return Finding("SP101", "error", (), message, hint, span=span_at(self.text, self.begun, width))
