"""Tags of the component kit; the gallery shows each. Load with ``{% load ui %}``."""

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring import clock, ports
from mentoring.ui import icons, states
from mentoring.ui.lists import Listing
from mentoring.ui.markup import render

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86400


@register.simple_tag
def icon(name: str, css: str = "", *, flip: bool = False) -> SafeString:
    """A decorative icon; ``flip`` for arrows, which turn around in right-to-left pages."""
    if name not in icons.names():
        raise template.TemplateSyntaxError(f"no icon “{name}” in static/{icons.SPRITE}")
    return format_html(
        '<svg class="icon{}{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        " icon-flip" if flip else "",
        f" {css}" if css else "",
        static(icons.SPRITE),
        name,
    )


@register.simple_tag
def badge(label: object, tone: str = "quiet", symbol: str = "") -> SafeString:
    """A pill with a text, a tone (``states.TONES``) and, if named, an icon."""
    if tone not in states.TONES:
        raise template.TemplateSyntaxError(f"no tone “{tone}”; there are {', '.join(states.TONES)}")
    return format_html(
        '<span class="pill tone-{}">{}{}</span>', tone, icon(symbol) if symbol else "", label
    )


@register.simple_tag
def state(thing: Any, label: object = "") -> SafeString:
    """The state of an object with ``state`` (its display name is found), or of a state's value."""
    value = getattr(thing, "state", thing)
    if not label:
        shown = getattr(thing, "get_state_display", None)
        label = shown() if callable(shown) else getattr(value, "label", capfirst(value))
    tone, symbol = states.look(str(value))
    return badge(label, tone, symbol)


@register.simple_tag
def avatar(person: Any, size: str = "") -> SafeString:
    """A person's initials on a color of their own; decorative, the name stands beside it."""
    first = str(getattr(person, "given_name", "")).strip()
    last = str(getattr(person, "family_name", "")).strip()
    initials = (first[:1] + last[:1]).upper() or str(person).strip()[:1].upper() or "?"
    tones = [tone for tone in states.TONES if tone != "danger"]
    seed = sha256(str(getattr(person, "key", person)).encode()).digest()[0]
    return format_html(
        '<span class="avatar{} tone-{}" aria-hidden="true">{}</span>',
        f" avatar-{size}" if size else "",
        tones[seed % len(tones)],
        initials,
    )


@register.simple_tag
def person(who: Any, note: object = "", url: str = "") -> SafeString:
    """Avatar and name, with a quiet note below and a link where there is one."""
    name = getattr(who, "full_name", str(who))
    shown = format_html('<a href="{}">{}</a>', url, name) if url else format_html("{}", name)
    small = format_html("<small>{}</small>", note) if note else ""
    return format_html('<span class="person">{}<span>{}{}</span></span>', avatar(who), shown, small)


MESSAGE_LOOKS = {
    "success": ("success", "check-circle"),
    "warning": ("warning", "exclamation-triangle"),
    "error": ("danger", "exclamation-octagon"),
}


@register.filter
def tone(level: str) -> str:
    """The tone of a message's level."""
    return MESSAGE_LOOKS.get(level, ("info", ""))[0]


@register.filter
def tone_icon(level: str) -> str:
    """The icon of a message's level."""
    return MESSAGE_LOOKS.get(level, ("", "info-circle"))[1]


# --- Time ----------------------------------------------------------------------------------------


def _day(value: date, *, weekday: bool = True) -> str:
    this_year = clock.today(timezone.get_current_timezone()).year
    pattern = "D j M" if weekday else "j M"
    return date_format(value, pattern if value.year == this_year else f"{pattern} Y")


