"""The one gate: who may do and see what.

Views name their policy with ``@policy`` and check it with ``require`` or ``get_or_404``; commands
and exports call the same. A missing right is a 404: existence does not leak.
"""

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from mentoring.accounts.models import User
from mentoring.accounts.permissions import Permission

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "NotAllowedError",
    "Permission",
    "can",
    "get_or_404",
    "policy",
    "remember",
    "require",
    "rule",
]

PUBLIC: Final = "public"
SIGNED_IN: Final = "signed in"

M = TypeVar("M", bound=Model)
F = TypeVar("F")
Person = User | AnonymousUser
Predicate = Callable[[User, Any], bool]

_rules: dict[Permission, Predicate] = {}
_checked: ContextVar[set[Permission] | None] = ContextVar("checked", default=None)
_facts: ContextVar[dict[Hashable, Any] | None] = ContextVar("facts", default=None)


class NotAllowedError(Http404):
    """The person may not, or the thing does not exist: the answer is the same."""


class UncheckedPolicyError(RuntimeError):
    """A view answered without checking the permission it declares: a mistake in our code."""


def rule(permission: Permission) -> Callable[[Predicate], Predicate]:
    """Register the predicate that decides on ``permission``; there is exactly one."""

    def register(predicate: Predicate) -> Predicate:
        known = _rules.get(permission)
        if known is not None and known.__qualname__ != predicate.__qualname__:
            raise RuntimeError(f"{permission} has a rule already: {known.__qualname__}")
        _rules[permission] = predicate
        return predicate

    return register


def can(user: Person, permission: Permission, obj: object = None) -> bool:
    """Whether ``user`` has ``permission`` on ``obj``. Nobody who is not an active user has any."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return _rules[permission](user, obj)


def require(user: Person, permission: Permission, obj: object = None) -> None:
    """Raise ``NotAllowedError`` (a 404) unless ``user`` has ``permission`` on ``obj``."""
    checked = _checked.get()
    if checked is not None:
        checked.add(permission)
    if not can(user, permission, obj):
        raise NotAllowedError


def get_or_404(user: Person, permission: Permission, rows: QuerySet[M], **lookup: Any) -> M:
    """Fetch one row and require the right on it, in one step."""
    obj = rows.filter(**lookup).first()
    if obj is None:
        checked = _checked.get()
        if checked is not None:
            checked.add(permission)
        raise NotAllowedError
    require(user, permission, obj)
    return obj


def remember(key: Hashable, look_up: Callable[[], F]) -> F:
    """A fact that rules ask for again and again: looked up once while a page is being read.

    Outside such a request, and in one that may change facts, it is looked up each time.
    """
    facts = _facts.get()
    if facts is None:
        return look_up()
    if key not in facts:
        facts[key] = look_up()
    return cast("F", facts[key])


V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def policy(name: Permission | str) -> Callable[[V], V]:
    """Declare who may open a view: a permission, ``SIGNED_IN`` or ``PUBLIC``.

    Fails closed: a view that answers without having checked its permission raises.
    """

    def decorate(view: V) -> V:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            token = _checked.set(set())
            facts = _facts.set({} if request.method in {"GET", "HEAD"} else None)
            try:
                response = view(request, *args, **kwargs)
                if not isinstance(name, Permission):
                    return response
                # A wrong method is refused before anything is looked up, and tells nothing.
                wrong_method = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
                if not wrong_method and name not in (_checked.get() or set()):
                    raise UncheckedPolicyError(f"{view.__qualname__} did not check {name}")
                return response
            finally:
                _facts.reset(facts)
                _checked.reset(token)

        guarded.policy = name  # type: ignore[attr-defined]
        return cast("V", login_not_required(guarded) if name == PUBLIC else guarded)

    return decorate
