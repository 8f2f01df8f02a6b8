"""Queues of every other kind, networks, fork and join, staffing: published values at their tolerance."""

import json
import math

import pytest
import test_reference_queueing as stations
from reference_cases import FOLDER, pairs, reproduce

from sdplan.distributions import Gamma
from sdplan.formulas.fork_join import (
    fork_join_nelson_tantawi,
    fork_join_two,
    slowest_of_exponential,
    slowest_quantile_of_exponential,
)
from sdplan.formulas.networks_bounds import asymptotic_bounds, bard_schweitzer, geometric_bounds
from sdplan.formulas.networks_closed import closed_network
from sdplan.formulas.networks_mixed import mixed_network
from sdplan.formulas.networks_open import open_network, visit_rates
from sdplan.formulas.queueing_arrivals import gim1
from sdplan.formulas.queueing_deterministic import wait_mdc
from sdplan.formulas.queueing_finite import (
    loss_mmck,
    response_time_mmck,
    throughput_mmck,
    wait_mmck,
)
from sdplan.formulas.queueing_general import wait_ggc_whitt
from sdplan.formulas.queueing_impatient import abandonment_mmcm, wait_mmcm, waiting_mmcm
from sdplan.formulas.queueing_phases import wait_mphc
from sdplan.formulas.queueing_priority import wait_priority_mmc
from sdplan.formulas.queueing_sources import engset_time_congestion, finite_source
from sdplan.formulas.scaling import usl_fit, usl_optimal, usl_throughput

# Practical Scalability by Baron Schwartz: throughput of 1 to 32 clients
CISCO = [
    *(955.16, 1878.91, 2688.01, 3548.68, 4315.54, 5130.43, 5931.37, 6531.08, 7219.8, 7867.61, 8278.71),
    *(8646.7, 9047.84, 9426.55, 9645.37, 9897.24, 10097.6, 10240.5, 10532.39, 10798.52, 11151.43),
    *(11518.63, 11806, 12089.37, 12075.41, 12177.29, 12211.41, 12158.93, 12155.27, 12118.04, 12140.4),
    12074.39,
]


def engset(*, sources, servers, r):
    system = {"population": sources, "think_time": 1.0, "service_time": r, "servers": servers}
    return {"time_congestion": engset_time_congestion(**system)}


def bounded(*, lam, mu, K, c=1):  # noqa: N803
    queue = {"arrival_rate": lam, "service_time": 1 / mu, "servers": c, "room": K - c}
    rate, wait, response = throughput_mmck(**queue), wait_mmck(**queue), response_time_mmck(**queue)
    loss = loss_mmck(**queue)
    # from the full room down: each state has c mu / lambda of the one above it, below c servers k mu / lambda
    empty = loss
    for k in range(K, 0, -1):
        empty *= min(k, c) * mu / lam
    found = {"L": rate * response, "Lq": rate * wait, "W": response, "Wq": wait, "X": rate, "pK": loss}
    return {**found, "p0": empty}


def few_clients(*, lam, mu, c, N, K=math.inf):  # noqa: N803
    found = finite_source(population=N, think_time=1 / lam, service_time=1 / mu, servers=c, room=K - c)
    times = {"W": found.response_time, "Wq": found.wait_time, "X": found.throughput}
    return {"L": found.inside, "Lq": found.waiting, **times}


def other_arrivals(*, arrival, lam, mu):
    wait = gim1(arrival_rate=lam, service_time=1 / mu, arrival_scv={"D": 0.0, "E2": 0.5}[arrival])
    return {"sigma": wait.waiting, "Wq": wait.waiting / wait.rate}


def priority(*, lam, mu):
    first, second = lam
    station = {"service_time": 1 / mu, "servers": 1}
    waits = [
        wait_priority_mmc(arrival_rate=first, higher_rate=0, lower_rate=second, **station),
        wait_priority_mmc(arrival_rate=second, higher_rate=first, lower_rate=0, **station),
    ]
    return {"W": [wait + 1 / mu for wait in waits]}


def fixed_service(*, lam, D, c):  # noqa: N803
    return {"Wq": wait_mdc(arrival_rate=lam, service_time=D, servers=c)}


def phases(*, lam, ES, scv, c, service):  # noqa: N803
    return {"Wq": wait_mphc(arrival_rate=lam, service_time=ES, servers=c, service_scv=scv)}


def whitt(*, lam, mu, c, ca2, cs2):
    station = {"arrival_rate": lam, "service_time": 1 / mu, "servers": c}
    return {"Wq": wait_ggc_whitt(**station, arrival_scv=ca2, service_scv=cs2)}


