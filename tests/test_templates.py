"""Templates: found, strict, sandboxed, and without arithmetic."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from jinja2.sandbox import SecurityError
from markupsafe import Markup

from sdplan.render.templates import environment, fill, folders, style

TEMPLATES = sorted(Path(folders()[0]).glob("*.j2"))


def test_the_folder_beside_the_package_is_looked_at_first() -> None:
    assert folders()[0] == Path(__file__).resolve().parent.parent / "templates"
    assert folders()[1].parts[-2:] == ("sdplan", "templates")


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_every_template_parses(file: Path) -> None:
    assert environment().get_template(file.name).name == file.name


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_a_template_computes_nothing(file: Path) -> None:
    logic = re.findall(r"\{[{%](.*?)[}%]\}", file.read_text(encoding="utf-8"), re.DOTALL)
    outside_text = [re.sub(r'"[^"]*"', '""', part) for part in logic]

    assert [part for part in outside_text if re.search(r" [-+*/] |\*\*|//|\bround\b|\bsum\b", part)] == []


def test_a_missing_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        fill("home.md.j2", title="Designs")


def test_values_are_escaped_unless_they_are_markup() -> None:
    page = fill("home.md.j2", title="<b>", table=Markup("<table></table>"))

    assert "# &lt;b&gt;" in page
    assert "<table></table>" in page


def test_a_value_cannot_reach_python() -> None:
    template = environment().from_string("{{ value.__class__.__mro__[1].__subclasses__() }}")

    with pytest.raises((SecurityError, UndefinedError)):
        template.render(value="")


def test_style_sheets_ask_nothing_of_another_place() -> None:
    for name in ("numbers.css", "onepager.css", "site.css"):
        assert "url(" not in style(name)
        assert "@import" not in style(name)
