"""Each mistake in a design is one finding that says what to write, at its own line and column."""

from textwrap import dedent

import pytest

from sdplan.findings import dotted
from sdplan.source.reading import read_text
from sdplan.spec.validation import validate
from tests.strategies import HEAD

FLOW = "flows: {f: {rate: 1/s, steps: [a]}}\n"
A = "components: {a: {kind: service}}\n"


def found(text, head=HEAD):
    document, findings = read_text(head + dedent(text), "sample.yaml")
    assert document is not None, findings
    _, more = validate(document)
    return document, [*findings, *more]


def one(text, head=HEAD):
    """The only finding, and the text that it points at."""
    document, findings = found(text, head)
    assert len(findings) == 1, [(finding.code, finding.message) for finding in findings]
    (finding,) = findings
    span = finding.span or document.locate(finding.path, on_key=finding.on_key)
    line = document.text.splitlines()[span.line - 1]
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    return finding, line[span.column - 1 : end]


@pytest.mark.parametrize(
    ("text", "code", "path", "marked", "hint"),
    [
        # 201: words that nobody knows
        ("componets: {}\n", "SP201", "componets", "componets", "did you mean `components`?"),
        ("components: {a: {kind: service, replica: 3}}\n", "SP201", "components.a.replica", "replica",
         "did you mean `replicas`?"),
        ("flows: {f: {rate: 1/s, response_size: 1KB}}\n", "SP201", "flows.f.response_size", "response_size",
         "did you mean `response`?"),
        ("flows: {f: {rate: 1/s, steps: [a: {timout: 1s}]}}\n" + A, "SP201", "flows.f.steps[0].a.timout", "timout",
         "did you mean `timeout`?"),
        ("entities: {e: {size: 1KB, popularity: {zpif: 0.9}}}\n", "SP201", "entities.e.popularity.zpif", "zpif",
         "did you mean `zipf`?"),
        ("components: {a: {kind: service, ops: {read: {time: 1ms}}}}\n", "SP201", "components.a.ops.read.time", "time",
         None),
        ("slos: {s: {flow: all, latency: {p98: 1s}}}\n", "SP201", None, None, None),
        # 202: of the wrong shape
        ("components: {a: {kind: service, replicas: [3]}}\n", "SP202", "components.a.replicas", None, None),
        ("flows: [a, b]\n", "SP202", "flows", None, None),
        ("components: {a: service}\n", "SP202", "components.a", "service", "write `a: {kind: service}`"),
        ("flows: {f: {rate: 1/s, steps: [a: {async: maybe}]}}\n" + A, "SP202", "flows.f.steps[0].a.async", "maybe",
         None),
        # 203: missing
        ("components: {a: {cores: 2}}\n", "SP203", "components.a", None, None),
        ("entities: {e: {count: 5}}\n", "SP203", "entities.e.size", None, "write for example `size: 2KB`"),
        ("risks: {r: {impact: low}}\n", "SP203", "risks.r.what", None, None),
        # 204: no such word
        ("components: {a: {kind: databse}}\n", "SP204", "components.a.kind", "databse", "did you mean `database`?"),
        ("components: {a: {kind: service, balance: roundrobin}}\n", "SP204", "components.a.balance", "roundrobin",
         "did you mean `round-robin`?"),
        ("flows: {f: {rate: 1/s, steps: [parallel: {need: most, calls: [a]}]}}\n" + A, "SP204",
         "flows.f.steps[0].parallel.need", "most", "write `need: 2` for two of them"),
        # 205: what contradicts itself
        ("flows: {f: {rate: 1/s, trigger: a}}\n", "SP205", "flows.f", None, None),
        ("flows: {f: {peak: 3x}}\n", "SP205", "flows.f", None, None),
        ("components: {a: {kind: service, sla: 99%, availability: 99%}}\n", "SP205", "components.a", None, None),
        ("components: {a: {kind: service, mtbf: 9h}}\n", "SP205", "components.a", None, None),
        ("components: {a: {kind: service, service_time: {p99: 5ms}}}\n", "SP205", "components.a.service_time", None,
         None),
        ("entities: {e: {size: 1KB, popularity: {zipf: 1, uniform: true}}}\n", "SP205", "entities.e.popularity", None,
         None),
        ("slos: {s: {flow: all}}\n", "SP205", "slos.s", None, None),
        ("slos: {s: {latency: {p99: 1s}}}\n", "SP205", "slos.s", None, "write `flow: name`, or `flow: all`"),
        # 206: what is no step
        ("flows: {f: {rate: 1/s, steps: [[a]]}}\n" + A, "SP206", None, None, None),
        ("flows: {f: {rate: 1/s, steps: [a >]}}\n" + A, "SP206", "flows.f.steps[0]", "a >", None),
        ("flows: {f: {rate: 1/s, steps: [choose: {}]}}\n" + A, "SP206", None, None, None),
        ("flows: {f: {rate: 1/s, steps: [choose: {x: {calls: [a]}}]}}\n" + A, "SP206", None, None, None),
        # 207, 208: names
        ("components: {all: {kind: service}}\n", "SP207", "components.all", "all", "write `all-1`"),
        ("components: {9a: {kind: service}}\n", "SP207", "components.9a", "9a", None),
        ("inputs: {a-b: 3}\n", "SP207", "inputs.a-b", "a-b", "write `a_b`"),
        ("inputs: {day: 3}\n", "SP207", "inputs.day", "day", "write `day_value`"),
        ("inputs: {new_links: 3, newLinks: 4, NEW_LINKS: 5}\n", "SP208", "inputs.NEW_LINKS", "NEW_LINKS", None),
        # 301 to 304: quantities
        ("flows: {f: {rate: 5/dya}}\n", "SP301", "flows.f.rate", "5/dya", None),
        ("flows: {f: {rate: 5Mb/s}}\n", "SP301", "flows.f.rate", "5Mb/s", None),
        ("flows: {f: {rate: 5}}\n", "SP302", "flows.f.rate", "5", "per what? write `5/s` or `5/day`"),
        ("entities: {e: {size: 5/s}}\n", "SP302", "entities.e.size", "5/s", None),
        ("components: {a: {kind: cache, memory: 64}}\n", "SP302", "components.a.memory", "64", None),
        ("components: {a: {kind: cache, ttl: 5}}\n", "SP302", "components.a.ttl", "5", None),
        ("components: {a: {kind: cache, hit: 140%}}\n", "SP304", "components.a.hit", "140%", None),
        ("components: {a: {kind: cache, hit: 90}}\n", "SP304", "components.a.hit", "90", "write `90%`"),
        ("components: {a: {kind: service, replicas: 2.5}}\n", "SP304", "components.a.replicas", "2.5", "write `2`"),
        ("components: {a: {kind: service, cores: 0}}\n", "SP304", "components.a.cores", "0", "write `1`"),
        ("inputs: {x: = 3 +}\n", "SP303", None, None, None),
        ("slos: {s: {holds: entities.e.count}}\n", "SP303", "slos.s.holds", None, None),
        # 401 to 403: names that lead nowhere
        ("flows: {f: {rate: 1/s, steps: [lb > apii]}}\ncomponents: {lb: {kind: gateway}, api: {kind: service}}\n",
         "SP401", None, None, "did you mean `api`?"),
        ("flows: {f: {rate: 1/s, steps: [b: {times: 2}]}}\n" + A, "SP401", "flows.f.steps[0].b", "b", None),
        ("flows: {f: {rate: 1/s, steps: [a: {entity: linc}]}}\nentities: {link: {size: 1KB}}\n" + A, "SP401",
         "flows.f.steps[0].a.entity", "linc", "did you mean `link`?"),
        ("flows: {f: {trigger: a, steps: []}}\n" + A, "SP401", "flows.f.trigger.stream", None, None),
        ("entities: {e: {size: 1KB, created_by: g}}\n", "SP401", "entities.e.created_by.g", None, None),
        ("entities: {e: {size: 1KB, keep: {db: 5y}}}\n", "SP401", "entities.e.keep.db", "db", None),
        ("slos: {s: {flow: g, latency: {p99: 1s}}}\n" + FLOW + A, "SP401", "slos.s.flow", "g", None),
        ("slos: {s: {component: b, availability: 99%}}\n" + A, "SP401", "slos.s.component", "b", None),
        ("scenarios: {x: {expect: {slo: met}}}\n", "SP401", "scenarios.x.expect.slo", "slo", None),
        ("scenarios: {x: {traffic: {g: 10x}}}\n" + FLOW + A, "SP401", "scenarios.x.traffic.g", None, None),
        ("decisions: {d: {title: T, supersedes: e}}\n", "SP401", "decisions.d.supersedes", "e", None),
        ("entities: {e: {size: 1KB, created_by: f, keep: {a: forever}}}\n" + FLOW + A, "SP402", "entities.e.keep.a",
         None, None),
        ("components: {a: {kind: database, tech: no-such-thing}}\n", "SP403", "components.a.tech", "no-such-thing",
         None),
    ],
)  # fmt: skip
def test_a_mistake_is_one_finding_with_its_place_and_what_to_write(text, code, path, marked, hint):
    finding, shown = one(text)
    assert finding.code == code, finding
    if path is not None:
        assert dotted(finding.path) == path
    if marked is not None:
        assert shown == marked
    if hint is not None:
        assert finding.hint == hint
    assert finding.message
    assert not finding.message.endswith(".")


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("id: x\n", "SP203"),
        ("sdplan: 1\n", "SP203"),
        ("sdplan: 2\nid: x\n", "SP204"),
        ("sdplan: 1\nid: 9x\n", "SP207"),
    ],
)
def test_a_design_begins_with_its_version_and_its_name(head, code):
    finding, _ = one("title: T\n", head)
    assert finding.code == code