def impatient(*, lam, mu, theta, c):
    queue = {"arrival_rate": lam, "service_time": 1 / mu, "servers": c, "patience": 1 / theta}
    leave = abandonment_mmcm(**queue)
    return {"Lq": lam * wait_mmcm(**queue), "P_abandon": leave, "P_wait": waiting_mmcm(**queue)}


def jackson(*, gamma, P, c=None, mu=None, S=None):  # noqa: N803
    rates = visit_rates(external_rates=gamma, routing=P)
    service = S or [1 / each for each in mu]
    servers = c or [1] * len(rates)
    demands = [rate * each for rate, each in zip(rates, service, strict=True)]
    solved = open_network(arrival_rates=[1.0], demands=[demands], servers=servers)
    lengths = solved.queue_lengths[0]
    found = {"Lk": list(lengths), "Q": list(lengths), "Xk": list(rates), "X": list(rates)}
    found["R"] = [time / rate for time, rate in zip(solved.response_times[0], rates, strict=True)]
    found["rho"] = found["U"] = list(solved.utilizations)
    return {**found, "L": sum(lengths), "W": sum(lengths) / sum(gamma)}


def open_classes(*, lam, D):  # noqa: N803
    rates = [number(rate) for rate in lam]
    solved = open_network(arrival_rates=rates, demands=D, servers=[1] * len(D[0]))
    used = [rate * row[0] for rate, row in zip(rates, D, strict=True)]
    times = solved.response_times
    return {"R": list(times[0]), "W": [sum(row) for row in times], "U": used}


def one_class(*, N, S=None, V=None, D=None, Z=0.0, c=1):  # noqa: N803
    if isinstance(N, list):
        return {"X": [one_class(N=n, D=D, Z=Z)["X"] for n in N]}
    visits = V or [1.0] * len(D or [S])
    service = D or (S if isinstance(S, list) else [S])
    demands = [v * s for v, s in zip(visits, service, strict=True)]
    solved = closed_network(populations=[N], demands=[demands], servers=[c] * len(demands), think_times=[Z])
    rate, times = solved.throughputs[0], solved.response_times[0]
    lengths = list(solved.queue_lengths[0])
    per_visit = [time / v for time, v in zip(times, visits, strict=True)]
    rates = [rate * v for v in visits]
    busy = [rate * demand for demand in demands]
    found = {"Q": lengths, "Lq": lengths[0] - busy[0], "U": busy}
    return {**found, "X": rates if V else rate, "R": per_visit if V else sum(times)}


def several_classes(*, N, D=None, S=None, V=None, Z=None, servers=None, delay=None, note=""):  # noqa: N803
    if D is None:
        V = [[number(v) for v in row] for row in V]  # noqa: N806
        D = [[v * s for v, s in zip(*rows, strict=True)] for rows in zip(V, S, strict=True)]  # noqa: N806
    count = len(D[0])
    waits = delay or [s == 0 for s in (servers or [1] * count)]
    machines = [math.inf if free else (servers or [1] * count)[m] for m, free in enumerate(waits)]
    solved = closed_network(populations=N, demands=D, servers=machines, think_times=Z or [0.0] * len(N))
    lengths, times = solved.queue_lengths, solved.response_times
    found = {"Q": [list(row) for row in lengths], "X": list(solved.throughputs)}
    found["R"] = [list(row) for row in times]
    found["R3"] = [row[-1] for row in times]
    found["Qtot"] = [sum(column) for column in zip(*lengths, strict=True)]
    return found


def number(value):
    top, _, bottom = str(value).partition("/")
    return float(top) / float(bottom or 1)


def jmva(**inputs):
    """The published table shows three of the six stations."""
    found = several_classes(**inputs)
    return {name: [row[:3] for row in found[name]] for name in ("Q", "R")} | {"X": found["X"]}


def three_classes(*, N, Z, D):  # noqa: N803
    solved = closed_network(populations=N, demands=D, servers=[1] * 3, think_times=Z)
    return {"X": list(solved.throughputs), "R": [sum(row) for row in solved.response_times]}


def schweitzer(*, N, D):  # noqa: N803
    solved = bard_schweitzer(populations=N, demands=D, delays=[False] * 2, think_times=[0.0, 0.0])
    return {"Q": [list(row) for row in solved.queue_lengths], "X": list(solved.throughputs)}


def mixed(*, lam, N, V, S):  # noqa: N803
    demands = [[v * s for v, s in zip(*rows, strict=True)] for rows in zip(V, S, strict=True)]
    solved = mixed_network(
        arrival_rates=lam,
        open_demands=demands[:2],
        populations=N,
        closed_demands=demands[2:],
        delays=[False] * 2,
        think_times=[0.0, 0.0],
    )
    closed = solved.closed
    return {
        "Q_closed": [list(row) for row in closed.queue_lengths],
        "Q_open": [list(row) for row in solved.open.queue_lengths],
        "X_closed": list(closed.throughputs),
    }


