"""HTML that cells display: data tables, cleaned of styles and with heads that say what they head."""

from html import escape
from html.parser import HTMLParser

_KEPT = {"table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "p", "br", "em", "strong", "b", "i", "code"}
_KEPT |= {"sub", "sup"}
_DROPPED = {"style", "script"}
_ATTRIBUTES = {"colspan", "rowspan"}


def clean(markup: str) -> str | None:
    """Return the tables of ``markup`` without inline styles, or ``None`` if it holds no table.

    >>> clean('<style>td {color: red}</style><table border="1"><tr style="x"><td>1</td></tr></table>')
    '<div class="table-scroll"><table class="data"><tr><td>1</td></tr></table></div>'
    """
    cleaner = _Cleaner()
    cleaner.feed(markup)
    cleaner.close()
    return "".join(cleaner.output) if cleaner.has_table else None


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.output: list[str] = []
        self.has_table = False
        self._muted = 0
        self._in_head = False
        self._cell: tuple[str, str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._muted += 1
        if tag not in _KEPT or self._muted:
            return
        kept = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs if name in _ATTRIBUTES)
        if tag == "table":
            self.has_table = True
            self.output.append('<div class="table-scroll"><table class="data">')
        elif tag in ("th", "td"):
            self._cell = (tag, kept, [])
        else:
            self._in_head = self._in_head or tag == "thead"
            self._write(f"<{tag}{kept}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._muted -= 1
        elif tag in ("th", "td") and self._cell:
            self._finish_cell()
        elif tag in _KEPT and not self._muted and tag != "br":
            self._in_head = self._in_head and tag != "thead"
            self._write(f"</{tag}>" + ("</div>" if tag == "table" else ""))

    def handle_data(self, data: str) -> None:
        if self._muted:
            return
        if self._cell or data.strip():
            self._write(escape(data))

    def _write(self, text: str) -> None:
        (self._cell[2] if self._cell else self.output).append(text)

    def _finish_cell(self) -> None:
        assert self._cell is not None
        tag, attributes, parts = self._cell
        self._cell = None
        text = "".join(parts).strip()
        if tag == "th" and not text:
            tag = "td"  # an empty corner heads nothing
        elif tag == "th":
            attributes += ' scope="col"' if self._in_head else ' scope="row"'
        self.output.append(f"<{tag}{attributes}>{text}</{tag}>")
