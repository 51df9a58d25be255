"""From bytes to text, and to one clear sentence when the file is no table at all."""

import codecs
import re
from dataclasses import dataclass

from programs.roster import codepages


class NotATableError(ValueError):
    """The file cannot be read as a table. The message says what it is and what to do."""


SAVE_AS_CSV = "Open it in your spreadsheet program and save it as CSV."
SIGNATURES = (
    (b"PK\x03\x04", f"This is an Excel or OpenDocument workbook, or a ZIP archive. {SAVE_AS_CSV}"),
    (b"PK\x05\x06", f"This is an empty ZIP archive, not a table. {SAVE_AS_CSV}"),
    (b"\xd0\xcf\x11\xe0", f"This is an old Excel workbook. {SAVE_AS_CSV}"),
    (b"%PDF", "This is a PDF document, not a table. Export the list as CSV where it is kept."),
    (b"{\\rtf", f"This is a text document (RTF), not a table. {SAVE_AS_CSV}"),
    (b"\x89PNG", "This is a picture, not a table. Upload the list as CSV."),
    (b"\xff\xd8\xff", "This is a picture, not a table. Upload the list as CSV."),
    (b"GIF8", "This is a picture, not a table. Upload the list as CSV."),
    (b"\x1f\x8b", "This file is compressed. Unpack it first, then upload the CSV file."),
)
EMPTY = "The file is empty. Its first line must name the columns."
BINARY = f"This is not a text file, so it cannot be read as a table. {SAVE_AS_CSV}"
WRONG = "The file cannot be read as {encoding}. Choose another encoding."
CUT = "The file says it is {encoding}, but it is damaged or cut off. Save it as CSV again."
# What no table holds in its text: control characters other than tab, line ends and form feed.
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


# What a person may say the file is, where the guess is wrong: our name, and what it is for.
ENCODINGS = {
    "UTF-8": "UTF-8",
    "Windows-1250": "Central European (Windows-1250)",
    "Windows-1252": "Western European (Windows-1252)",
    "ISO-8859-2": "Central European (ISO 8859-2)",
    "Windows-1251": "Cyrillic (Windows-1251)",
    "Windows-1253": "Greek (Windows-1253)",
    "Windows-1254": "Turkish (Windows-1254)",
    "Windows-1257": "Baltic (Windows-1257)",
    "UTF-16": "UTF-16",
    "Mac-Roman": "Western European (Macintosh)",
}


@dataclass(frozen=True)
class Text:
    """The text of a file, and how it was encoded."""

    content: str
    encoding: str


def decode(data: bytes, encoding: str = "", country: str = "") -> Text:
    """The text of a CSV file; ``NotATableError`` says what else it is.

    ``encoding`` is what a person says it is; without it the bytes tell, and where they leave two
    readings, the letters and the ``country`` of the list do.
    """
    if not data.strip():
        raise NotATableError(EMPTY)
    for signature, sentence in SIGNATURES:
        if data.startswith(signature):
            raise NotATableError(sentence)
    text = _as_told(data, encoding) if encoding else _text(data, country)
    text = Text(text.content.rstrip("\x1a"), text.encoding)  # an end mark of old programs
    if not text.content.strip("\ufeff \t\r\n\x00\u00a0"):
        raise NotATableError(EMPTY)
    _refuse_markup(text.content)
    if CONTROL.search(text.content):
        raise NotATableError(BINARY)
    return text


def _as_told(data: bytes, encoding: str) -> Text:
    try:
        content = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise NotATableError(WRONG.format(encoding=encoding)) from None
    return Text(content.removeprefix("\ufeff"), encoding)


def _text(data: bytes, country: str) -> Text:
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "UTF-32"),
        (codecs.BOM_UTF32_BE, "UTF-32"),
        (codecs.BOM_UTF8, "UTF-8"),
        (codecs.BOM_UTF16_LE, "UTF-16-LE"),
        (codecs.BOM_UTF16_BE, "UTF-16-BE"),
    ):
        if data.startswith(mark):
            if encoding == "UTF-32":
                break
            try:
                return Text(data[len(mark) :].decode(encoding), encoding)
            except UnicodeDecodeError:
                raise NotATableError(CUT.format(encoding=encoding[:6].rstrip("-"))) from None
    if b"\x00" in data:
        return _unmarked_utf16(data)
    readings = {}
    for encoding in ("UTF-8", codepages.WESTERN, codepages.CENTRAL):
        try:
            readings[encoding] = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "UTF-8":
            return Text(readings[encoding], encoding)
    if not readings:
        raise NotATableError(BINARY)
    best = codepages.choose(readings, country)
    return Text(readings[best], best)


def _unmarked_utf16(data: bytes) -> Text:
    # Without a mark, the zero bytes of ASCII text stand on one side of each pair only.
    even, odd = data[0::2].count(0), data[1::2].count(0)
    encoding = "UTF-16-LE" if odd > even else "UTF-16-BE"
    if min(even, odd) * 20 > max(even, odd) or max(even, odd) * 5 < len(data):
        raise NotATableError(BINARY)
    try:
        return Text(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        raise NotATableError(BINARY) from None


def _refuse_markup(content: str) -> None:
    start = content.lstrip("\ufeff \t\r\n")[:200].casefold()
    if re.match(r"<(!doctype|html|head|body|table|meta|!--)", start):
        raise NotATableError(
            "This is a web page, not a table: perhaps a login page was saved in the list's place. "
            "Export the list as CSV."
        )
    if start.startswith(("<?xml", "<?mso")):
        raise NotATableError(f"This is an XML document, not a CSV table. {SAVE_AS_CSV}")
