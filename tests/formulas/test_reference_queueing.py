"""Stations and scaling: published and independently computed values at their tolerance."""

import pytest
from reference_cases import CASES, pairs, reproduce

from sdplan.formulas.queueing import (
    erlang_c,
    littles_law,
    queue_length_mmc,
    response_time_mm1,
    response_time_mmc,
    utilization,
    wait_mm1,
    wait_mmc,
)
from sdplan.formulas.queueing_general import (
    wait_gg1_kraemer_langenbach_belz,
    wait_ggc_allen_cunneen,
    wait_mg1,
)
from sdplan.formulas.queueing_tails import (
    response_time_quantile_mm1,
    response_time_quantile_mmc,
    response_time_survival_mmc,
    wait_quantile_mmc,
)
from sdplan.formulas.scaling import usl_peak, usl_throughput


def mm1(*, lam, mu):
    load = {"arrival_rate": lam, "service_time": 1 / mu}
    wait, response = wait_mm1(**load), response_time_mm1(**load)
    return {
        "rho": utilization(**load, servers=1),
        "Wq": wait,
        "W": response,
        "Lq": littles_law(arrival_rate=lam, response_time=wait),
        "L": littles_law(arrival_rate=lam, response_time=response),
    }


def mm1_quantiles(*, lam, mu, p):
    return {
        "W_quantiles": [
            response_time_quantile_mm1(arrival_rate=lam, service_time=1 / mu, level=level) for level in p
        ]
    }


def mmc(*, lam, mu, c):
    load = {"arrival_rate": lam, "service_time": 1 / mu, "servers": c}
    return {
        "C": erlang_c(offered_load=lam / mu, servers=c),
        "erlang_c": erlang_c(offered_load=lam / mu, servers=c),
        "Wq": wait_mmc(**load),
        "wait_mean": wait_mmc(**load),
        "W": response_time_mmc(**load),
        "sojourn_mean": response_time_mmc(**load),
        "Lq": queue_length_mmc(**load),
        "p50": response_time_quantile_mmc(**load, level=0.5),
        "p95": response_time_quantile_mmc(**load, level=0.95),
        "p99": response_time_quantile_mmc(**load, level=0.99),
        "p999": response_time_quantile_mmc(**load, level=0.999),
    }


def mmc_quantiles(*, lam, mu, c, p):
    load = {"arrival_rate": lam, "service_time": 1 / mu, "servers": c}
    return {
        "Wq_quantiles": [wait_quantile_mmc(**load, level=level) for level in p],
        "W_quantiles": [response_time_quantile_mmc(**load, level=level) for level in p],
    }


def mmc_survival(*, lam, mu, c, t):
    return {"sf": response_time_survival_mmc(arrival_rate=lam, service_time=1 / mu, servers=c, time=t)}


def md1(*, lam, D):  # noqa: N803
    return mg1(lam=lam, ES=D, scv=0.0)


def mg1(*, lam, ES, scv, service=""):  # noqa: N803
    wait = wait_mg1(arrival_rate=lam, service_time=ES, service_scv=scv)
    return {"Wq": wait, "W": wait + ES, "Lq": lam * wait, "L": lam * (wait + ES)}


def allen_cunneen(*, lam, mu, c, ca2, cs2):
    wait = wait_ggc_allen_cunneen(
        arrival_rate=lam, service_time=1 / mu, servers=c, arrival_scv=ca2, service_scv=cs2
    )
    return {"Wq": wait}


def klb(*, lam, mu, ca2, cs2):
    wait = wait_gg1_kraemer_langenbach_belz(
        arrival_rate=lam, service_time=1 / mu, arrival_scv=ca2, service_scv=cs2
    )
    return {"Wq": wait}


def halfin_whitt(*, beta):
    return {"P_queue": erlang_c(offered_load=1e6, servers=1e6 + beta * 1e3)}


def open_by_visits(*, lam, V, S):  # noqa: N803
    stations = [
        {"arrival_rate": lam * visits, "service_time": each} for visits, each in zip(V, S, strict=True)
    ]
    return {
        "R": [response_time_mm1(**station) for station in stations],
        "U": [utilization(**station, servers=1) for station in stations],
    }


def tandem(*, lam, mu, c, stations):
    return {"W": stations * response_time_mmc(arrival_rate=lam, service_time=1 / mu, servers=c)}


def pooling(*, rho, servers):
    return {
        "eight_mm1_mean": response_time_mm1(arrival_rate=rho, service_time=1.0),
        "mm8_mean": response_time_mmc(arrival_rate=rho * servers, service_time=1.0, servers=servers),
    }


def usl_specsdm91(*, N):  # noqa: N803
    fit = CASES["usl-specsdm91-coef"]["expected"]
    model = {"contention": fit["alpha"], "coherency": fit["beta"], "single_throughput": fit["gamma"]}
    return {"X": [usl_throughput(workers=n, **model) for n in N]}


def usl_peak_formula(*, alpha, beta):
    return {"N_peak": usl_peak(contention=alpha, coherency=beta)}


COVERED = {
    mm1: "mm1-sixto-10.3 mm1-pdq-grox mm1-ciw-docs mm1-rho09 mm1-rho6nines",
    mm1_quantiles: "mm1-sojourn-quantiles",
    mmc: "mmc-eth-asl-c4 mmc-c750-095 mmc-c1000-09 mmc-c1000-6nines mmc-c1e5-6nines mmc-2-1.6 mmc-8-7 "
    "mmc-16-14",
    mmc_quantiles: "mmc-wait-quantiles-c8 mmc-sojourn-quantiles-c8",
    mmc_survival: "mmc-sojourn-degenerate",
    md1: "md1-08",
    mg1: "mg1-e2-08",
    allen_cunneen: "ggc-allen-cunneen-64-8-1-025 ggc-allen-cunneen-64-8-1-4 ggc-allen-cunneen-90-100-2-15",
    klb: "gg1-klb-08-05-05 gg1-klb-08-2-1 gg1-klb-05-0-1",
    halfin_whitt: "halfin-whitt-2375 halfin-whitt-1761 halfin-whitt-1",
    open_by_visits: "open-jain-34.1",
    tandem: "open-100x-mm4",
    pooling: "bronson-pool",
    usl_specsdm91: "usl-specsdm91-predict",
    usl_peak_formula: "usl-peak-formula",
}


@pytest.mark.parametrize(
    ("identity", "compute"), pairs(COVERED), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_reference_case_is_reproduced(identity, compute):
    reproduce(identity, compute)


@pytest.mark.parametrize("identity", [i for i in CASES if i.startswith(("mdc-", "mphc-"))])
def test_the_error_of_allen_cunneen_against_exact_values_is_as_stated(identity):
    inputs = CASES[identity]["inputs"]
    scv = inputs.get("scv", 0.0)
    service = inputs.get("ES", inputs.get("D"))
    wait = wait_ggc_allen_cunneen(
        arrival_rate=inputs["lam"],
        service_time=service,
        servers=inputs["c"],
        arrival_scv=1.0,
        service_scv=scv,
    )
    busy = utilization(arrival_rate=inputs["lam"], service_time=service, servers=inputs["c"])
    assert wait == pytest.approx(CASES[identity]["expected"]["Wq"], rel=0.04 if busy >= 0.8 else 0.31)
