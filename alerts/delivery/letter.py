"""Letter: a message as HTML that reads well on a phone, in light and dark, without a picture or a script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from alerts.model.delivery import Line, Span
from alerts.model.question import Severity

TONES = {
    Severity.FLASH: "#b3261e",
    Severity.URGENT: "#8a5a00",
    Severity.ROUTINE: "#0b5cad",
    Severity.LOG: "#5f5b54",
}
FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"
STYLE = """\
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
body,.page{background:#161513!important;color:#eeebe5!important}
.card{background:#211f1c!important;border-top-color:#3b3833!important;border-right-color:#3b3833!important;border-bottom-color:#3b3833!important}
.flash{color:#ff8a80!important}
.urgent{color:#f0c060!important}
.routine{color:#7db8f5!important}
.soft{color:#aaa49a!important}
a{color:#7db8f5!important}
.act{border-color:#7db8f5!important}
}
"""


def letter_html(title: str, marks: str, lines: Sequence[Line], severity: Severity) -> str:
    """Return a whole HTML document: ``marks`` (how loud, how sure) above, the sentence large, then every line.

    All text is escaped here; a link shows its name and leads where the line says.
    """
    tone = TONES[severity]
    acts = [span for line in lines for span in line if span.link is not None and span.link != span.text]
    shown = [line for line in lines if not all(span.link and span.link != span.text for span in line)]
    paragraphs = "\n".join(_paragraph(line, n, len(shown)) for n, line in enumerate(shown))
    return f"""\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{escape(title)}</title><style>{STYLE}</style></head>
<body style="margin:0;background:#fbfaf7;color:#1c1b19;{FONT}">
<div class="page" style="max-width:38rem;margin:0 auto;padding:16px">
<div class="card" style="background:#ffffff;border:1px solid #d9d5cc;border-left:6px solid {tone};border-radius:8px;\
padding:16px">
<p class="{severity}" style="margin:0 0 4px;font-size:13px;font-weight:700;letter-spacing:.04em;color:{tone}">\
{escape(marks)}</p>
<h1 style="margin:0 0 12px;font-size:22px;line-height:1.3">{escape(title)}</h1>
{paragraphs}
{_buttons(acts)}
</div></div></body></html>
"""


def _paragraph(line: Line, n: int, of: int) -> str:
    is_last = n == of - 1
    style = "margin:0 0 10px;font-size:16px;line-height:1.5;overflow-wrap:anywhere"
    if is_last:
        style = "margin:14px 0 0;font-size:13px;line-height:1.5;color:#5f5b54;overflow-wrap:anywhere"
    inside = "".join(map(_span, line)).replace("\n", "<br>")
    return f'<p{" class=" + chr(34) + "soft" + chr(34) if is_last else ""} dir="auto" style="{style}">{inside}</p>'


def _span(span: Span) -> str:
    text = escape(span.text)
    if span.link is not None:
        return f'<a href="{escape(span.link)}" style="color:#0b5cad">{text}</a>'
    return f"<strong>{text}</strong>" if span.strong else text


def _buttons(acts: Sequence[Span]) -> str:
    if not acts:
        return ""
    style = (
        "display:inline-block;margin:8px 8px 0 0;padding:9px 14px;border:1px solid #0b5cad;border-radius:8px;"
        "font-size:15px;text-decoration:none;color:#0b5cad"
    )
    links = "".join(
        f'<a class="act" href="{escape(one.link or "")}" style="{style}">{escape(one.text)}</a>' for one in acts
    )
    return f'<p style="margin:6px 0 0">{links}</p>'
