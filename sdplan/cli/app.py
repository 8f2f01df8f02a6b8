"""The command line: every command with its options and an example; the work is in the files beside."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import typer

from sdplan.cli.ending import end
from sdplan.cli.output import STDOUT, show

WIDTH = 90  # of the help, whatever the terminal: the same text everywhere

app = typer.Typer(
    name="sdplan",
    help="A design document that does its own arithmetic and fails the pull request when it breaks.",
    epilog="Exit codes: 0 in order, 1 findings, 2 usage or unreadable input, 3 internal error.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "terminal_width": WIDTH},
)


class Format(StrEnum):
    """How the findings of a check are reported."""

    text = "text"
    json = "json"
    github = "github"


File = Annotated[str, typer.Argument(metavar="FILE", help="A design, or - for the standard input.")]
Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE", help="Designs, folders that hold designs, patterns, or -"),
]
Precise = Annotated[bool, typer.Option("--precise", help="Show all digits of every number.")]
Output = Annotated[
    str,
    typer.Option("--output", "-o", metavar="FILE", help="A file, not the standard output."),
]
Folder = Annotated[str, typer.Option("--output", "-o", metavar="FOLDER", help="The folder to write into.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        from sdplan.cli.version import version

        show(f"sdplan {version()}\n")
        raise typer.Exit


@app.callback()
def sdplan(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version."),
    ] = False,
) -> None:
    """What all commands share."""


@app.command(epilog="Example: sdplan check designs/")
def check(
    files: Files,
    formats: Annotated[
        list[Format] | None,
        typer.Option("--format", help="The form of the report; may be given again."),
    ] = None,
    outputs: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where the report goes; one for each --format."),
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning", "advice"],
        typer.Option("--fail-on", help="The mildest finding that makes the exit code 1."),
    ] = "error",
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List the advice too.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither use nor keep an answer.")] = False,
    untrusted: Annotated[
        bool, typer.Option("--untrusted", help="For designs by strangers: keep nothing.")
    ] = False,
) -> None:
    """Solve and review designs, and say what is wrong with them."""
    from sdplan.cli import checking

    if formats or outputs or verbose or fail_on != "error":
        named = [each.value for each in formats or ()]
        end(lambda: checking.check(files, checking.reports(named, outputs or ()), fail_on, verbose=verbose))
    end(lambda: checking.check_plainly(files, keep=not (no_cache or untrusted)))


@app.command(epilog="Example: sdplan solve designs/url-shortener.yaml")
def solve(
    file: File,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="Tables, or a document.")
    ] = "text",
    precise: Precise = False,
) -> None:
    """Show every number of a design: rates, latency, availability, storage, cost."""
    from sdplan.cli import showing

    end(lambda: showing.solve(file, form, precise=precise))


@app.command(epilog="Example: sdplan explain designs/url-shortener.yaml flows.redirect.peak_rate")
def explain(
    file: File,
    path: Annotated[str, typer.Argument(metavar="PATH", help="A number, as in flows.buy.peak_rate.")],
    form: Annotated[
        Literal["text", "markdown"], typer.Option("--format", help="Text, or Markdown with LaTeX.")
    ] = "text",
    steps: Annotated[
        int, typer.Option("--steps", min=1, help="How many of the nearest steps are worked out.")
    ] = 12,
    precise: Precise = False,
) -> None:
    """Show how a number of a design comes about, down to what is stated."""
    from sdplan.cli import showing

    end(lambda: showing.explain(file, path, form, precise=precise, steps=steps))


@app.command(epilog="Example: sdplan verify designs/url-shortener.yaml --runs 50000")
def verify(
    files: Files,
    runs: Annotated[int, typer.Option("--runs", min=1, help="About how many runs are simulated.")] = 200_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same answer.")] = 1,
    point: Annotated[
        Literal["peak", "mean"], typer.Option("--point", help="The load that is simulated.")
    ] = "peak",
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="A table, or a document.")
    ] = "text",
) -> None:
    """Simulate designs, and say which computed numbers the simulation contradicts."""
    from sdplan.cli import verify as verifying

    end(lambda: verifying.verify(files, form, runs=runs, seed=seed, point=point))


@app.command(hidden=True, epilog="Example: sdplan validation build/validation")
def validation(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="Where what was measured is kept.")],
    designs: Annotated[int, typer.Option("--designs", min=1, help="How many random designs.")] = 256,
    runs: Annotated[int, typer.Option("--runs", min=1, help="About how many runs of each.")] = 100_000,
) -> None:
    """Measure the errors of all approximations on random designs, for the page and the labels."""
    from sdplan.cli import validating

    end(lambda: validating.validation(folder, designs=designs, runs=runs))


@app.command(epilog="Example: sdplan init my-service")
def init(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The design's id and file name.")],
) -> None:
    """Write a commented design to start from, with its schema for editors."""
    from sdplan.cli import starting

    end(lambda: starting.init(name))


@app.command(epilog="Example: sdplan schema > sdplan.schema.json")
def schema() -> None:
    """Show the JSON Schema of a design, for editors and other tools."""
    from sdplan.cli import starting

    end(starting.schema)


@app.command(epilog="Example: sdplan rule CP101")
def rule(
    wanted: Annotated[
        str,
        typer.Argument(metavar="[CODE|NAME]", help="A rule; without it, all are listed."),
    ] = "",
) -> None:
    """Show what a rule finds, why that matters and what to do instead."""
    from sdplan.cli import starting

    end(lambda: starting.rule(wanted))


@app.command(epilog="Example: sdplan diagram designs/url-shortener.yaml -o url-shortener.svg")
def diagram(
    file: File,
    form: Annotated[
        Literal["svg", "dot", "mermaid"], typer.Option("--format", help="The notation of the diagram.")
    ] = "svg",
    output: Output = STDOUT,
) -> None:
    """Draw a design with its load, its utilization and its verdicts."""
    from sdplan.cli import publishing

    end(lambda: publishing.diagram(file, form, output))


@app.command(epilog="Example: sdplan onepager designs/url-shortener.yaml --format html -o url-shortener.html")
def onepager(
    file: File,
    form: Annotated[
        Literal["markdown", "html"], typer.Option("--format", help="Markdown, or HTML that prints well.")
    ] = "markdown",
    output: Output = STDOUT,
) -> None:
    """Write the review outline of a design with its numbers."""
    from sdplan.cli import publishing

    end(lambda: publishing.onepager(file, form, output))


@app.command(epilog="Example: sdplan adr designs/url-shortener.yaml -o decisions/")
def adr(file: File, output: Folder) -> None:
    """Write the decision records of a design, their premises checked again."""
    from sdplan.cli import publishing

    end(lambda: publishing.adr(file, output))


@app.command(epilog="Example: sdplan site designs/ -o site/")
def site(
    files: Files,
    output: Folder,
    standalone: Annotated[
        bool, typer.Option("--standalone", help="Write a home page and mkdocs.yml too: a site of its own.")
    ] = False,
) -> None:
    """Write the pages of all designs, as Markdown for a site builder."""
    from sdplan.cli import publishing

    end(lambda: publishing.site(files, output, standalone=standalone))
