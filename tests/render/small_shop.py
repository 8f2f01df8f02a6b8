"""A small shop with numbers put in by hand, so that what is printed can be checked without the solver."""

from __future__ import annotations

from sdplan.findings import Path
from sdplan.formulas.queueing import offered_load, utilization, wait_mmc
from sdplan.formulas.traffic import peak_rate
from sdplan.render.checked import Checked
from sdplan.solve.solution import Comparison, Part, Premise, Record, Solution, Uncounted, Verdict
from sdplan.source import read_text
from sdplan.spec.validation import validate
from sdplan.units import BANDWIDTH, DURATION, NUMBER, RATE, SIZE, Dimension

NAME = "designs/shop.yaml"
TEXT = """\
sdplan: 1
id: shop
title: A small shop
inputs:
  visitors: {value: 864k visitors/day, source: analytics of October, range: 500k/day..2M/day}
  orders_per_visitor: {value: 10%, why: industry mean}
  peak_factor: 3x
entities:
  order: {size: 2KB, created_by: buy, keep: {orders: 1y}}
flows:
  buy:
    rate: = visitors * orders_per_visitor
    peak: = peak_factor
    response: 1KB
    steps: [api > orders: {op: write, entity: order}]
components:
  api: {kind: service, replicas: 2, cores: 1, service_time: 40ms, availability: 99.9%}
  orders: {kind: database, service_time: 5ms, availability: 99.95%}
slos:
  buy-fast: {flow: buy, latency: {p99: 300ms}}
  buy-available: {flow: buy, availability: 99.8%}
  fresh: {flow: buy, freshness: {max: 5min}}
results:
  orders: {value: = flows.buy.rate, expect: 1/s}
decisions:
  ADR-0001: {title: One database, status: accepted, holds_while: entities.order.stored < 1TB}
"""

SPEND = Dimension(time=-1, money=1)


def document():
    """The shop as it was read."""
    found, findings = read_text(TEXT, NAME)
    assert not findings
    return found


def design():
    """The shop as it was validated."""
    found, findings = validate(document())
    assert not findings
    return found


def stated(
    *path: str, value: float, dimension: Dimension = NUMBER, note: str = "", share: bool = False
) -> Record:
    return Record(path, value, dimension, "stated", note=note, is_share=share)


def _follows(path: Path, value: float, dimension: Dimension, formula: str, **inputs: Path) -> Record:
    return Record(path, value, dimension, "exact", formula, tuple(inputs.items()))


def _applied(
    path: Path,
    formula,
    dimension: Dimension,
    known: dict[Path, Record],
    label: str = "exact",
    note: str = "",
    share: bool = False,
    **inputs: Path,
) -> Record:
    value = formula(**{name: known[where].value for name, where in inputs.items()})
    return Record(path, value, dimension, label, formula.name, tuple(inputs.items()), note, is_share=share)


