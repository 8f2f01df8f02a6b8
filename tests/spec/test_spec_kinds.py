"""Component kinds: each takes its own fields and refuses those of the others."""

import pytest

from sdplan.spec.components import kinds
from tests.strategies import validated

EVERY = {
    "title": "T", "replicas": "3", "zones": "3", "regions": "[us]", "cores": "2", "workers": "8", "memory": "8GB",
    "service_time": "5ms", "ops": "{read: {service_time: 1ms, uses: {unit: 1}}}",
    "limits": "{requests: 8k/s, unit: {sustained: 3k/s, burst: 9k/s, tokens: 300k}}", "target_utilization": "60%",
    "queue": "{shared: true, room: 10, patience: 1s}", "balance": "random", "availability": "99.9%", "sla": "99.9%",
    "common_cause": "10%", "rtt": "5ms", "price": "{hour: 0.34 USD/h, requests: {price: 0.2 USD/1M, free: 1M/month}}",
    "why": "because", "owner": "us", "tech": "postgresql",
}  # fmt: skip
STORE = {"shards": "3", "copies": "8+4", "skew": "1.5", "overhead": "1.2x", "lag": "{fixed: 1s}",
         "replication": "{mode: leaderless, reads: any, write_quorum: quorum, read_quorum: 2, lag: 1s}"}  # fmt: skip
MESSAGES = {"partitions": "48", "retention": "7d", "message": "200B", "dead_letter": "bin"}
HITS = {"hit": "90%", "ttl": "1d", "jitter": "10%"}
OWN = {
    "database": STORE,
    "search": STORE,
    "object-store": STORE,
    "cache": STORE | HITS,
    "stream": STORE | MESSAGES,
    "queue": STORE | MESSAGES,
    "cdn": HITS,
    "function": {"cold_start": "1s", "cold_share": "1%"},
}
PAIRS = [(kind, field, value) for kind in kinds() for field, value in EVERY.items()]
OTHERS = STORE | MESSAGES | HITS | {"cold_start": "1s"}


def design(kind, field, value):
    return validated(
        f"regions: {{us: {{share: 100%}}}}\ncomponents: {{a: {{kind: {kind}, {field}: {value}}}}}\n"
    )


def test_the_kinds_are_those_of_the_language():
    compute = {"gateway", "load-balancer", "cdn", "service", "worker", "function", "external"}
    assert set(kinds()) == compute | {"database", "cache", "object-store", "search", "stream", "queue"}


@pytest.mark.parametrize(("kind", "field", "value"), PAIRS)
def test_every_kind_takes_what_all_components_have(kind, field, value):
    read, findings = design(kind, field, value)
    assert [finding for finding in findings if finding.severity == "error"] == []
    assert getattr(read.components["a"], field) not in (None, "", ())


@pytest.mark.parametrize(
    ("kind", "field", "value"), [(k, f, v) for k, own in OWN.items() for f, v in own.items()]
)
def test_a_kind_takes_its_own_fields(kind, field, value):
    read, findings = design(kind, field, value)
    assert findings == []
    assert getattr(read.components["a"], field) is not None


@pytest.mark.parametrize(
    ("kind", "field"),
    [(kind, field) for kind in kinds() for field in OTHERS if field not in OWN.get(kind, {})],
)
def test_a_kind_refuses_the_fields_of_others(kind, field):
    read, findings = design(kind, field, OTHERS[field])
    assert read is None
    assert [(finding.code, finding.path) for finding in findings] == [("SP201", ("components", "a", field))]


def test_a_design_is_frozen_all_the_way_down():
    read, _ = validated("""
    inputs: {x: 3}
    flows: {f: {rate: 1/s, steps: [a: [b]]}}
    components: {a: {kind: service, ops: {read: {uses: {unit: 1}}}}, b: {kind: database}}
    """)
    for holder, name in (
        (read, "id"),
        (read.flows["f"], "rate"),
        (read.components["a"], "kind"),
        (read.inputs["x"], "value"),
    ):
        with pytest.raises(Exception, match="frozen"):
            setattr(holder, name, None)
    for mapping in (read.flows, read.components, read.inputs, read.components["a"].ops):
        with pytest.raises(TypeError):
            mapping["new"] = None
    assert isinstance(read.flows["f"].steps, tuple)


@pytest.mark.parametrize(
    "block",
    [
        "inputs:",
        "flows:",
        "components: {}",
        "entities:\n",
        "slos: {}",
        "decisions:",
        "tags: one",
        "tags: [one, two]",
    ],
)
def test_an_empty_block_is_no_mistake(block):
    read, findings = validated(block + "\n")
    assert findings == []
    assert read is not None


def test_short_forms_mean_the_long_ones():
    short, long = (
        validated(text)[0]
        for text in (
            """
            inputs: {x: 3x}
            entities: {e: {size: 2KB, created_by: f}}
            flows: {f: {rate: 1/s, steps: [a]}, g: {trigger: q}}
            components: {a: {kind: service, service_time: 5ms, limits: {requests: 8k/s}, price: {hour: 1 USD/h}}, q: {kind: queue}}
            scenarios: {s: {traffic: 10x}}
            """,
            """
            inputs: {x: {value: 3x}}
            entities: {e: {size: {"": 2KB}, created_by: {f: 1}}}
            flows: {f: {rate: 1/s, steps: [a: {}]}, g: {trigger: {stream: q}}}
            components:
              a: {kind: service, service_time: {mean: 5ms}, limits: {requests: {sustained: 8k/s}}, price: {hour: {price: 1 USD/h}}}
              q: {kind: queue}
            scenarios: {s: {traffic: {all: 10x}}}
            """,
        )
    )
    assert short is not None
    assert long is not None
    for block in ("inputs", "entities", "components", "scenarios"):
        assert str(getattr(short, block)) == str(getattr(long, block)), block
