"""From the bytes of a design to its text values, each with the place where it stands."""

from sdplan.source.document import Document
from sdplan.source.encoding import UNREADABLE_CODES, decode
from sdplan.source.files import Unreadable, find_designs, load, read_file, shown_name
from sdplan.source.reading import read_bytes, read_text

__all__ = [
    "UNREADABLE_CODES",
    "Document",
    "Unreadable",
    "decode",
    "find_designs",
    "load",
    "read_bytes",
    "read_file",
    "read_text",
    "shown_name",
]
