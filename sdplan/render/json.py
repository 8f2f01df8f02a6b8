"""The findings of a check as a versioned document for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sdplan.findings import Because, Finding, dotted
from sdplan.render.checked import Checked, counts, worst_first
from sdplan.render.escaping import json_command_free
from sdplan.render.solved import verdict_entry

SCHEMA_VERSION = "1"


def check_document(checks: Sequence[Checked], *, version: str) -> dict[str, Any]:
    """Every design that was checked, with its findings and SLOs, and how many findings there are."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "sdplan", "version": version},
        "designs": [_design(one) for one in checks],
        "summary": {"designs": len(checks), **counts(checks)},
    }


def _design(checked: Checked) -> dict[str, Any]:
    return {
        "file": checked.name,
        "id": None if checked.design is None else checked.design.id,
        "findings": [_finding(checked, each.finding) for each in worst_first([checked])],
        "slos": []
        if checked.solution is None
        else [verdict_entry(each, checked.solution) for each in checked.solution.slos],
    }


def _finding(checked: Checked, finding: Finding) -> dict[str, Any]:
    span = checked.span(finding)
    return {
        "code": finding.code,
        "severity": finding.severity,
        "path": dotted(finding.path),
        "message": finding.message,
        "hint": finding.hint,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "because": [_because(checked, link) for link in finding.because],
    }


def _because(checked: Checked, link: Because) -> dict[str, Any]:
    return {"path": dotted(link.path), "message": link.message, "line": checked.place(link.path).line}


def json_text(document: dict[str, Any]) -> str:
    """A document as JSON in ASCII; what a CI runner would take for a command is spelled with escapes."""
    return json_command_free(json.dumps(document, indent=2, allow_nan=False)) + "\n"
