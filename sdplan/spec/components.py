"""Components: what does the work.

Each kind is one file in `kinds`; what sets a kind apart from the others is said there, in its fields
and in a few traits, so that nothing elsewhere asks for a kind by name.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic.json_schema import WithJsonSchema

from sdplan.spec.base import (
    NOTHING,
    SCALAR,
    AlsoAs,
    Amount,
    AnyAmount,
    Bandwidth,
    Count,
    Duration,
    Flag,
    Fraction,
    Limit,
    Map,
    Measure,
    Period,
    Positive,
    Price,
    Rate,
    Share,
    Size,
    Spec,
    Text,
    Texts,
    Whole,
    refuse,
)
from sdplan.spec.service_time import Time
from sdplan.units import BANDWIDTH, DURATION

Resource = Literal["replica", "delay"]


class Operation(Spec):
    """One kind of call that a component answers: its own time and the meters it uses."""

    service_time: Time | None = None
    uses: Map[AnyAmount] = NOTHING


class Bucket(Spec):
    """A limit with a burst: the sustained rate, the burst rate and the tokens in store."""

    sustained: Limit
    burst: Limit | None = None
    tokens: Count | None = None


class Tariff(Spec):
    """A price with an allowance that costs nothing."""

    price: Price
    free: AnyAmount | None = None


class QueueOptions(Spec):
    """How calls wait: in one queue or one a replica, how many may wait and how long they do."""

    shared: Flag | None = None
    room: Count | None = None
    patience: Period | None = None


class Scaling(Spec):
    """How servers of one replica get in each other's way: the two shares of the universal scalability law."""

    contention: Share
    coherency: Share | None = None


class Failover(Spec):
    """How well others take over from what is lost: how often that works, and how long it takes."""

    coverage: Share | None = None
    takes: Duration | None = None


class Replication(Spec):
    """How copies follow each other, and who is asked."""

    mode: Literal["leader", "multi-leader", "leaderless"] = "leader"
    reads: Literal["leader", "any", "followers"] = "leader"
    write_quorum: Literal["one", "quorum", "local_quorum", "all"] | Count | None = None
    read_quorum: Literal["one", "quorum", "local_quorum", "all"] | Count | None = None
    lag: Duration | None = None
    failover: Failover | None = None


class Backup(Spec):
    """Copies set aside: how often, and how long a store takes to come back from one, or how fast."""

    every: Period
    restore: Annotated[Amount, Measure(DURATION, BANDWIDTH, examples=("4h", "200MB/s"))] | None = None


def _tariff(value: object) -> object:
    return {"price": value} if isinstance(value, str) else value


def _auto(value: object) -> object:
    return None if value == "auto" else value


def _limit(value: object) -> object:
    return {"sustained": value} if isinstance(value, str) else value


Limits = Map[Annotated[Bucket, BeforeValidator(_limit), AlsoAs(SCALAR)]]
Prices = Map[Annotated[Tariff, BeforeValidator(_tariff), AlsoAs(SCALAR)]]
Replicas = Annotated[
    Whole | None,
    BeforeValidator(_auto),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["auto", 3]}),
]


class Component(Spec):
    """What every kind may say."""

    # Traits, one value a kind: what stands in for cores and workers, which step of the diagram it belongs to.
    works_on: ClassVar[Resource] = "delay"
    tier: ClassVar[str] = "compute"
    is_store: ClassVar[bool] = False
    shares_queue: ClassVar[bool] = False
    passes_sizes: ClassVar[bool] = False
    regional: ClassVar[bool] = True
    default_op: ClassVar[str] = "read"
    fills: ClassVar[str] = "false"
    runs_misses_itself: ClassVar[bool] = False
    scales: ClassVar[bool] = True  # whether nodes are ours to add
    delivers: ClassVar[Literal["", "each", "one"]] = ""  # a message to each triggered flow, or to one of them

    kind: Text
    title: Text = ""
    tech: Text = ""
    replicas: Replicas = None
    zones: Whole | None = None
    regions: Texts = ()
    cores: Whole | None = None
    workers: Whole | None = None
    memory: Size | None = None
    service_time: Time | None = None
    ops: Map[Operation] = NOTHING
    limits: Limits = NOTHING
    target_utilization: Fraction | None = None
    queue: QueueOptions | None = None
    scaling: Scaling | None = None
    balance: Literal["round-robin", "random", "least-requests", "weighted", "hash"] = "round-robin"
    availability: Share | None = None
    sla: Share | None = None
    mtbf: Period | None = None
    mttr: Duration | None = None
    common_cause: Share | None = None
    repair_crews: Whole | None = None
    rtt: Duration | None = None
    handshakes: Count | None = None
    reuse: Share | None = None
    price: Prices = NOTHING
    why: Text = ""
    owner: Text = ""

    @model_validator(mode="after")
    def _one_availability(self) -> Component:
        given = [name for name in ("availability", "sla", "mtbf") if getattr(self, name) is not None]
        if len(given) > 1:
            hint = "`availability` is one replica's, `sla` the managed whole's: keep the one that is meant"
            refuse(
                "SP205", f"availability is stated twice: {' and '.join(f'`{name}`' for name in given)}", hint
            )
        if (self.mtbf is None) != (self.mttr is None):
            refuse("SP205", "`mtbf` and `mttr` belong together", "state both, or an `availability`")
        if self.repair_crews is not None and self.mtbf is None:
            refuse("SP205", "`repair_crews` needs `mtbf` and `mttr`", "state both of one replica")
        return self


class Store(Component):
    """What keeps data: nodes are shards times copies."""

    tier: ClassVar[str] = "store"
    is_store: ClassVar[bool] = True

    shards: Whole | None = None
    copies: (
        Annotated[Text, Field(description="copies of each shard, or an erasure code such as 8+4")] | None
    ) = None
    skew: Count | None = None
    replication: Replication | None = None
    overhead: Positive | None = None
    lag: Time | None = None
    disk: Size | None = None
    iops: Rate | None = None
    bandwidth: Bandwidth | None = None
    write_amplification: Positive | None = None
    disk_failures: Annotated[Rate, Field(description="of one copy, such as 1.4%/year")] | None = None
    rebuild: Annotated[Period, Field(description="of a lost copy on another node")] | None = None
    site_loss: (
        Annotated[Rate, Field(description="of all copies at once: a site, an operator, a bug")] | None
    ) = None
    durability: Annotated[Share, Field(description="a promise for the whole, a year")] | None = None
    backup: Backup | None = None


def kinds() -> tuple[str, ...]:
    """The kinds that there are: the files of `sdplan/spec/kinds`."""
    import pkgutil

    from sdplan.spec import kinds as package

    return tuple(sorted(info.name.replace("_", "-") for info in pkgutil.iter_modules(package.__path__)))


def kind_model(kind: str) -> type[Component] | None:
    """The model of a kind, imported when it is first asked for: a design pays for the kinds that it uses."""
    import importlib

    name = kind.replace("-", "_")
    if not name.isidentifier():
        return None
    try:
        module = importlib.import_module(f"sdplan.spec.kinds.{name}")
    except ModuleNotFoundError:
        return None
    model: type[Component] = module.MODEL
    return model


def any_component() -> Any:
    """The union of all kinds, for the JSON Schema."""
    from typing import Union

    models = [model for kind in kinds() if (model := kind_model(kind)) is not None]
    return Annotated[Union[tuple(models)], Field(discriminator="kind")]  # noqa: UP007
