"""The capacity diagram of solved designs: what calls what, how often, and how it fares; checked by hand."""

from __future__ import annotations

import random

import pytest

from sdplan.pipeline import run
from sdplan.render.diagram import Edge, Graph, Line, Node, capacity_graph, to_svg
from sdplan.render.diagram.order import forward

SHOP = """\
sdplan: 1
id: shop
title: A shop
flows:
  read:
    api: GET /page
    rate: 1k/s
    peak: 2x
    response: 1KB
    steps:
      - edge:
          hit: 60%
          miss: [api: [pages: {hit: 90%, miss: [db]}, news: {async: true}, ads: {optional: true}]]
  save: {rate: 5/s, steps: [api > db: {op: write, timeout: 1s, fallback: [later]}]}
  index: {trigger: {stream: news, every: 60s}, steps: [indexer > db: {op: write}]}
components:
  edge: {kind: cdn, tech: cloudfront}
  api: {kind: service, replicas: 6, cores: 2, service_time: 10ms, zones: 3}
  pages: {kind: cache, shards: 3, copies: 2}
  db: {kind: database, cores: 1, replicas: 1, service_time: 10ms}
  news: {kind: stream, partitions: 1}
  indexer: {kind: worker, workers: 4, service_time: 1s}
  ads: {kind: external, service_time: 40ms}
  later: {kind: queue}
  unused: {kind: service, service_time: 1ms}
slos:
  fast: {flow: read, latency: {p99: 10ms}}
  writes: {component: db, latency: {p99: 9h}}
"""

REGIONS = """\
sdplan: 1
id: two
regions:
  us: {share: 60%, rtt: {eu: 80ms}}
  eu: {share: 40%}
flows:
  write: {rate: 1k/s, steps: [dns > api: [db: {op: write}, db@others: {op: write, async: true}]]}
components:
  dns: {kind: external}
  api: {kind: service, cores: 4, service_time: 1ms}
  db: {kind: database, cores: 4, service_time: 1ms}
"""


def graph_of(text: str) -> Graph:
    outcome = run("shop.yaml", text.encode())
    assert outcome.design is not None, outcome.findings
    assert outcome.solution is not None, outcome.findings
    return capacity_graph(outcome.design, outcome.solution)


def edge(graph: Graph, source: str, target: str, style: str = "call") -> Edge:
    named = {node.id: node.name for node in graph.nodes}
    wanted = (source, target, style)
    (found,) = (one for one in graph.edges if (named[one.source], named[one.target], one.style) == wanted)
    return found


def node(graph: Graph, name: str) -> Node:
    (found,) = (one for one in graph.nodes if one.name == name)
    return found


@pytest.fixture(scope="module")
def shop() -> Graph:
    return graph_of(SHOP)


@pytest.mark.parametrize(
    ("source", "target", "style", "text", "width"),
    [
        ("read", "edge", "call", ("2k/s",), 4),  # 1k/s, twice that at peak
        ("edge", "api", "miss", ("miss 40 %", "800/s"), 4),  # the edge runs its own misses
        ("api", "pages", "call", ("800/s",), 4),
        ("api", "db", "miss", ("miss 10 %", "80/s"), 3),  # the caller of a cache runs the misses
        ("api", "news", "async", ("800/s",), 4),
        ("news", "index", "async", ("800/s",), 4),  # messages, not runs
        ("index", "indexer", "call", ("1/min",), 1),
        ("save", "api", "call", ("5/s",), 2),
        ("api", "db", "call", ("5/s",), 2),
    ],
)
def test_a_call_is_drawn_with_its_reason_and_its_peak_rate(shop, source, target, style, text, width) -> None:
    found = edge(shop, source, target, style)

    assert (found.text, found.width) == (text, width)


def test_a_fallback_is_drawn_from_the_caller_that_runs_it(shop: Graph) -> None:
    assert edge(shop, "api", "later", "fallback").text[0] == "fallback"


def test_there_is_an_edge_for_each_reason_and_no_other(shop: Graph) -> None:
    assert (
        len(shop.edges) == 13 - 1
    )  # the twelve pairs and reasons of the three flows; a fill is no edge of its own


def test_every_flow_and_component_is_a_node_even_when_nothing_calls_it(shop: Graph) -> None:
    assert {one.name for one in shop.nodes} == {
        "read", "save", "index", "edge", "api", "pages", "db", "news", "indexer", "ads", "later", "unused",
    }  # fmt: skip


def test_nodes_are_numbered_and_carry_no_text_of_the_design_in_their_ids(shop: Graph) -> None:
    assert [one.id for one in shop.nodes] == [f"n{n}" for n in range(1, 13)]


def test_a_triggered_flow_stands_behind_its_stream_not_among_the_callers(shop: Graph) -> None:
    assert [one.name for one in shop.nodes if one.tier == "caller"] == ["read", "save"]
    assert Line("a run every 1 min", "muted") in node(shop, "index").lines


