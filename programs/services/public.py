"""The page of a cohort that everyone can read, while the coordinators publish it."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort, PublicLink, PublicPage

MOST_LINKS = 12


def page_of(cohort: Cohort) -> PublicPage:
    """What the coordinators have written; empty where they have not yet."""
    return PublicPage.objects.filter(cohort=cohort).first() or PublicPage(cohort=cohort)


def is_published(cohort: Cohort) -> bool:
    return PublicPage.objects.filter(cohort=cohort).exclude(published_at=None).exists()


@transaction.atomic
def write(*, cohort: Cohort, welcome: str, contact: str, by: User | None) -> PublicPage:
    """Change the coordinators' own words."""
    values = {"welcome": welcome.strip(), "contact": contact.strip()}
    page, _new = PublicPage.objects.update_or_create(cohort=cohort, defaults=values)
    audit.record(by=by, action="page.written", subject=page, cohort=cohort)
    return page


@transaction.atomic
def publish(*, cohort: Cohort, public: bool, by: User | None) -> PublicPage:
    """Show the page to everyone, or to nobody but the coordinators."""
    page, _new = PublicPage.objects.get_or_create(cohort=cohort)
    if (page.published_at is not None) == public:
        return page
    page.published_at = clock.now() if public else None
    page.save(update_fields=["published_at"])
    action = "page.published" if public else "page.hidden"
    audit.record(by=by, action=action, subject=page, cohort=cohort)
    return page


@transaction.atomic
def add_link(*, cohort: Cohort, kind: str, title: str, url: str, by: User | None) -> PublicLink:
    """Lead to a video, a leaflet or a page elsewhere."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if PublicLink.objects.filter(cohort=cohort).count() >= MOST_LINKS:
        raise DomainError(
            _("At most %(most)d links: nobody reads more.") % {"most": MOST_LINKS}, field="url"
        )
    if urlsplit(url).scheme not in {"http", "https"}:
        raise DomainError(_("Give an address that begins with https://."), field="url")
    link = PublicLink.objects.create(cohort=cohort, kind=kind, title=title.strip(), url=url)
    audit.record(by=by, action="page.link_added", subject=link, cohort=cohort)
    return link


@transaction.atomic
def remove_link(*, link: PublicLink, by: User | None) -> None:
    """Take a link off the page."""
    audit.record(by=by, action="page.link_removed", subject=link, cohort=link.cohort)
    link.delete()