def _ago(value: datetime) -> str:
    seconds = (clock.now() - value).total_seconds()
    ahead, size = seconds < 0, abs(seconds)
    if size < MINUTE:
        return _("just now") if not ahead else _("in a moment")
    if size < HOUR:
        count = int(size // MINUTE)
        text = ngettext("%(count)d minute", "%(count)d minutes", count)
    elif size < DAY:
        count = int(size // HOUR)
        text = ngettext("%(count)d hour", "%(count)d hours", count)
    else:
        count = int(size // DAY)
        text = ngettext("%(count)d day", "%(count)d days", count)
    span = text % {"count": count}
    return (_("in %(span)s") if ahead else _("%(span)s ago")) % {"span": span}


@register.simple_tag
def when(value: datetime | date | None, style: str = "full") -> SafeString | str:
    """A moment in the reader's zone inside ``<time>``; nothing for ``None``.

    ``full`` day and time, ``day``, ``time``, ``ago``. A plain date is shown as a day.
    """
    if value is None:
        return ""
    if not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), _day(value))
    local = timezone.localtime(value)
    stamp = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    full = f"{_day(local)}, {date_format(local, 'H:i')}"
    shown = {
        "full": full,
        "day": _day(local),
        "time": date_format(local, "H:i"),
        "ago": _ago(value),
    }[style]
    if style == "ago":
        return format_html('<time datetime="{}" title="{}">{}</time>', stamp, full, shown)
    return format_html('<time datetime="{}">{}</time>', stamp, shown)


@register.simple_tag
def span(starts: datetime | date, ends: datetime | date) -> SafeString:
    """From–to: one day with two times, or two days."""
    if isinstance(starts, datetime) and isinstance(ends, datetime):
        first, last = timezone.localtime(starts), timezone.localtime(ends)
        if first.date() == last.date():
            return format_html("{}–{}", when(starts), when(ends, "time"))
    return format_html("{} – {}", when(starts), when(ends))


@register.simple_tag
def zone_name() -> str:
    """The reader's time zone in words, such as “Budapest time”."""
    name = timezone.get_current_timezone_name()
    zone = getattr(timezone.get_current_timezone(), "key", name)
    if zone == "UTC":
        return "UTC"
    return _("%(city)s time") % {"city": str(zone).rsplit("/", 1)[-1].replace("_", " ")}


# --- Figures -------------------------------------------------------------------------------------


@register.inclusion_tag("_components/progress.html")
def progress(
    value: float, total: float, label: object = "", tone: str = "brand", note: object = ""
) -> dict[str, object]:
    """A bar with its label and “value of total”; ``note`` replaces the latter."""
    return {"value": value, "total": total or 1, "of": total, "label": label, "tone": tone,
            "note": note}  # fmt: skip


@register.inclusion_tag("_components/stat.html")
def stat(
    value: object, label: object, url: str = "", note: object = "", tone: str = ""
) -> dict[str, object]:
    """A number with what it counts, linked to the people behind it."""
    return {"value": value, "label": label, "url": url, "note": note, "tone": tone}


@register.filter
def percent(part: float, whole: float) -> str:
    """“37 %” of ``whole``; a dash where there is nothing to divide by."""
    return f"{round(100 * part / whole)} %" if whole else "–"


# --- Lists ---------------------------------------------------------------------------------------


@register.inclusion_tag("_components/sort_header.html")
def sort_header(listing: Listing[Any], key: str, label: object, css: str = "") -> dict[str, object]:
    """A ``<th>`` whose link sorts by ``key`` (which the listing's whitelist must hold)."""
    return {
        "label": label,
        "css": css,
        "url": listing.sort_url(key),
        "direction": listing.direction_of(key),
    }


@register.inclusion_tag("_components/pagination.html")
def pagination(listing: Listing[Any], *, csv: bool = False) -> dict[str, object]:
    """How many rows there are, the other pages and, with ``csv``, the export of all of them."""
    links = listing.page_links()
    return {"listing": listing, "page": listing.page, "links": links, "csv": csv}


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A form field's input alone, in our look; the label is the template's affair."""
    widget = field.field.widget
    select = isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect)
    css = "form-check-input" if isinstance(widget, forms.CheckboxInput) else "form-control"
    return field.as_widget(attrs={"class": "form-select" if select else css})


# --- Home ----------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def card_of(context: RequestContext, card: ports.Card) -> SafeString:
    """A home card, drawn by its app's template with the card's own context."""
    drawn = context.template.engine.get_template(card.template)  # type: ignore[union-attr]
    with context.push(**card.context):
        return drawn.render(context)


# --- Acts ----------------------------------------------------------------------------------------


@register.inclusion_tag("_components/confirm_button.html", takes_context=True)
def confirm_button(  # noqa: PLR0917 (written as template arguments)
    context: RequestContext,
    url: str,
    label: object,
    question: object = "",
    css: str = "btn-secondary",
    symbol: str = "",
    **fields: object,
) -> dict[str, object]:
    """A form of one button that posts to ``url``, asking ``question`` once before.

    Further keyword arguments become hidden fields.
    """
    return {
        "csrf_token": context.get("csrf_token"),
        "url": url,
        "label": label,
        "question": question,
        "css": css,
        "symbol": symbol,
        "fields": fields,
    }


@register.filter
def markup(text: str, top: int = 2) -> SafeString:
    """What a coordinator wrote, as a page; its highest heading becomes ``<h{top}>``."""
    return render(text, top=top)
