"""`solve` and `explain`: the numbers of one design, and how one of them comes about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sdplan.cli.checking import FINDINGS, examine, verdict
from sdplan.cli.ending import Unsolved
from sdplan.cli.output import Refusal, show, tell
from sdplan.cli.version import version

if TYPE_CHECKING:
    from sdplan.render.checked import Checked
    from sdplan.solve.solution import Solution
    from sdplan.source import Document
    from sdplan.spec.design import Design


class Solved(NamedTuple):
    """One design that has all of its stages."""

    checked: Checked
    document: Document
    design: Design
    solution: Solution


def solved(file: str) -> Solved:
    """The one design of a file, solved; what keeps it from that is told and ends the command."""
    checks = examine([file])
    if len(checks) > 1:
        raise Refusal(f"{file} holds {len(checks)} designs, and this command shows one", "name one file")
    (one,) = checks
    if one.document is None or one.design is None or one.solution is None:
        tell_findings(checks)
        raise Unsolved(verdict(checks, "error") or FINDINGS)
    return Solved(one, one.document, one.design, one.solution)


def tell_findings(checks: list[Checked]) -> None:
    """The frames of a check, on the standard error output."""
    from sdplan.render.text import check_text

    tell(check_text(checks).rstrip("\n"))


def solve(file: str, form: str, *, precise: bool) -> int:
    """Show every number of a design."""
    one = solved(file)
    if form == "json":
        from sdplan.render.json import json_text
        from sdplan.render.solved import solve_document

        show(json_text(solve_document(one.solution, file=one.checked.name, version=version())))
    else:
        from sdplan.render.tables import solve_text

        show(solve_text(one.solution, precise=precise))
    return 0


def explain(file: str, path: str, form: str, *, precise: bool, steps: int) -> int:
    """Show how a number of a design comes about."""
    one = solved(file)
    from sdplan.render.derivation import Unknown

    if form == "markdown":
        from sdplan.render.explain_markdown import explain_markdown as explained
    else:
        from sdplan.render.explain import explain as explained
    text = explained(one.document, one.solution, path, precise=precise, most=steps)
    if isinstance(text, Unknown):
        raise Refusal(text.message, text.hint)
    show(text)
    return 0
