"""The templates' environment: sandboxed, escaping, and strict about names.

Templates lie in `templates/` beside the package in a checkout and inside the package in a wheel.
They hold layout; every number and every judgement arrives ready to be shown.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment
    from markupsafe import Markup

_PACKAGE = Path(__file__).resolve().parent.parent


def folders() -> tuple[Path, ...]:
    """Where templates may lie, the checkout first."""
    return (_PACKAGE.parent / "templates", _PACKAGE / "templates")


@cache
def environment() -> SandboxedEnvironment:
    """The environment that every page is written with."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in folders()]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill(template: str, **values: Any) -> str:
    """The text of a template with these values; every value is escaped unless it is `Markup`."""
    return environment().get_template(template).render(**values)


def fill_markdown(template: str, **values: Any) -> str:
    """The text of a Markdown template without the runs of empty lines that layout leaves."""
    return re.sub(r"\n{3,}", "\n\n", fill(template, **values)).rstrip("\n") + "\n"


@cache
def style(name: str) -> Markup:
    """A style sheet of the templates' folder, as it is."""
    from markupsafe import Markup

    loader = environment().loader
    if loader is None:
        raise FileNotFoundError(name)
    return Markup(loader.get_source(environment(), name)[0])


def macro(template: str, name: str) -> Any:
    """One macro of a template, to be called with what it lays out."""
    return getattr(environment().get_template(template).module, name)
