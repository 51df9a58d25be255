"""The agreement of a mentorship: proposed by one, valid when all have signed.

A change is a new version; the former one holds until everybody has signed the new one.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import audit, clock, outbox
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from sessions import agreements, private
from sessions.agreement_terms import Terms, of
from sessions.circle import Circle, circle
from sessions.models import Agreement, AgreementSignature

CHANGED = _("There is a newer version by now. Please read that one.")


def about(mentorship: Mentorship) -> str:
    """The name under which mails about a mentorship's agreement are found again."""
    return f"agreement:{mentorship.pk}"


def read(agreement: Agreement) -> Terms:
    """A version with its words; the caller has checked ``READ_AGREEMENT``."""
    return of(agreement, private.texts([agreement]).get(agreement.pk, ""))


@transaction.atomic
def propose(*, mentorship: Mentorship, terms: Terms, by: User) -> Agreement:
    """Propose a version; who proposes has signed. It takes the place of an open proposal."""
    members = _members(mentorship, by)
    terms = terms.checked()
    before = agreements.standing(members)
    if before.current is not None and read(before.current) == terms:
        raise DomainError(_("That is what stands there already. Change something, or sign it."))
    last = mentorship.agreements.order_by("-number").first()
    if before.pending is not None:
        _close(mentorship, keep=before.in_force)
    row = Agreement.objects.create(
        mentorship=mentorship,
        number=last.number + 1 if last else 1,
        proposed_by=by,
        **terms.facts,
    )
    private.put(row, terms.words)
    audit.record(
        by=by, action="agreement.proposed", subject=row, cohort=mentorship.cohort, number=row.number
    )
    outbox.cancel(about=about(mentorship), why="a newer version")
    _tell("agreement_proposed", row, [member.person for member in members.others(by)])
    _sign(row, members, by)
    return row


@transaction.atomic
def sign(*, agreement: Agreement, by: User) -> Agreement:
    """Sign; twice is the same as once. With the last signature it comes into force."""
    members = _members(agreement.mentorship, by)
    row = Agreement.objects.get(pk=agreement.pk)
    if row.closed_at is not None:
        raise DomainError(CHANGED)
    if not row.signatures.filter(person=by).exists():
        _sign(row, members, by)
    return row


@transaction.atomic
def withdraw(*, agreement: Agreement, by: User) -> Agreement:
    """Take back a proposal of one's own that is not in force."""
    members = _members(agreement.mentorship, by)
    pending = agreements.standing(members).pending
    if pending is None or pending.pk != agreement.pk:
        raise DomainError(CHANGED)
    if pending.proposed_by_id != by.pk:
        raise DomainError(_("Only who proposed it can take it back. You can propose another one."))
    if pending.signatures.exclude(person=by).exists():
        raise DomainError(_("Others have signed it already. You can propose another version."))
    pending.closed_at = clock.now()
    pending.save(update_fields=["closed_at"])
    outbox.cancel(about=about(agreement.mentorship), why="withdrawn")
    audit.record(
        by=by,
        action="agreement.withdrawn",
        subject=pending,
        cohort=agreement.mentorship.cohort,
        number=pending.number,
    )
    return pending


def _members(mentorship: Mentorship, by: User) -> Circle:
    """The present members; two who propose or sign at once take turns."""
    held = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    if not held.is_live:
        raise DomainError(_("This mentorship has ended."))
    members = circle(mentorship)
    members.need(by)
    return members


def _sign(row: Agreement, members: Circle, by: User) -> None:
    AgreementSignature.objects.create(agreement=row, person=by)
    audit.record(
        by=by,
        action="agreement.signed",
        subject=row,
        cohort=members.mentorship.cohort,
        number=row.number,
    )
    now = agreements.standing(members)
    if now.in_force is None or now.in_force.pk != row.pk:
        return
    _close(members.mentorship, keep=row)
    outbox.cancel(about=about(members.mentorship), why="signed by all")
    signed = row.signatures.count()
    everyone = [member.person for member in members.members]
    _tell("agreement_signed", row, everyone if len(everyone) > 1 else [], turn=signed)


def _close(mentorship: Mentorship, *, keep: Agreement | None) -> None:
    """Versions that are replaced or overtaken; they stay readable."""
    rows = mentorship.agreements.filter(closed_at=None)
    if keep is not None:
        rows = rows.exclude(pk=keep.pk)
    rows.update(closed_at=clock.now())


def _tell(kind: str, row: Agreement, people: list[User], *, turn: int = 0) -> None:
    outbox.put(
        outbox.Draft(
            kind=kind,
            recipient=person,
            dedupe_key=f"{kind}:{row.pk}:{turn}:{person.pk}",
            context={"agreement": row.pk},
            about=about(row.mentorship),
        )
        for person in people
    )