def asymptotic(*, N, D, Z):  # noqa: N803
    bounds = asymptotic_bounds(population=N, demands=D, think_time=Z)
    return {"X_upper": bounds.upper, "R_lower": N / bounds.upper - Z}


def geometric(*, N, D, Z):  # noqa: N803
    return {"X_lower": [geometric_bounds(population=n, demands=D, think_time=Z).lower for n in N]}


def two_queues(*, K, lam, mu):  # noqa: N803
    assert K == 2
    return {"R": fork_join_two(arrival_rate=lam, service_time=1 / mu)}


def nelson_tantawi(*, K, lam, mu):  # noqa: N803
    return {"R": fork_join_nelson_tantawi(arrival_rate=lam, service_time=1 / mu, branches=K)}


def serial(*, k, rate, p):
    return {"quantiles": [Gamma(k / rate, 1 / k).quantile(level) for level in p]}


def slowest(*, K, p):  # noqa: N803
    station = {"service_time": 1.0, "branches": K}
    levels = [slowest_quantile_of_exponential(**station, level=level) for level in p]
    return {"quantiles": levels, "mean": slowest_of_exponential(**station)}


def usl_coefficients(*, N, X):  # noqa: N803
    fit = usl_fit(workers=N, throughputs=X)
    return {"alpha": fit.contention, "beta": fit.coherency, "gamma": fit.single_throughput}


def usl_cisco(*, N):  # noqa: N803
    fit = usl_fit(workers=range(1, 33), throughputs=CISCO)
    model = fit._asdict()
    del model["determination"]
    rates = [usl_throughput(workers=n, **model) for n in N]
    return {"X": rates, "R": [n / rate for n, rate in zip(N, rates, strict=True)]}


def usl_optimum(*, alpha, beta):
    return {"N_opt": usl_optimal(contention=alpha)}


MORE = {
    engset: "engset-r",
    bounded: "mm1k-sixto-10.7 mm1k-rho1 mmck-sixto-10.11 mmck-octave-a mmck-octave-b mmck-range-c200 "
    "mmck-range-c1000",
    few_clients: "mm1kk-sixto-10.13 mmckm-r",
    one_class: "closed-pdq-aws-tomcat closed-pdq-mm1n closed-jain-p577 closed-bolch-8.3 "
    "closed-lazowska-117-exact closed-lqns-test5 closed-line-example-lqnx closed-balanced-exact-Z1",
    other_arrivals: "dm1-08 e2m1-08",
    priority: "mm1-priority-ciw",
    fixed_service: "mdc-c2-05 mdc-c4-095 mdc-c8-095 mdc-c16-05 mdc-c16-095",
    phases: "mphc-e2-c2-08 mphc-h2-c2-08 mphc-e2-c4-05 mphc-e2-c4-08 mphc-h2-c4-05",
    whitt: "ggc-whitt93-64-8-1-025 ggc-whitt93-64-8-1-4 ggc-whitt93-90-100-2-15",
    impatient: "erlang-a-100-05-100 erlang-a-6-01-8",
    jackson: "jackson-sixto-11.11 jackson-bolch-7.4",
    open_classes: "open-multiclass-lazowska-138",
    several_classes: "closed-lqns-chandy-neuse closed-mc-zahorjan closed-mc-lazowska-131 "
    "closed-mc-schwetman-1 closed-mc-multiserver-bolch closed-mc-octave-4st closed-mc-conway-v1 "
    "closed-mc-conway-v5 closed-mc-conway-v20",
    jmva: "closed-mc-jmva-40-4",
    three_classes: "closed-mc-allen-6.3.4",
    schweitzer: "closed-mc-schweitzer",
    mixed: "mixed-bolch-8.6",
    asymptotic: "bounds-aba-qncsaba",
    geometric: "bounds-geometric-Z1",
    two_queues: "fj2-08",
    nelson_tantawi: "fj-nt-4-05 fj-nt-8-05 fj-nt-16-08",
    serial: "compose-serial-erlang3",
    slowest: "compose-fanout-10",
    usl_coefficients: "usl-specsdm91-coef usl-raytracer6-coef",
    usl_cisco: "usl-cisco-predict",
    usl_optimum: "usl-peak-formula",
}


@pytest.mark.parametrize(("identity", "compute"), pairs(MORE))
def test_a_reference_case_is_reproduced(identity, compute):
    reproduce(identity, compute)


def test_every_published_case_of_queueing_is_covered():
    ids = {case["id"] for case in json.loads((FOLDER / "queueing.json").read_text(encoding="utf-8"))}
    covered = {
        each for known in (stations.COVERED, MORE) for listed in known.values() for each in listed.split()
    }

    assert ids <= covered
    assert {each for listed in MORE.values() for each in listed.split()} <= ids
