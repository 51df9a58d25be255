"""The one gate."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.permissions import TABLE
from tests.factories import UserFactory


@pytest.fixture
def site_admins_only(monkeypatch):
    monkeypatch.setitem(access._rules, Permission.ADMINISTER, lambda user, obj: user.is_superuser)


def test_every_permission_has_a_row_in_the_table():
    assert set(TABLE) == set(Permission)


def test_every_permission_has_one_rule():
    assert set(access._rules) == set(Permission)


@pytest.mark.django_db
def test_a_missing_right_is_a_404(site_admins_only):
    with pytest.raises(Http404):
        access.require(UserFactory(), Permission.ADMINISTER)


@pytest.mark.django_db
def test_an_inactive_person_has_no_right(site_admins_only):
    assert not access.can(UserFactory(is_superuser=True, is_active=False), Permission.ADMINISTER)


def test_nobody_has_no_right(site_admins_only):
    assert not access.can(AnonymousUser(), Permission.ADMINISTER)


@pytest.mark.django_db
def test_a_view_that_does_not_check_its_policy_never_answers():
    @access.policy(Permission.ADMINISTER)
    def forgetful(request):
        return HttpResponse("secret")

    with pytest.raises(access.UncheckedPolicyError):
        forgetful(RequestFactory().get("/"))


@pytest.mark.django_db
def test_a_view_that_checks_its_policy_answers(site_admins_only):
    @access.policy(Permission.ADMINISTER)
    def careful(request):
        access.require(request.user, Permission.ADMINISTER)
        return HttpResponse("fine")

    request = RequestFactory().get("/")
    request.user = UserFactory(is_superuser=True)
    assert careful(request).content == b"fine"


def test_a_permission_has_only_one_rule():
    with pytest.raises(RuntimeError, match="has a rule already"):

        @access.rule(Permission.VIEW_COHORT)
        def another(user, obj):
            return True


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "times"), [("get", 1), ("post", 2)])
def test_a_fact_is_looked_up_once_while_a_page_is_read(method, times):
    asked = []

    @access.policy(access.SIGNED_IN)
    def page(request):
        for _ in range(2):
            access.remember("fact", lambda: asked.append(1))
        return HttpResponse("fine")

    page(getattr(RequestFactory(), method)("/"))
    assert len(asked) == times
