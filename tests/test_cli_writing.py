"""The commands that write: only where they were told to, and never over what is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.processes import sdplan
from tests.small_designs import GOOD, SORTS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a design of each sort."""
    place = tmp_path / "here"
    place.mkdir()
    for name, text in SORTS.items():
        (place / f"{name}.yaml").write_text(text)
    return place


class TestWriting:
    def test_init_writes_a_design_that_checks_clean_and_its_schema(self, folder: Path) -> None:
        made = folder / "new"
        made.mkdir()
        run = sdplan("init", "my-service", cwd=made)
        check = sdplan("check", "--verbose", "my-service.yaml", cwd=made)
        text = (made / "my-service.yaml").read_text()

        assert run.returncode == 0
        assert sorted(each.name for each in made.iterdir()) == ["my-service.yaml", "sdplan.schema.json"]
        assert text.startswith("# yaml-language-server: $schema=./sdplan.schema.json\n")
        assert "id: my-service\n" in text
        assert check.stdout.startswith(b"ok  my-service.yaml  tightest: ")
        assert check.stdout.count(b"\n") == 1

    def test_init_leaves_what_is_there(self, folder: Path) -> None:
        (folder / "sdplan.schema.json").write_text("mine")
        first = sdplan("init", "good", cwd=folder)
        second = sdplan("init", "other", cwd=folder)

        assert first.returncode == 2
        assert second.returncode == 0
        assert (folder / "good.yaml").read_text() == GOOD
        assert (folder / "sdplan.schema.json").read_text() == "mine"

    @pytest.mark.parametrize("name", ["../up", "a/b", "two words", "9lives", "", "x" * 64, "a.yaml"])
    def test_init_takes_only_an_identifier(self, folder: Path, name: str) -> None:
        before = sorted(folder.parent.rglob("*"))
        run = sdplan("init", name, cwd=folder)

        assert run.returncode == 2
        assert [each for each in folder.parent.rglob("*") if each not in before] == []

    def test_the_schema_is_printed(self, folder: Path) -> None:
        schema = json.loads(sdplan("schema", cwd=folder).stdout)

        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"

    def test_a_diagram_has_three_notations(self, folder: Path) -> None:
        svg, dot, mermaid = (
            sdplan("diagram", "good.yaml", "--format", form, cwd=folder).stdout
            for form in ("svg", "dot", "mermaid")
        )
        sdplan("diagram", "good.yaml", "-o", "good.svg", cwd=folder)

        assert svg.startswith(b"<svg")
        assert dot.startswith(b"digraph")
        assert mermaid.startswith(b"flowchart")
        assert (folder / "good.svg").read_bytes() == svg

    def test_a_onepager_is_markdown_or_a_page(self, folder: Path) -> None:
        sdplan("onepager", "good.yaml", "--format", "html", "--output", "good.html", cwd=folder)

        assert sdplan("onepager", "good.yaml", cwd=folder).stdout.startswith(b"# small\n")
        assert (folder / "good.html").read_text().lower().startswith("<!doctype html>")

    def test_decision_records_are_written_into_their_folder(self, folder: Path) -> None:
        decision = "decisions:\n  ADR-0001: {title: One tier, status: accepted, outcome: one}\n"
        (folder / "decided.yaml").write_text(GOOD + decision)
        run = sdplan("adr", "decided.yaml", "-o", "records", cwd=folder)
        (record,) = (folder / "records").iterdir()

        assert run.returncode == 0
        assert record.name == "0001-one-tier.md"
        assert sdplan("adr", "good.yaml", "-o", "none", cwd=folder).returncode == 2

    def test_a_record_is_never_written_through_a_link(self, folder: Path) -> None:
        decision = "decisions:\n  ADR-0001: {title: One tier, status: accepted, outcome: one}\n"
        (folder / "decided.yaml").write_text(GOOD + decision)
        (folder / "records").mkdir()
        (folder / "records" / "0001-one-tier.md").symlink_to(folder / "victim")
        run = sdplan("adr", "decided.yaml", "-o", "records", cwd=folder)

        assert run.returncode == 2
        assert not (folder / "victim").exists()

    def test_a_site_is_written_below_its_folder(self, folder: Path) -> None:
        run = sdplan("site", "good.yaml", "advised.yaml", "-o", "out", "--standalone", cwd=folder)

        assert run.returncode == 0, run.stderr
        assert (folder / "out" / "mkdocs.yml").is_file()
        assert list((folder / "out").rglob("small.md"))

    def test_a_site_of_a_design_with_errors_is_written_and_tells_them(self, folder: Path) -> None:
        (folder / "broken.yaml").write_text(GOOD.replace("flows:", "flowz:"))
        run = sdplan("site", "broken.yaml", "-o", "out", cwd=folder)

        assert run.returncode == 1
        assert b"unknown block `flowz`" in run.stderr
        assert (folder / "out" / "designs" / "index.md").is_file()
