"""The picture of the house is drawn from the house."""

from __future__ import annotations

from xml.etree import ElementTree

from tests.architecture import STAGES, dot, folds, picture, rooms


def test_the_picture_has_a_node_for_every_room_and_every_fold() -> None:
    drawn = ElementTree.fromstring(picture())
    titles = {title.text for title in drawn.iter("{http://www.w3.org/2000/svg}title")}

    assert set(rooms()) <= titles
    assert {f"solve.{name}" for name in folds()} <= titles


def test_the_stages_are_rooms() -> None:
    assert set(STAGES) <= set(rooms())


def test_load_latency_and_availability_read_the_call_tree() -> None:
    assert {"load", "journey", "structure", "bandwidth"} <= set(folds())


def test_the_picture_comes_from_imports_and_not_from_a_list() -> None:
    assert '"solve" -> "spec";' in dot()
    assert '"spec" -> "solve";' not in dot()
