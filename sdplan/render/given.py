"""What a derivation starts from: stated numbers with their reasons and lines, and what a label promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sdplan.findings import Path
from sdplan.render.derivation import Derivation
from sdplan.render.escaping import inert, shown_name
from sdplan.render.working import short
from sdplan.solve.measured import error_of

if TYPE_CHECKING:
    from sdplan.solve.solution import Record, Solution
    from sdplan.source import Document

LABELS: Mapping[str, str] = {
    "exact": "exact",
    "approximation": "an approximation",
    "bound": "a bound",
    "stated": "stated",
    "simulated": "simulated",
}
_TRUST: Mapping[str, str] = {
    "exact": "Exact: it follows from what is stated without any approximation.",
    "approximation": "An approximation",
    "bound": "A bound",
    "stated": "Stated, not computed.",
    "simulated": "Simulated",
}
_MEASURES: Mapping[Path, str] = {
    ("stored",): "stored bytes",
    ("hit",): "hit ratio",
    ("in",): "bandwidth in",
    ("out",): "bandwidth out",
    ("peak_in",): "peak bandwidth in",
    ("peak_out",): "peak bandwidth out",
    ("created",): "rate of new items",
    ("ingest",): "rate of new bytes",
    ("count",): "number of items",
    ("wait",): "mean wait",
    ("replicas",): "number of replicas",
    ("errors",): "share of failed runs",
}
_SUBJECTS = {
    "flows": "the flow",
    "components": "the component",
    "entities": "the entity",
    "regions": "the region",
}


class Premise(NamedTuple):
    """A number that is given: as it was written, why, and where."""

    name: str
    value: str
    reason: str
    place: str


def premises(document: Document, solution: Solution, derivation: Derivation, precise: bool) -> list[Premise]:
    """The given numbers of a derivation in the order in which its steps need them."""
    return [_premise(document, solution, record, precise) for record in derivation.given]


def _premise(document: Document, solution: Solution, record: Record, precise: bool) -> Premise:
    written = inert(_written(document.data, record.path))
    value = record.shown(precise=precise)
    stated = (written or value) if not written or _same(written, value) else f"{written} = {value}"
    if record.note:
        return Premise(short(record.path), value, inert(record.note), "")
    place = f"{shown_name(document.name)}:{document.locate(record.path).line}"
    return Premise(short(record.path), stated, inert(_reason(solution, record.path)), place)


def _written(data: object, path: Path) -> str:
    """The text of a number in the file; of an input or a law given as a map, its value or mean."""
    for part in path:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return ""
    if isinstance(data, dict):
        data = data.get("value")
    return data if isinstance(data, str) else ""


def _same(written: str, value: str) -> bool:
    return written.replace(" ", "").removesuffix("x") == value.replace(" ", "")


def _reason(solution: Solution, path: Path) -> str:
    """Why an input has its value: its reason, its source and its range."""
    stated: Any = solution.design.inputs.get(str(path[1])) if path[0] == "inputs" and len(path) > 1 else None
    if stated is None:
        return ""
    extent = f"range {stated.range.text}" if stated.range is not None else ""
    return ", ".join(part for part in (stated.why, stated.source, extent) if part)


def label_text(record: Record) -> str:
    """How far a number may be trusted, in a sentence."""
    words = _TRUST[record.label]
    error = error_of(record)
    if error is not None:
        return f"{words.rstrip('.')}: {record.note.rstrip('.')}. {_sentence(error.text())}"
    if words.endswith(".") and not record.note:
        return words
    return f"{words.rstrip('.')}: {record.note.rstrip('.')}." if record.note else f"{words}."


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def subject(path: Path) -> str:
    """What a number is: `The peak rate of the flow redirect`."""
    if path == ("cost",):
        return "The cost of the whole design"
    if path[0] in ("inputs", "results"):
        return f"The {str(path[0])[:-1]} {path[1]}"
    owner = _SUBJECTS.get(str(path[0]))
    rest = path[2:]
    if path[0] == "flows" and "steps" in rest:
        return f"The {str(rest[-1]).replace('_', ' ')} of a call of the flow {path[1]}"
    if owner is None or not rest or any(isinstance(part, int) for part in rest):
        return "A number of the design"
    percentile = len(rest) > 1 and str(rest[-1]).startswith("p") and str(rest[-1])[1:2].isdigit()
    ordered = (rest[-1], *rest[:-1]) if percentile else rest
    words = _MEASURES.get(rest) or " ".join(str(part).replace("_", " ") for part in ordered)
    return f"The {words} of {owner} {path[1]}"
