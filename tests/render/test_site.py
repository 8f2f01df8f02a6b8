"""The site: its pages as text, and what is written to disk."""

from __future__ import annotations

import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import small_shop
import yaml

from sdplan.findings import dotted
from sdplan.formulas import families, registry
from sdplan.pipeline import run
from sdplan.render.checked import Checked
from sdplan.render.site import pages, portfolio, site
from sdplan.render.site.pages import slugs
from sdplan.render.site.writing import MANIFEST, write
from sdplan.rules import registry as rules

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="700" height="10"><title>a</title></svg>'


def draw(design: object, solution: object, prefix: str) -> str:
    return PICTURE


def checked(text: str = small_shop.TEXT, name: str = "designs/shop.yaml") -> Checked:
    outcome = run(name, text.encode())
    return Checked(name, text.encode(), outcome.document, outcome.design, outcome.solution, outcome.findings)


SHOP = checked()
TEXT = pages([SHOP], draw)


class Numbers(HTMLParser):
    """The numbers of a page by their paths, its ids, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.numbers: dict[str, str] = {}
        self.ids: list[str] = []
        self.links: list[str] = []
        self._path: str | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._path = found.get("data-path")
        self.ids += [found["id"]] if found.get("id") else []  # type: ignore[list-item]
        self.links += [found["href"]] if tag == "a" and found.get("href") else []  # type: ignore[list-item]

    def handle_data(self, data: str) -> None:
        if self._path:
            self.numbers[self._path] = data
        self._path = None


def test_every_solved_number_is_on_the_page_under_its_path() -> None:
    assert SHOP.solution is not None
    page = Numbers(TEXT["designs/shop.md"])

    assert page.numbers == {dotted(path): record.shown() for path, record in SHOP.solution.records.items()}
    assert set(page.numbers) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_links_inside_the_site_lead_somewhere() -> None:
    ids = {name: set(Numbers(text).ids) for name, text in TEXT.items() if name.endswith(".md")}
    for name, text in TEXT.items():
        for link in Numbers(text).links if name.endswith(".md") else []:
            target, _, anchor = link.partition("#")
            path = (Path("/") / name).parent / target if target else Path("/") / name
            found = str(path.resolve().relative_to("/"))
            source = found.removesuffix(".html") + ".md" if target.endswith(".html") else found
            source = found if found in TEXT else source
            assert source in TEXT, f"{name} links to {link}"
            if anchor:
                assert anchor in ids[source] or f"\n## {anchor}\n" in TEXT[source], f"{name} links to {link}"


def test_the_page_names_verdict_objectives_and_what_is_not_counted() -> None:
    page = TEXT["designs/shop.md"]

    for heading in (
        "Objectives",
        "Published and promised numbers",
        "Flows",
        "Components",
        "Every number",
        "Source",
    ):
        assert f"\n## {heading}\n" in page
    assert "buy-fast" in page
    assert PICTURE in page
    assert page.count('class="sd-number"') == len(SHOP.solution.records if SHOP.solution else ())


def test_equations_are_mathml() -> None:
    assert "<math " in TEXT["designs/shop.md"]
    assert "<mi>λ</mi>" in TEXT["formulas/traffic.md"]


def test_there_is_a_page_for_every_rule_and_every_family_of_formulas() -> None:
    names = set(TEXT)

    assert {f"rules/{code}.md" for code in rules()} | {"rules/index.md"} <= names
    assert {f"formulas/{family}.md" for family in families()} | {"formulas/index.md"} <= names
    for formula in registry().values():
        assert f"\n## {formula.name}\n" in TEXT[f"formulas/{formula.family}.md"]


@pytest.mark.parametrize("code", sorted(rules()))
def test_a_rule_page_shows_its_examples_unchanged(code: str) -> None:
    page, rule = TEXT[f"rules/{code}.md"], rules()[code]
    fences = re.findall(r"^```yaml\n(.*?)\n```$", page, re.MULTILINE | re.DOTALL)
    examples = [*rule.fail, *rule.passes]

    assert len(re.findall(r"^`{3,}yaml$", page, re.MULTILINE)) == len(examples)
    assert [
        text for text in examples if text.replace("\n", "").isprintable() and text.rstrip() not in fences
    ] == []


def test_the_table_of_designs_gives_verdict_and_peak() -> None:
    assert SHOP.solution is not None
    table = TEXT["designs/index.md"]

    assert '<a href="shop.html">A small shop</a>' in table
    assert (
        Numbers(table).numbers["flows.buy.peak_rate"]
        == SHOP.solution.records["flows", "buy", "peak_rate"].shown()
    )


def test_decisions_have_pages_that_the_design_links_to() -> None:
    assert "designs/shop/0001-one-database.md" in TEXT
    assert "shop/0001-one-database.html" in Numbers(TEXT["designs/shop.md"]).links


def test_a_design_that_does_not_solve_still_has_a_page() -> None:
    broken = checked("sdplan: 1\nid: broken\nflowz: {}\n", "broken.yaml")
    text = pages([broken], draw)

    assert "unknown block `flowz`" in text["designs/broken.md"].replace("<code>", "`").replace("</code>", "`")
    assert "does not solve" in text["designs/index.md"]


def test_pages_of_designs_with_one_id_do_not_collide() -> None:
    named = slugs([SHOP, SHOP, checked("sdplan: 1\nid: index\n", "index.yaml")])

    assert list(named) == ["shop", "shop-2", "index-2"]


def test_the_source_cannot_leave_its_fence() -> None:
    text = small_shop.TEXT + "# ```\n# ~~~\n# <script>alert(1)</script>\n"
    page = pages([checked(text)], draw)["designs/shop.md"]

    assert "\n````yaml\n" in page
    assert page.rstrip().endswith("````")


def test_only_what_changed_is_written_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    first = site([SHOP], tmp_path, draw)
    again = site([SHOP], tmp_path, draw)
    (tmp_path / "designs" / "by-hand.md").write_text("mine")
    site([], tmp_path, draw)

    assert {path.relative_to(tmp_path).as_posix() for path in first} == {*TEXT, MANIFEST}
    assert again == []
    assert not (tmp_path / "designs" / "shop.md").exists()
    assert (tmp_path / "designs" / "by-hand.md").exists()


def test_nothing_is_written_or_removed_outside_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("mine")
    folder = tmp_path / "site"
    (folder / "designs").mkdir(parents=True)
    (folder / MANIFEST).write_text("../outside.md\n")
    write({}, folder)

    assert outside.read_text() == "mine"
    with pytest.raises(ValueError, match="outside the site"):
        write({"../outside.md": "theirs"}, folder)
    (folder / "rules").symlink_to(tmp_path)
    with pytest.raises(ValueError, match="outside the site"):
        write({"rules/outside.md": "theirs"}, folder)


def test_a_portfolio_stands_alone(tmp_path: Path) -> None:
    portfolio([SHOP], tmp_path, 'Ours: "all" <designs>', draw)
    config = yaml.safe_load((tmp_path / "mkdocs.yml").read_text())

    assert config["site_name"] == 'Ours: "all" <designs>'
    assert config["plugins"] == ["search"]
    assert config["theme"]["font"] is False
    assert "hooks" not in config
    home = (tmp_path / config["docs_dir"] / "index.md").read_text()
    assert '<a href="designs/shop.html">A small shop</a>' in home


def test_the_same_designs_give_the_same_bytes() -> None:
    assert pages([checked()], draw) == TEXT


def test_every_formula_has_a_page_of_its_own_with_its_equation_symbols_and_source() -> None:
    for formula in registry().values():
        page = TEXT[f"formulas/{formula.family}/{formula.name}.md"]
        assert page.startswith("# ")
        assert '<math display="block"' in page or "sd-latex" in page
        assert all(f"<code>{name}</code>" in page for name in formula.parameters)
        assert "## A worked example" in page


def test_a_formula_page_shows_a_reference_case_an_inverse_and_who_uses_it() -> None:
    page = TEXT["formulas/queueing/wait_mm1.md"]
    assert "<code>mm1-sixto-10.3</code>" in page  # expected 9 for 0.25 arrivals and 3 s of service
    assert "<td>9</td><td>9</td>" in page
    assert "## Turned round" in page
    used = TEXT["formulas/traffic/peak_rate.md"]
    assert "<code>flows.*.peak_rate</code>" in used


def test_links_between_formulas_lead_to_pages_that_exist() -> None:
    for name, text in TEXT.items():
        if name.startswith("formulas/"):
            folder = posixpath.dirname(name)
            for target in re.findall(r'href="([^"#:]+)\.html', text):
                assert posixpath.normpath(posixpath.join(folder, target)) + ".md" in TEXT, (name, target)
