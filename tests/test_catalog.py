"""The catalogue names its sources and gives the numbers of its vendors; the designs say what they assume."""

import re
from functools import cache
from pathlib import Path

import pytest

from sdplan.catalog import row, techs
from sdplan.findings import dotted
from sdplan.pipeline import run
from sdplan.spec.components import kind_model

MONTH = 30 * 86400.0
PROMISED = ("cloudfront", "aws-alb", "redis", "dynamodb", "kafka", "postgresql", "s3")
NOT_STATED = {"SP901", "SP904", "SP905", "SP906", "SP907", "SP908"}  # what an author could still state
DESIGNS = sorted((Path(__file__).parent.parent / "designs").glob("*.yaml"))
PAIRS = [(tech, kind) for tech in techs() for kind in row(tech).kinds]


def solve(component, step="part", rate="1/s", size="1KB"):
    """A flow that calls one component, which is written as in a design."""
    text = f"""
sdplan: 1
id: one-part
flows: {{ask: {{rate: {rate}, request: {size}, response: {size}, steps: [{step}]}}}}
components: {{part: {component}}}
"""
    return run("one-part.yaml", text.encode())


@cache
def solved(design):
    return run(design.name, design.read_bytes())


def value(outcome, *path):
    return outcome.solution.records[path].value


def test_the_promised_rows_are_there():
    assert set(PROMISED) <= set(techs())


@pytest.mark.parametrize("tech", techs())
def test_every_entry_names_a_document_and_its_year(tech):
    known = row(tech)
    assert known.tech == tech
    assert known.title
    assert set(known.sources) == set(known.fields)
    for field, source in known.sources.items():
        assert re.search(r"\b20[12]\d\b", source), (field, source)
        assert len(source.split()) >= 5, (field, source)


@pytest.mark.parametrize(("tech", "kind"), PAIRS)
def test_every_field_of_a_row_belongs_to_its_kinds(tech, kind):
    assert set(row(tech).fields) <= set(kind_model(kind).model_fields)


@pytest.mark.parametrize(("tech", "kind"), PAIRS)
def test_a_component_of_every_row_solves(tech, kind):
    outcome = solve(f"{{kind: {kind}, tech: {tech}}}")
    assert [finding for finding in outcome.findings if finding.severity == "error"] == []
    assert outcome.solution is not None


@pytest.mark.parametrize("tech", techs())
def test_a_default_that_was_used_shows_its_source(tech):
    known = row(tech)
    outcome = solve(f"{{kind: {known.kinds[0]}, tech: {tech}}}")
    for field in {"sla", "cores", "retention"} & set(known.fields):
        path = ("components", "part", field)
        record = outcome.solution.records.get(path) or outcome.solution.records[*path, "sustained"]
        assert known.sources[field] in record.note


def test_what_a_design_states_wins_over_the_catalogue():
    stated = solve("{kind: cdn, tech: cloudfront, sla: 99.5%}")
    assert value(stated, "components", "part", "unavailability") == pytest.approx(0.005)
    assert value(
        solve("{kind: cdn, tech: cloudfront}"), "components", "part", "unavailability"
    ) == pytest.approx(0.001)


def test_an_availability_of_ones_own_takes_the_place_of_a_published_promise():
    outcome = solve("{kind: database, tech: dynamodb, availability: 99%}")
    assert ("components", "part", "sla") not in outcome.solution.records


@pytest.mark.parametrize(
    ("op", "size", "units"),
    # Amazon DynamoDB Developer Guide, "Read and write operations" and "Best practices for partition keys":
    # 8 KB are two read units, or one where the read may be stale; 20 KB are five; a write of 3 KB is three.
    [
        ("strong-read", "8KiB", 2),
        ("read", "8KiB", 1),
        ("strong-read", "3500B", 1),
        ("strong-read", "20KiB", 5),
        ("write", "3KiB", 3),
    ],
)
def test_dynamodb_counts_units_as_its_own_examples_do(op, size, units):
    outcome = solve(
        "{kind: database, tech: dynamodb}", f"part: {{op: {op}, request: {size}, response: {size}}}"
    )
    meter = "write_units" if op == "write" else "read_units"
    assert value(outcome, "components", "part", "uses", meter) == pytest.approx(units)


