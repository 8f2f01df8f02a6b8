"""Decision records in the manner of MADR 4, each with its premise checked against today's numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from sdplan.render.judgement import Sign, premise_of, premise_sign, premise_text
from sdplan.render.prose import code, heading, literal, markdown, phrase, quoted
from sdplan.render.templates import fill_markdown
from sdplan.solve.texts import numbers_of

if TYPE_CHECKING:
    from sdplan.solve.solution import Record, Solution
    from sdplan.spec.decisions import Argued, Decision
    from sdplan.spec.design import Design


class Confirmation(NamedTuple):
    """Whether the ground of a decision still holds, and the numbers that say so."""

    sign: Sign
    condition: str
    finding: str


class Arguments(NamedTuple):
    """One option with what speaks for and against it, as Markdown."""

    title: Markup
    good: tuple[Markup, ...]
    neutral: tuple[Markup, ...]
    bad: tuple[Markup, ...]


def adr(design: Design, solution: Solution | None, page: str = "") -> dict[str, str]:
    """The decision records of a design: file name to text; `page` leads from them to the design's page."""
    numbers = numbers_of(solution)
    return {
        file_name(name, decision): _record(
            name, decision, confirmation(name, decision, solution), numbers, design, page
        )
        for name, decision in design.decisions.items()
    }


def file_name(name: str, decision: Decision) -> str:
    """`0001-store-links.md` for ADR-0001; the id itself leads where it holds no number."""
    number = re.fullmatch(r"[A-Za-z]+[-_](\d+)", name)
    lead = number.group(1).zfill(4)[-9:] if number else name.lower()
    return "-".join(part for part in (lead, _dashed(decision.title)) if part) + ".md"


def confirmation(name: str, decision: Decision, solution: Solution | None) -> Confirmation | None:
    """The premise of a decision held against the solved numbers, if it states one."""
    premise = premise_of(solution, name)
    if premise is None or decision.holds_while is None:
        return None
    finding = premise_text(premise, decision.holds_while.comparison.operator)
    return Confirmation(premise_sign(premise), premise.text, finding)


def status_of(name: str, design: Design) -> str:
    """The status of a decision, which itself says what superseded it."""
    later = next((other for other, decision in design.decisions.items() if decision.supersedes == name), "")
    return f"superseded by {later}" if later else design.decisions[name].status


def _record(
    name: str,
    decision: Decision,
    confirmed: Confirmation | None,
    numbers: Mapping[str, Record],
    design: Design,
    page: str,
) -> str:
    options = {key: arguments(key, option, numbers) for key, option in decision.options.items()}
    chosen = options.get(decision.outcome)
    return fill_markdown(
        "adr.md.j2",
        name=name,
        status=quoted(status_of(name, design)),
        date=quoted(decision.date),
        deciders=[quoted(decider) for decider in decision.deciders],
        title=Markup(heading(decision.title)),
        context=Markup(markdown(decision.context, numbers)),
        drivers=_phrases(decision.drivers, numbers),
        options=options,
        chosen=chosen.title if chosen else Markup(phrase(decision.outcome, numbers)),
        because=Markup(phrase(decision.because.rstrip("."), numbers)),
        consequences=arguments("", decision.consequences, numbers),
        condition=Markup(code(confirmed.condition)) if confirmed else "",
        finding=Markup(literal(f"{confirmed.sign.mark} {confirmed.finding}")) if confirmed else "",
        supersedes=decision.supersedes,
        stands=Markup(literal(", ".join(part for part in (status_of(name, design), decision.date) if part))),
        design=Markup(f"[{heading(design.title or design.id)}]({page})" if page else code(design.id)),
    )


def arguments(name: str, option: Argued, numbers: Mapping[str, Record]) -> Arguments:
    """An option, or the consequences, with every argument as safe Markdown."""
    title = Markup(heading(option.title or name))
    return Arguments(
        title,
        _phrases(option.good, numbers),
        _phrases(option.neutral, numbers),
        _phrases(option.bad, numbers),
    )


def _phrases(texts: tuple[str, ...], numbers: Mapping[str, Record]) -> tuple[Markup, ...]:
    return tuple(Markup(phrase(text, numbers)) for text in texts)


def _dashed(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].rstrip("-")