def records() -> dict[Path, Record]:
    """The numbers of the shop: ten orders in a hundred of ten visitors a second, three times that at peak."""
    flow: Path = ("flows", "buy")
    api: Path = ("components", "api")
    orders: Path = ("components", "orders")
    rows = [
        stated("inputs", "visitors", value=10.0, dimension=RATE),
        stated("inputs", "orders_per_visitor", value=0.1),
        stated("inputs", "peak_factor", value=3.0),
        _follows(
            (*flow, "rate"),
            1.0,
            RATE,
            "= visitors * orders_per_visitor",
            visitors=("inputs", "visitors"),
            orders_per_visitor=("inputs", "orders_per_visitor"),
        ),
        _follows((*flow, "peak"), 3.0, NUMBER, "= peak_factor", peak_factor=("inputs", "peak_factor")),
        _follows((*flow, "mean_rate"), 1.0, RATE, "= rate", rate=(*flow, "rate")),
        stated("components", "api", "replicas", value=2.0),
        stated("components", "api", "cores", value=1.0),
        stated("components", "api", "service_time", value=0.04, dimension=DURATION),
        stated("components", "api", "service_time", "mean", value=0.04, dimension=DURATION),
        stated("components", "orders", "service_time", value=0.005, dimension=DURATION),
        stated("components", "orders", "service_time", "mean", value=0.005, dimension=DURATION),
        stated("components", "orders", "shards", value=1.0, note="default of the language"),
    ]
    known = {row.path: row for row in rows}

    def add(record: Record) -> None:
        known[record.path] = record

    add(
        _applied(
            (*flow, "peak_rate"),
            peak_rate,
            RATE,
            known,
            mean_rate=(*flow, "mean_rate"),
            peak_factor=(*flow, "peak"),
        )
    )
    add(
        _follows(
            (*api, "node_rate"),
            1.5,
            RATE,
            "= calls / replicas",
            calls=(*flow, "peak_rate"),
            replicas=(*api, "replicas"),
        )
    )
    add(
        _applied(
            (*api, "offered_load"),
            offered_load,
            NUMBER,
            known,
            arrival_rate=(*api, "node_rate"),
            service_time=(*api, "service_time"),
        )
    )
    add(
        _applied(
            (*api, "utilization"),
            utilization,
            NUMBER,
            known,
            share=True,
            arrival_rate=(*api, "node_rate"),
            service_time=(*api, "service_time"),
            servers=(*api, "cores"),
        )
    )
    add(
        _applied(
            (*api, "wait"),
            wait_mmc,
            DURATION,
            known,
            "bound",
            "arrivals at each replica as random",
            arrival_rate=(*api, "node_rate"),
            service_time=(*api, "service_time"),
            servers=(*api, "cores"),
        )
    )
    add(
        Record(
            (*flow, "latency", "p99"),
            0.2146,
            DURATION,
            "approximation",
            "composition",
            (
                ("term0", (*api, "wait")),
                ("term1", (*api, "service_time")),
                ("term2", (*orders, "service_time")),
            ),
            "waits of different stations are independent",
        )
    )
    add(
        Record(
            (*flow, "latency", "p99.9"),
            0.31,
            DURATION,
            "approximation",
            "composition",
            (),
            "independent waits",
        )
    )
    add(
        Record(
            (*flow, "availability"),
            0.9985,
            NUMBER,
            "exact",
            "structure function",
            (),
            is_share=True,
            prefix="at most ",
        )
    )
    add(Record((*flow, "out"), 1000.0, BANDWIDTH, "exact"))
    add(Record(("entities", "order", "size"), 2000.0, SIZE, "stated"))
    add(Record(("entities", "order", "stored"), 63.072e9, SIZE, "exact"))
    add(Record((*orders, "stored"), 63.072e9, SIZE, "exact"))
    add(
        Record(
            ("results", "orders", "value"),
            1.0,
            RATE,
            "exact",
            "= flows.buy.rate",
            (("flows.buy.rate", (*flow, "rate")),),
        )
    )
    add(Record(("cost",), 0.0001, SPEND, "exact", currency="USD"))
    return known


def solution() -> Solution:
    """The numbers of the shop and what is judged by them."""
    flow: Path = ("flows", "buy")
    known = records()
    one_terabyte = Record(("decisions", "ADR-0001", "holds_while"), 1e12, SIZE, "stated")
    return Solution(
        design(),
        known,
        {("flows", "buy", "freshness", "max"): "the flow is not triggered by a stream"},
        (
            _verdict(
                "buy-fast",
                "latency p99",
                (*flow, "latency", "p99"),
                0.3,
                DURATION,
                True,
                (0.3 - 0.2146) / 0.3,
            ),
            _verdict("buy-available", "availability", (*flow, "availability"), 0.998, NUMBER, True, 0.25),
            _verdict("fresh", "freshness max", (*flow, "freshness", "max"), 300.0, DURATION, None, None),
        ),
        (
            Comparison(
                ("results", "orders"),
                ("results", "orders", "value"),
                Record(("results", "orders", "expect"), 1.0, RATE, "stated"),
                0.001,
                True,
            ),
        ),
        (
            Premise(
                ("decisions", "ADR-0001", "holds_while"),
                "entities.order.stored < 1TB",
                known["entities", "order", "stored"],
                one_terabyte,
                True,
            ),
        ),
        (
            Uncounted(
                ("flows", "buy", "request"),
                "SP501",
                "the size of a request of buy",
                "traffic into the design is at least what is shown",
            ),
        ),
        {},
        {"buy": (Part(("components", "api"), 0.2), Part(("components", "orders"), 0.0146))},
        {"buy": (Part(("components", "api"), 0.001), Part(("components", "orders"), 0.0005))},
    )


def _verdict(
    slo: str,
    measure: str,
    solved: Path,
    target: float,
    dimension: Dimension,
    met: bool | None,
    margin: float | None,
) -> Verdict:
    path = ("slos", slo, *measure.split(" "))
    wanted = Record(path, target, dimension, "stated", is_share=dimension == NUMBER)
    reason = "" if met is not None else "the flow is not triggered by a stream"
    return Verdict(path, slo, "flow buy", ("flows", "buy"), measure, solved, wanted, met, margin, reason)


def checked(*findings, name: str = NAME) -> Checked:
    """The shop after a check that found this."""
    return Checked(name, TEXT.encode(), document(), design(), solution(), findings)
