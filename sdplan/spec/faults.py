"""What pydantic found, in the words of a design: one finding each, with what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from sdplan.findings import Finding, Path


def faults(error: ValidationError, prefix: Path, model: type[BaseModel]) -> list[Finding]:
    """The findings of one failed block, one for each place."""
    found: dict[Path, Finding] = {}
    for detail in error.errors(include_url=False, include_input=True):
        finding = _fault(detail, prefix, model)
        known = found.get(finding.path)
        if known is None or (known.code == "SP202" and finding.code != "SP202"):
            found[finding.path] = finding
    return list(found.values())


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or nothing."""
    import difflib  # only a finding pays for it

    words = list(known)
    same = {name.replace("-", "_").lower(): name for name in words}
    folded = word.replace("-", "_").lower()
    if folded in same:
        return same[folded]
    close = difflib.get_close_matches(folded, same, n=1, cutoff=0.6)
    return same[close[0]] if close else ""


def suggestion(word: str, known: Iterable[str]) -> str:
    """`did you mean …?`, or the list of what there is."""
    words = sorted(known)
    close = nearest(word, words)
    if close:
        return f"did you mean `{close}`?"
    if not words:
        return ""
    shown = ", ".join(f"`{name}`" for name in words[:12])
    return f"known here: {shown}" + (f" and {len(words) - 12} more" if len(words) > 12 else "")


def _fault(detail: Any, prefix: Path, model: type[BaseModel]) -> Finding:
    where = prefix + tuple(part for part in detail["loc"] if part not in ("", "[key]"))
    context = detail.get("ctx") or {}
    kind = detail["type"]
    if kind == "sdplan":
        return Finding(context["code"], "error", where, context["message"], context["hint"])
    if kind == "extra_forbidden":
        return _unknown_key(where, detail["loc"], model)
    if kind == "missing":
        return Finding("SP203", "error", where, f"`{where[-1]}` is missing", _missing_hint(str(where[-1])))
    if kind == "literal_error":
        return Finding(
            "SP204",
            "error",
            where,
            f"expected {context['expected']}, got `{detail['input']}`",
            suggestion(str(detail["input"]), _quoted(context["expected"])),
        )
    if kind in ("model_type", "model_attributes_type", "dict_type", "mapping_type"):
        return Finding("SP202", "error", where, "expected a map of `key: value`", "")
    if kind in ("tuple_type", "list_type"):
        return Finding(
            "SP202", "error", where, "expected a list", "write `[one, two]`, or one `- item` a line"
        )
    return Finding("SP202", "error", where, str(detail["msg"]), "")


def _quoted(expected: str) -> list[str]:
    return [part for part in expected.split("'") if part.strip(" ,") not in ("", "or")]


def _missing_hint(key: str) -> str:
    hints = {
        "kind": "write for example `kind: service`",
        "size": "write for example `size: 2KB`",
        "what": "write `what:` and the risk in one sentence",
        "title": "write `title:` and one sentence",
    }
    return hints.get(key, f"add `{key}:`")


def _unknown_key(where: Path, loc: tuple[int | str, ...], model: type[BaseModel]) -> Finding:
    owner = _model_at(model, loc[:-1])
    known = [field.alias or name for name, field in owner.model_fields.items()] if owner else []
    return Finding(
        "SP201", "error", where, f"unknown key `{where[-1]}`", suggestion(str(where[-1]), known), on_key=True
    )


def _model_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The model that a location inside `model` belongs to; keys and indices are skipped."""
    current: type[BaseModel] | None = model
    for part in loc:
        if current is None:
            return None
        field = next((f for name, f in current.model_fields.items() if part in (name, f.alias)), None)
        if field is not None:
            current = _model_in(field.annotation, str(part)) or current
    return current


def _model_in(annotation: Any, name: str) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument, name)
        if found is not None:
            return found
    return None
