"""`init`, `schema` and `rule`: what helps to write a design."""

from __future__ import annotations

import os

from sdplan.cli.output import Refusal, show, tell, unwritable
from sdplan.findings import safe_text


def init(name: str) -> int:
    """Write a starter design and, unless there is one, the schema that editors check it by."""
    from sdplan.schema import schema_text
    from sdplan.spec.base import IDENTIFIER
    from sdplan.starter import SCHEMA_NAME, starter

    if not IDENTIFIER.fullmatch(name):
        hint = "write a letter, then at most 62 letters, digits, `-` or `_`"
        raise Refusal(f"`{safe_text(name, limit=70)}` can't be the id of a design", hint)
    file = f"{name}.yaml"
    if not _create(file, starter(name)):
        raise Refusal(f"{file} is already there and was left as it is", "choose another name")
    _create(SCHEMA_NAME, schema_text())
    tell(f"wrote {file}; next: sdplan check {file}")
    return 0


def _create(path: str, text: str) -> bool:
    """Write a new file; nothing happens where there is one, or a link of that name."""
    try:
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return False
    except OSError as wrong:
        raise unwritable(os.path.abspath(path), wrong) from None
    return True


def schema() -> int:
    """Show the JSON Schema of a design."""
    from sdplan.schema import schema_text

    show(schema_text())
    return 0


def rule(wanted: str) -> int:
    """Show the page of a rule, or the list of all of them."""
    from sdplan.rules import registry

    known = registry()
    if not wanted:
        show(
            "".join(
                f"{each.code}  {each.severity:<7}  {each.name}: {each.title}\n" for each in known.values()
            )
        )
        return 0
    by_name = {each.name: each for each in known.values()}
    found = known.get(wanted.upper()) or by_name.get(wanted.lower().replace("_", "-"))
    if found is None:
        from sdplan.spec.faults import nearest

        close = nearest(wanted[:70], [*known, *by_name])
        hint = f"did you mean `{close}`?" if close else "`sdplan rule` lists them all"
        raise Refusal(f"there is no rule `{safe_text(wanted, limit=70)}`", hint)
    heading = f"{found.code} {found.name} ({found.severity}, confidence {found.confidence})"
    examples = [("Found in", text) for text in found.fail] + [("Not found in", text) for text in found.passes]
    parts = [
        heading,
        found.page.replace("**", ""),
        *(f"{title}:\n\n{_indented(text)}" for title, text in examples),
    ]
    show("\n\n".join(parts) + "\n")
    return 0


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip().splitlines())
