"""The real kind of a file, by its content: an extension is only a claim (U02, U03)."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import IO

HEAD = 512
MOST_PARTS = 20_000  # of a packed document
OFFICE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
PACKED = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
    "epub": b"application/epub+zip",
}


def is_kind(file: IO[bytes], extension: str) -> bool:
    """Tell whether the content of ``file`` is what ``extension`` says. Leaves the file at its beginning."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    test = TESTS.get(extension)
    try:
        return bool(test is not None and test(file, head, extension))
    finally:
        file.seek(0)


def _pdf(file: IO[bytes], head: bytes, extension: str) -> bool:
    return head.startswith(b"%PDF-")


def _text(file: IO[bytes], head: bytes, extension: str) -> bool:
    """Readable text that no browser could take for a page."""
    try:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            if b"\x00" in chunk:
                return False
        start = head.decode("utf-8", errors="ignore").lstrip("\ufeff \t\r\n").lower()
    except UnicodeDecodeError:
        return False
    return not start.startswith(("<!doctype", "<html", "<svg", "<?xml", "<script"))


def _packed(file: IO[bytes], head: bytes, extension: str) -> bool:
    """A packed document of this very kind, without programs (macros) in it. Nothing of it is unpacked but a name."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(file) as pack:
            names = pack.namelist()
            if len(names) > MOST_PARTS or any(name.endswith("vbaProject.bin") for name in names):
                return False
            if extension in OFFICE:
                return "[Content_Types].xml" in names and any(n.startswith(OFFICE[extension]) for n in names)
            if "mimetype" not in names or pack.getinfo("mimetype").file_size > 100:
                return False
            return pack.read("mimetype").strip() == PACKED[extension]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError):
        return False


def _mp4(file: IO[bytes], head: bytes, extension: str) -> bool:
    """ISO base media (ISO/IEC 14496-12): a file type box comes first."""
    return head[4:8] == b"ftyp"


def _webm(file: IO[bytes], head: bytes, extension: str) -> bool:
    """EBML with the document type "webm" (RFC 8794)."""
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]


def _mp3(file: IO[bytes], head: bytes, extension: str) -> bool:
    """An ID3 tag, or a frame of MPEG audio layer III."""
    frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2
    return head.startswith(b"ID3") or frame


def _ogg(file: IO[bytes], head: bytes, extension: str) -> bool:
    return head.startswith(b"OggS")


TESTS: dict[str, Callable[[IO[bytes], bytes, str], bool]] = {
    "pdf": _pdf,
    "txt": _text,
    "csv": _text,
    **dict.fromkeys(OFFICE, _packed),
    **dict.fromkeys(PACKED, _packed),
    "mp4": _mp4,
    "m4a": _mp4,
    "webm": _webm,
    "mp3": _mp3,
    "ogg": _ogg,
}