def test_a_dynamodb_partition_gives_600_strong_reads_a_second_of_20_kb():
    # Amazon DynamoDB Developer Guide, "Best practices for partition keys".
    outcome = solve(
        "{kind: database, tech: dynamodb, shards: 1}",
        "part: {op: strong-read, response: 20KiB}",
        rate="300/s",
    )
    assert value(outcome, "components", "part", "capacity") == pytest.approx(600)


def test_four_prefixes_of_s3_give_22000_reads_a_second():
    # Amazon S3 User Guide, "Best practices design patterns": the reads of one prefix times the prefixes.
    outcome = solve("{kind: object-store, tech: s3, shards: 4}", rate="11k/s")
    assert value(outcome, "components", "part", "capacity") == pytest.approx(22000)


def test_a_terabyte_in_s3_costs_23_dollars_a_month():
    text = b"""
sdplan: 1
id: kept
entities: {thing: {size: 1MB, count: 1M, keep: {part: 1y}}}
flows: {ask: {rate: 1/month, response: 1MB, steps: [part]}}
components: {part: {kind: object-store, tech: s3}}
"""
    outcome = run("kept.yaml", text)
    assert value(outcome, "components", "part", "cost_of", "stored") * MONTH == pytest.approx(23.0)


def test_a_hundred_million_requests_at_the_edge_cost_90_dollars_after_the_free_ten_million():
    outcome = solve("{kind: cdn, tech: cloudfront}", rate="100M/month")
    assert value(outcome, "components", "part", "cost_of", "requests") * MONTH == pytest.approx(90.0)


def test_a_peak_above_the_quota_of_a_distribution_needs_a_second_one():
    assert value(solve("{kind: cdn, tech: cloudfront}", rate="170k/s"), "components", "part", "replicas") == 1
    assert value(solve("{kind: cdn, tech: cloudfront}", rate="180k/s"), "components", "part", "replicas") == 2


def test_a_load_balancer_hour_costs_what_the_price_list_says():
    outcome = solve("{kind: load-balancer, tech: aws-alb}", rate="1/month")
    assert value(outcome, "components", "part", "cost_of", "hour") * 3600 == pytest.approx(0.0225)


def test_an_unknown_technology_is_named_with_the_nearest_one():
    outcome = solve("{kind: cache, tech: reddis}")
    (finding,) = [finding for finding in outcome.findings if finding.code == "SP403"]
    assert "redis" in finding.hint


@pytest.mark.parametrize("design", DESIGNS, ids=lambda path: path.stem)
def test_a_price_of_a_design_names_a_document_with_its_year_or_is_assumed(design):
    prices = {key: given for key, given in solved(design).design.inputs.items() if key.endswith("_price")}
    sourced = {key for key, given in prices.items() if re.search(r"\b20\d\d\b", given.source or "")}
    assumed = {key for key, given in prices.items() if not given.source and "assumed" in given.why}
    assert set(prices) == sourced | assumed


@pytest.mark.parametrize("design", DESIGNS, ids=lambda path: path.stem)
def test_a_hit_ratio_that_is_not_computed_is_an_input_with_a_range(design):
    text = design.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.])hit: \d.*", text) == []
    named = re.findall(r"(?<![\w.])hit: = (\w+)", text)
    inputs = solved(design).design.inputs
    assert [key for key in named if not inputs[key].range or not inputs[key].why] == []


@pytest.mark.parametrize("design", DESIGNS, ids=lambda path: path.stem)
def test_a_design_states_all_that_its_author_could_state(design):
    left = [finding for finding in solved(design).findings if finding.code in NOT_STATED]
    assert [(finding.code, dotted(finding.path)) for finding in left] == []
