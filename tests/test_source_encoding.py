"""From bytes to text: encodings, and the characters that no design may hold."""

import codecs

import pytest

from sdplan.findings import Finding
from sdplan.source import UNREADABLE_CODES, decode, read_bytes, read_text


def _finding(raw: bytes) -> Finding:
    text, (finding,) = decode(raw)
    assert text is None
    return finding


def test_utf_8_is_read_with_and_without_a_byte_order_mark() -> None:
    assert decode("größe: 😀\n".encode()) == ("größe: 😀\n", [])
    assert decode(codecs.BOM_UTF8 + b"a: 1") == ("a: 1", [])


def test_windows_line_ends_become_line_feeds() -> None:
    read, findings = read_bytes(b"a: 1\r\nb: |\r\n  c\r\n", "x")

    assert findings == []
    assert read is not None
    assert read.data == {"a": "1", "b": "c\n"}
    assert "\r" not in read.text


def test_text_is_read_as_its_bytes_are() -> None:
    assert read_text("\ufeffa: 1\r\nb: 2", "x") == read_bytes(codecs.BOM_UTF8 + b"a: 1\r\nb: 2", "x")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_a_wide_encoding_is_named(encoding: str) -> None:
    finding = _finding("sdplan: 1\nid: a\n".encode(encoding))

    assert finding.code == "SP110"
    assert finding.message == f"this file is encoded as {encoding[:6].upper()}, not UTF-8"
    assert finding.hint == "save the file as UTF-8"


@pytest.mark.parametrize(
    ("raw", "offset", "place"),
    [
        (b"a: 1\nb: \xff\xfe\x00\n", 8, (2, 4)),
        (b"\xef\xbb\xbfa: \xe4", 6, (1, 4)),
        (b"\xc3\xa4: \x80", 4, (1, 4)),
        (b"a\r\nb: \xc0\xaf", 6, (2, 4)),
        (b"a: \xed\xa0\x80", 3, (1, 4)),
    ],
)
def test_a_byte_that_is_no_utf_8_is_named_by_its_offset(
    raw: bytes, offset: int, place: tuple[int, int]
) -> None:
    finding = _finding(raw)

    assert finding.code == "SP110"
    assert finding.message == f"byte {offset} (0x{raw[offset]:02X}) is not valid UTF-8"
    assert finding.span is not None
    assert finding.span[:2] == place


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\u202e", "\u2066", "\ufeff", "\uffff"],
)
def test_a_character_that_controls_or_reorders_is_refused_with_its_place(character: str) -> None:
    raw = f"é: 1\nb: x{character}y".encode()
    finding = _finding(raw)

    assert finding.code == "SP110"
    assert (
        finding.message
        == f"the character U+{ord(character):04X} at byte {raw.index(character.encode())} is not allowed here"
    )
    assert finding.span is not None
    assert finding.span == (2, 5, 2, 6)
    assert character not in finding.message + finding.hint


def test_a_lone_carriage_return_is_refused() -> None:
    assert "carriage return" in _finding(b"a: 1\rb: 2").message


def test_what_a_hint_offers_for_a_character_is_read_back() -> None:
    finding = _finding("a: x\u202ey".encode())
    escaped = finding.hint.split("`")[1]
    read, _ = read_text(f'a: "x{escaped}y"', "x")

    assert read is not None
    assert read.data == {"a": "x\u202ey"}


def test_a_mark_that_only_steers_letters_of_a_script_is_kept() -> None:
    text = "a: שלום\u200f x\u200d\n"

    assert decode(text.encode()) == (text, [])


def test_a_file_over_one_mebibyte_is_refused_before_it_is_decoded() -> None:
    assert _finding(b"\xff" * (1 << 20) + b"\xff").code == "SP107"
    assert _finding(b"\xff" * (1 << 20)).code == "SP110"


def test_nothing_and_no_text_count_as_unreadable() -> None:
    codes = {read_bytes(raw, "x")[1][0].code for raw in (b"", b"\xff", b"\xff\xfea\x00")}

    assert codes == set(UNREADABLE_CODES)
