"""The documentation site of a portfolio of designs: plain Markdown, SVG and a builder's configuration."""

from sdplan.render.site.pages import Draw, drawn, pages
from sdplan.render.site.writing import portfolio, site

__all__ = ["Draw", "drawn", "pages", "portfolio", "site"]
