"""The waits of accepted and of served calls, against chains of states summed one by one and quadrature."""

import math

import mpmath
import numpy as np
import pytest
from scipy.special import gammainc, gammaincc

from sdplan.distributions import Deterministic, Wait
from sdplan.distributions.bounded_queue_laws import BoundedWait, bounded_wait
from sdplan.distributions.impatience_laws import ImpatientWait, impatient_wait
from sdplan.formulas.queueing_finite import loss_mmck, wait_mmck, waiting_mmck
from sdplan.formulas.queueing_finite_tails import response_time_survival_mmck, wait_survival_mmck
from sdplan.formulas.queueing_impatient import (
    abandonment_mmcm,
    wait_mmcm,
    wait_served_mmcm,
    waiting_mmcm,
    waiting_served_mmcm,
)
from sdplan.formulas.queueing_impatient_tails import wait_served_survival_mmcm

TAILS = (0.5, 0.1, 0.01, 1e-4, 1e-9)
ROOMS = [1, 5, 64, 65, 300, 3000]
RATIOS = [0.3, 0.9, 0.999, 1.0, 1.00001, 1.01, 1.1, 10.0]


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("ratio", RATIOS)
def test_a_bounded_wait_is_the_mixture_of_turns_summed_one_by_one(room, ratio):
    law = BoundedWait(0.7, 1.0, ratio, float(room))
    weights = np.exp((np.arange(room) - (room - 1) * (ratio > 1)) * math.log(ratio))
    weights *= 0.7 / weights.sum()
    turns = np.arange(room) + 1.0
    at = np.linspace(0.001, 1.3, 12) * law.reach(1e-6)

    survival = [float(weights @ gammaincc(turns, z)) for z in at]
    lev = [float(weights @ (z * gammaincc(turns, z) + turns * gammainc(turns + 1, z))) for z in at]

    assert law.mean == pytest.approx(float(weights @ turns), rel=1e-12)
    assert (law.scv + 1) * law.mean**2 == pytest.approx(float(weights @ (turns * (turns + 1))), rel=1e-11)
    assert law.sf(at) == pytest.approx(survival, abs=1e-12)
    assert law.lev(at) == pytest.approx(lev, abs=1e-11 * law.mean)


def test_a_wide_room_below_capacity_is_the_plain_queue():
    load = {"arrival_rate": 8.0, "service_time": 0.1, "servers": 1}

    assert bounded_wait(**load, room=1e9) == Wait(pytest.approx(0.8), pytest.approx(2.0))


def test_without_room_or_calls_nobody_waits():
    load = {"service_time": 0.1, "servers": 4}

    assert bounded_wait(arrival_rate=100.0, room=0, **load) == Deterministic(0.0)
    assert bounded_wait(arrival_rate=0.0, room=9, **load) == Deterministic(0.0)
    assert impatient_wait(arrival_rate=0.0, patience=1.0, **load) == Deterministic(0.0)


def states(load, servers, room):
    """Probabilities of 0 to servers + room requests inside."""
    steps = [math.log(load / min(k, servers)) for k in range(1, servers + room + 1)]
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


@pytest.mark.parametrize(
    ("load", "servers", "room"),
    [
        (2.0, 5, 7),
        (5.0, 4, 2),
        (0.9, 1, 14),
        (3.0, 3, 20),
        (190.0, 200, 100),
        (990, 1000, 1000),
        (400, 100, 50),
    ],
)
def test_a_bounded_queue_agrees_with_its_chain_of_states(load, servers, room):
    queue = {"arrival_rate": load, "service_time": 1.0, "servers": servers, "room": room}
    chain = states(load, servers, room)
    found, waits = chain[servers : servers + room], np.arange(room) + 1

    assert loss_mmck(**queue) == pytest.approx(chain[-1], rel=1e-9)
    assert waiting_mmck(**queue) == pytest.approx(found.sum() / (1 - chain[-1]), rel=1e-9)
    assert wait_mmck(**queue) == pytest.approx((found @ waits) / servers / (1 - chain[-1]), rel=1e-9)
    law = bounded_wait(**queue)
    for time in (0.1, 1.0, 3.0):
        assert wait_survival_mmck(**queue, time=time) == pytest.approx(
            float(law.sf(np.array(time))), abs=1e-11
        )