def test_several_mistakes_are_several_findings_each_in_its_place():
    _, findings = found("""
    components:
      a: {kind: service, replica: 3, cores: many}
      b: {kind: cache, hit: 140%}
    flows:
      f: {rate: 5KB, steps: [a: {timout: 3s, times: 2s}]}
    """)
    assert sorted(dotted(finding.path) for finding in findings) == [
        "components.a.cores",
        "components.a.replica",
        "components.b.hit",
        "flows.f.rate",
        "flows.f.steps[0].a.times",
        "flows.f.steps[0].a.timout",
    ]


def test_a_position_survives_nested_steps_and_kinds():
    text = """
    flows:
      f:
        rate: 1/s
        steps:
          - a:
              calls:
                - parallel:
                    calls:
                      - choose:
                          x:
                            share: 20%
                            calls:
                              - a: {hit: 3s}
                          y: {share: rest, calls: []}
    components: {a: {kind: cache}}
    """
    finding, shown = one(text)
    assert shown == "3s"
    assert finding.code == "SP302"


def test_too_many_levels_of_steps_are_refused():
    text = "flows: {f: {rate: 1/s, steps: [" + "a: [" * 26 + "a" + "]" * 26 + "]}}\n" + A
    finding, _ = one(text)
    assert finding.code == "SP206"
    assert "deep" in finding.message


def test_a_chain_is_no_way_around_the_limit_of_levels():
    text = f"flows: {{f: {{rate: 1/s, steps: [{' > '.join(['a'] * 2000)}]}}}}\n" + A
    finding, _ = one(text)
    assert finding.code == "SP206"
    assert "deep" in finding.message


def test_the_suggestion_follows_case_and_dashes():
    finding, _ = one("flows: {f: {rate: 1/s, steps: [Hot_Links]}}\ncomponents: {hot-links: {kind: cache}}\n")
    assert finding.hint == "did you mean `hot-links`?"
