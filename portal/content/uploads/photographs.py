"""What a photograph tells beside what it shows: place, camera, person, comments. It is taken away (U13).

Only which way is up is kept. The picture itself is not coded anew where its form can be taken apart: JPEG (ITU-T T.81),
PNG (W3C, 3rd edition) and WebP (RFC 9649); whatever comes after its end goes, too (U02).
"""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO

from PIL import Image, ImageOps

ORIENTATION = 0x0112
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
PNG_TELLING = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}


class Unreadable(Exception):
    """The picture's form is broken."""


def without_metadata(data: bytes, kind: str) -> bytes:
    """Return the picture (``kind``: jpeg, png, webp, avif or gif) without its metadata. Raises Unreadable.

    A GIF has no place for what a camera notes, and stays as it is. Whatever its kind, the picture is unpacked once:
    what only begins like one is none. Its pixels have been counted before.
    """
    try:
        cleaned = _CLEANERS[kind](data) if kind in _CLEANERS else data
        with Image.open(BytesIO(cleaned)) as picture:
            picture.load()
    except (struct.error, IndexError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Unreadable from error
    return cleaned


def _turned(data: bytes) -> int:
    """Return which way is up (1 to 8; 1 is as it stands)."""
    with Image.open(BytesIO(data)) as picture:
        found = picture.getexif().get(ORIENTATION, 1)
    return found if isinstance(found, int) and 1 < found <= 8 else 1


def _note(orientation: int) -> bytes:
    """Return TIFF data (as EXIF has it) with the orientation alone."""
    entry = struct.pack("<HHIHH", ORIENTATION, 3, 1, orientation, 0)
    return b"II*\x00" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)


def _jpeg(data: bytes) -> bytes:
    """Keep the segments that decoding needs: JFIF, colour profile, Adobe's transform, tables, frames, scans."""
    if data[:2] != b"\xff\xd8":
        raise Unreadable
    out, place, turned = [b"\xff\xd8"], 2, _turned(data)
    if turned != 1:
        note = b"Exif\x00\x00" + _note(turned)
        out.append(b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note)
    while True:
        while data[place + 1] == 0xFF:  # fill bytes
            place += 1
        marker = data[place + 1]
        if data[place] != 0xFF:
            raise Unreadable
        if marker == 0xD9:
            return b"".join([*out, b"\xff\xd9"])
        end = place + 2 + struct.unpack(">H", data[place + 2 : place + 4])[0]
        if marker == 0xDA:  # a scan: on to the next marker that is none of its own
            following = NEXT_MARKER.search(data, end)
            end = following.start() if following else len(data)
        if _is_needed(marker, data[place + 4 : place + 16]):
            out.append(data[place:end])
        if end >= len(data):  # cut short: its end is missing, its picture may be whole
            return b"".join([*out, b"\xff\xd9"])
        place = end


def _is_needed(marker: int, start: bytes) -> bool:
    if marker == 0xE2:
        return start.startswith(b"ICC_PROFILE")
    return marker in {0xE0, 0xEE} or not (0xE1 <= marker <= 0xEF or marker == 0xFE)


def _png(data: bytes) -> bytes:
    """Keep all chunks but those of text, time and EXIF."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise Unreadable
    out, place, turned = [data[:8]], 8, _turned(data)
    while True:
        length, name = struct.unpack(">I4s", data[place : place + 8])
        end = place + 12 + length
        if end > len(data):
            raise Unreadable
        if name not in PNG_TELLING:
            out.append(data[place:end])
        if name == b"IHDR" and turned != 1:
            body = b"eXIf" + _note(turned)
            out.append(struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)))
        if name == b"IEND":
            return b"".join(out)
        place = end


def _webp(data: bytes) -> bytes:
    """Keep all chunks but EXIF and XMP, and say so in the extended header."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise Unreadable
    turned, place, out = _turned(data), 12, []
    limit = min(len(data), 8 + struct.unpack("<I", data[4:8])[0])
    while place + 8 <= limit:
        name, length = struct.unpack("<4sI", data[place : place + 8])
        end = place + 8 + length + length % 2
        chunk = data[place:end]
        if name == b"VP8X":
            flags = (chunk[8] & ~0x0C) | (0x08 if turned != 1 else 0)
            chunk = chunk[:8] + bytes([flags]) + chunk[9:]
        if name not in {b"EXIF", b"XMP "}:
            out.append(chunk)
        place = end
    if turned != 1:
        note = _note(turned)
        out.append(struct.pack("<4sI", b"EXIF", len(note)) + note + b"\x00" * (len(note) % 2))
    body = b"WEBP" + b"".join(out)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _avif(data: bytes) -> bytes:
    """Code the picture anew where it tells anything: its metadata are woven into its form."""
    with Image.open(BytesIO(data)) as picture:
        if not picture.getexif() and not picture.info.get("xmp"):
            return data
        out = BytesIO()
        ImageOps.exif_transpose(picture).save(
            out, "AVIF", quality=90, exif=b"", xmp=b"", icc_profile=picture.info.get("icc_profile")
        )
    return out.getvalue()


_CLEANERS = {"jpeg": _jpeg, "png": _png, "webp": _webp, "avif": _avif}