@pytest.mark.parametrize(
    ("load", "servers", "room"), [(2.0, 5, 7), (0.9, 1, 14), (3.0, 3, 20), (30.0, 3, 20)]
)
def test_a_stay_is_the_wait_and_an_independent_service(load, servers, room):
    queue = {"arrival_rate": load, "service_time": 1.0, "servers": servers, "room": room}
    for time in (0.2, 1.0, 4.0):
        wait = mpmath.quad(
            lambda s, time=time: wait_survival_mmck(**queue, time=float(time - s)) * mpmath.exp(-s),
            [0, time / 2, time],
        )
        expected = math.exp(-time) + float(wait)
        assert response_time_survival_mmck(**queue, time=time) == pytest.approx(expected, rel=1e-9)


SCALES = [
    (0.9, 10.0),
    (1.0, 100.0),
    (1.3, 5.0),
    (2.0, 1000.0),
    (0.5, 1e6),
    (1.2, 1e6),
    (1.0, 1e9),
    (5.0, 0.01),
]


@pytest.mark.parametrize(("ratio", "patience"), SCALES)
def test_an_impatient_wait_is_the_integral_of_its_density(ratio, patience):
    law = ImpatientWait(0.8, 1.0, ratio, patience)
    with mpmath.workdps(25):
        peak = mpmath.mpf(patience) * max(0, mpmath.log(ratio / (1 + 1 / mpmath.mpf(patience))))

        def exponent(t):
            return -ratio * patience * mpmath.expm1(-t / patience) - t * (1 + 1 / mpmath.mpf(patience))

        cuts = sorted({mpmath.mpf(0), peak, *(mpmath.mpf(law.reach(0.8 * tail)) for tail in TAILS)})
        cuts = [mpmath.mpf(0), *(cut for cut in cuts if cut > 0), cuts[-1] * 2]
        top = exponent(peak)
        whole = mpmath.quad(lambda t: mpmath.exp(exponent(t) - top), cuts)
        mean = mpmath.quad(lambda t: t * mpmath.exp(exponent(t) - top), cuts) / whole
        middle = law.tail_quantile(0.4)
        beyond = [mpmath.mpf(middle), *(cut for cut in cuts if cut > middle)]
        tail = mpmath.quad(lambda t: mpmath.exp(exponent(t) - top), beyond) / whole

    assert law.mean == pytest.approx(0.8 * float(mean), rel=1e-9)
    assert float(tail) == pytest.approx(0.5, rel=1e-8)


def impatient_chain(load, servers, patience, most=3000):
    """Wait, giving up and served wait of M/M/c+M from its states; time in service times."""
    logs = [0.0]
    for k in range(1, servers + most):
        logs.append(logs[-1] + math.log(load / (min(k, servers) + max(0, k - servers) / patience)))
    weights = np.exp(np.array(logs) - max(logs))
    chain = weights / weights.sum()
    busy, ahead = chain[servers:], np.arange(most)
    served = servers / (servers + (ahead + 1) / patience)
    stages = np.cumsum(1 / (servers + (ahead + 1) / patience))
    waits = busy[: stages.size] @ (served[: busy.size] * stages[: busy.size])
    lost = (busy @ ahead) / patience / load
    return busy.sum(), lost, waits / (1 - lost)


@pytest.mark.parametrize(
    ("load", "servers", "patience"), [(6.0, 8, 10.0), (100.0, 100, 2.0), (12.0, 8, 0.5), (300.0, 200, 5.0)]
)
def test_a_queue_that_callers_leave_agrees_with_its_chain_of_states(load, servers, patience):
    queue = {"arrival_rate": load, "service_time": 1.0, "servers": servers, "patience": patience}
    waiting, lost, served = impatient_chain(load, servers, patience)
    law = impatient_wait(**queue)

    assert waiting_mmcm(**queue) == pytest.approx(waiting, rel=1e-9)
    assert abandonment_mmcm(**queue) == pytest.approx(lost, rel=1e-9)
    assert wait_mmcm(**queue) == pytest.approx(lost * patience, rel=1e-9)
    assert wait_served_mmcm(**queue) == pytest.approx(served, rel=1e-8)
    assert law.mean == pytest.approx(served, rel=1e-8)
    for time in (0.05, 0.5, 2.0):
        tail = wait_served_survival_mmcm(**queue, time=time)
        assert float(law.sf(np.array(time))) == pytest.approx(tail, rel=1e-6, abs=1e-14)
    assert float(law.sf(np.array(0.0))) == pytest.approx(waiting_served_mmcm(**queue), rel=1e-9)
