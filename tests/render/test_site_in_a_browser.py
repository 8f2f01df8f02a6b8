"""The built site: by both builders without a warning, and in a real browser without another host."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import small_shop
from playwright.sync_api import Browser, Page, sync_playwright

from sdplan.pipeline import run
from sdplan.render.checked import Checked
from sdplan.render.site import portfolio

pytestmark = pytest.mark.browser
HOSTILE = """\
sdplan: 1
id: hostile
title: "</title><script>document.title = 'owned'</script>&lt;script>&quot;"
owner: '" onmouseover="alert(1)'
summary: "<img src=x onerror=alert(1)> {{ 7*7 }} ![x](https://evil.test/p.png)"
context: "*x*{: onclick=alert(1)} [x](javascript:alert(1)) <https://evil.test>"
flows: {buy: {api: "GET /<script>", rate: 1/s, steps: [api]}}
decisions:
  D1:
    title: '"><script>document.title = "owned"</script>'
    date: "</script><script>document.title = 'owned'</script>"
    outcome: a
    options: {a: {title: "<script>document.title = 'owned'</script>", good: ["<img src=x onerror=alert(1)>"]}}
components: {api: {kind: service, cores: 1, service_time: 40ms, availability: 99.9%}}
"""


def checked(text: str, name: str) -> Checked:
    outcome = run(name, text.encode())
    return Checked(name, text.encode(), outcome.document, outcome.design, outcome.solution, outcome.findings)


SHOP = checked(small_shop.TEXT, "shop.yaml")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portfolio")
    portfolio([SHOP, checked(HOSTILE, "hostile.yaml")], folder, "Designs")
    return folder


def build(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def built(sources: Path) -> Path:
    done = build(sources, "mkdocs", "build", "--strict")

    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return sources / "build"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    installed = next((found for name in names if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def asked(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page at a phone's width, and the addresses that it asks for."""
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    yield page, addresses
    page.close()


def test_zensical_builds_the_same_sources_without_a_warning(sources: Path, tmp_path: Path) -> None:
    shutil.copytree(sources / "pages", tmp_path / "pages")
    shutil.copy(sources / "mkdocs.yml", tmp_path)
    done = build(tmp_path, "zensical", "build", "--strict", "--clean")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout + done.stderr
    assert 'data-path="flows.buy.peak_rate"' in (tmp_path / "build/designs/shop.html").read_text()


def test_a_browser_reads_the_number_that_was_solved(built: Path, asked: tuple[Page, list[str]]) -> None:
    assert SHOP.solution is not None
    page, addresses = asked
    page.goto((built / "designs/shop.html").as_uri())
    peak = page.locator('summary [data-path="flows.buy.peak_rate"]').inner_text()

    assert peak == SHOP.solution.records["flows", "buy", "peak_rate"].shown()
    assert [address for address in addresses if not address.startswith(("file:", "data:"))] == []


def test_a_link_opens_the_derivation_it_leads_to(built: Path, asked: tuple[Page, list[str]]) -> None:
    page, _ = asked
    page.goto((built / "designs/shop.html").as_uri() + "#flows.buy.peak_rate")
    working = page.locator("[id='flows.buy.peak_rate']")

    assert working.is_visible()
    assert working.locator("math").count() > 0


@pytest.mark.parametrize(
    "name", ["index", "designs/shop", "designs/shop/one-pager", "rules/index", "formulas/queueing"]
)
def test_no_page_scrolls_sideways_on_a_phone(built: Path, asked: tuple[Page, list[str]], name: str) -> None:
    page, _ = asked
    page.goto((built / f"{name}.html").as_uri())

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_decision_of_a_hostile_design_runs_nothing(built: Path, asked: tuple[Page, list[str]]) -> None:
    page, addresses = asked
    (record,) = (built / "designs/hostile").glob("d1-*.html")
    page.goto(record.as_uri())

    assert page.title() != "owned"
    assert page.locator("[onclick], [onerror], [onmouseover]").count() == 0
    assert not [address for address in addresses if not address.startswith(("file:", "data:"))]


@pytest.mark.parametrize("name", ["index", "designs/hostile", "designs/hostile/one-pager"])
def test_text_of_a_design_runs_nothing_and_asks_for_nothing(
    built: Path, asked: tuple[Page, list[str]], name: str
) -> None:
    page, addresses = asked
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    page.goto((built / f"{name}.html").as_uri())

    assert page.title() != "owned"
    assert page.locator("[onclick], [onerror], [onmouseover]").count() == 0
    assert name == "index" or "{{ 7*7 }}" in page.locator("body").inner_text()
    assert not [address for address in addresses if not address.startswith(("file:", "data:"))]
