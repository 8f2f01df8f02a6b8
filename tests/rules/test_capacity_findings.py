"""What is said of components that are used too much: what is enough, and what is not."""

from tests.reviewed import found, one, shop

GATEWAY = "gateway: {kind: gateway, cores: 1, replicas: 1, service_time: 4ms, availability: 99.9%"


def gateway(limit: str, number: str = "cores: 1, replicas: 1") -> str:
    component = GATEWAY.replace("cores: 1, replicas: 1", number)
    return f"""sdplan: 1
id: shop
flows:
  order: {{rate: 300/s, steps: [gateway]}}
components:
  {component}, limits: {{requests: {limit}}}}}
"""


def test_cores_are_proposed_where_nothing_else_is_short() -> None:
    """1.2 busy cores at 70 % are two."""
    finding = one(gateway("10k/s"), "CP101")

    assert finding.hint == "write `cores: 2` or `replicas: 2` to stay at or below the target of 70 %"
    assert found(gateway("10k/s", "cores: 2, replicas: 1"), "CP101") == []


def test_cores_are_not_proposed_where_a_limit_would_still_be_passed() -> None:
    """300/s against 250/s: two cores leave 120 % of the requests, two replicas 60 %."""
    finding = one(gateway("250/s"), "CP101")

    assert finding.hint == "write `replicas: 2` to stay at or below the target of 70 %"
    assert found(gateway("250/s", "cores: 2, replicas: 1"), "CP101") != []
    assert found(gateway("250/s", "cores: 1, replicas: 2"), "CP101") == []


def test_a_wait_that_is_nothing_beside_the_work_is_not_given_in_nanoseconds() -> None:
    text = shop(
        "replicas: 40, cores: 4, availability: 99.9%",
        slos="fast: {flow: order, latency: {p99: 1ms}}",
    )
    because = one(text, "LT101").because

    assert because[-1].message == "a call of api takes 5 ms of work on average, and hardly waits for it"
