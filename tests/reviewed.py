"""What the tests of single rules share: a design with one component, and the findings of one code."""

from sdplan.findings import Finding
from sdplan.pipeline import run


def found(text: str, code: str) -> list[Finding]:
    """The findings of a code in a design."""
    return [finding for finding in run("design.yaml", text.encode()).findings if finding.code == code]


def one(text: str, code: str) -> Finding:
    """The only finding of a code in a design."""
    (finding,) = found(text, code)
    return finding


def because(finding: Finding) -> str:
    """The chain of a finding, one link a line."""
    return "\n".join(link.message for link in finding.because)


def shop(api: str, *, rate: str = "100/s", slos: str = "") -> str:
    """A shop with one flow and one component."""
    return f"""sdplan: 1
id: shop
flows:
  order: {{rate: {rate}, steps: [api]}}
components:
  api: {{kind: service, service_time: 5ms, {api}}}
slos: {{{slos}}}
"""