def test_a_service_says_its_nodes_and_its_fullest_resource(shop: Graph) -> None:
    # 805 calls a second of 10 ms keep 8.05 of 12 cores busy: under the usual target of 70 %.
    lines = node(shop, "api").lines

    assert [line.text for line in lines] == ["service", "6 × 2 cores, 3 zones", "✓ 67.1 % of cores"]
    assert lines[2].filled == pytest.approx(8.05 / 12)


def test_above_its_target_a_component_is_marked_but_not_as_overloaded(shop: Graph) -> None:
    # 80 misses, 5 writes and one in a minute, 10 ms each on one core: 85.02 %.
    assert node(shop, "db").status == "warn"
    assert "! 85 % of cores" in [line.text for line in node(shop, "db").lines]
    assert node(shop, "db").bottleneck


def test_only_one_node_is_the_bottleneck(shop: Graph) -> None:
    assert [one.name for one in shop.nodes if one.bottleneck] == ["db"]


def test_an_overloaded_component_is_marked_and_so_is_the_flow_that_misses_its_target() -> None:
    graph = graph_of(SHOP.replace("replicas: 6, cores: 2", "replicas: 2, cores: 2"))

    assert node(graph, "api").status == "bad"
    assert "✗ 201 % of cores" in [line.text for line in node(graph, "api").lines]
    assert node(graph, "read").status == "bad"


def test_a_slo_stands_on_what_it_is_about(shop: Graph) -> None:
    assert node(shop, "read").lines[-1].tone == "bad"
    assert node(shop, "read").lines[-1].text.startswith("✗ p99 ")
    assert node(shop, "read").lines[-1].text.endswith(" > 10 ms")
    assert node(shop, "db").lines[-1].text.startswith("✓ p99 ")
    assert node(shop, "save").lines == ()


def test_what_nothing_calls_says_so(shop: Graph) -> None:
    said = [one.name for one in shop.nodes if Line("nothing calls it", "muted") in one.lines]

    assert said == ["unused"]


def test_a_slo_at_mean_load_says_so() -> None:
    graph = graph_of(SHOP.replace("latency: {p99: 10ms}", "latency: {p99: 10ms}, at: mean"))

    assert node(graph, "read").lines[-1].text.split(" ")[1:5] == ["p99", "at", "mean", "load"]


def test_what_has_no_stated_capacity_is_not_judged(shop: Graph) -> None:
    assert node(shop, "ads").status == "none"
    assert node(shop, "pages").status == "none"
    assert [line.text for line in node(shop, "pages").lines][1] == "3 shards × 2 copies"


def test_rates_of_all_regions_are_added_up() -> None:
    graph = graph_of(REGIONS)

    assert edge(graph, "api", "db").text == ("1k/s",)
    assert edge(graph, "api", "db", "async").text == ("other region", "1k/s")  # 600/s to eu and 400/s to us
    assert edge(graph, "dns", "api").text == ("1k/s",)


def test_what_exists_in_each_region_stands_in_one_frame() -> None:
    graph = graph_of(REGIONS)

    assert graph.group == "once in each region: us 60 %, eu 40 %"
    assert [one.name for one in graph.nodes if one.grouped] == ["api", "db"]


def test_the_legend_names_the_load_point_and_only_the_lines_that_there_are(shop: Graph) -> None:
    said = " ".join(line.text for row in shop.legend for line in row)
    plain = " ".join(line.text for row in graph_of(REGIONS).legend for line in row)

    assert "at peak" in said
    assert "after a failure" in said
    assert "after a failure" not in plain


def test_the_shop_is_drawn_whole(shop: Graph) -> None:
    assert to_svg(shop, "left").count('class="edge ') == len(shop.edges)
    assert to_svg(shop, "down", "TB").count('class="node ') == len(shop.nodes)


def test_a_large_and_tangled_graph_loses_nothing() -> None:
    """Graphviz lost edges of such graphs without `newrank` (120 nodes, 239 edges: 184 to 204 were drawn)."""
    draw = random.Random(7)
    pairs = [(f"n{draw.randrange(120)}", f"n{draw.randrange(120)}") for _ in range(239)]
    said = (Line("service"), Line("✓ 40 % of cores", "ok", 0.4))
    bare = Node("", "c", "component", "compute", said, "ok")
    nodes = tuple(bare._replace(id=f"n{n}", grouped=n % 3 > 0) for n in range(120))
    ahead = forward(pairs, {one.id: 0 for one in nodes})
    edges = tuple(Edge(f"e{n}", *pair, ("12k/s",), forward=pair in ahead) for n, pair in enumerate(pairs))

    assert to_svg(Graph("tangle", "", nodes, edges, (), "regions")).count('class="edge ') == 239
