"""Database constraints that Django does not bring, alike on PostgreSQL and SQLite."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _


def in_choices(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The database refuses a value that is not among the choices."""
    return models.CheckConstraint(condition=models.Q((f"{field}__in", choices.values)), name=name)


class NoOverlap(BaseConstraint):
    """Periods ``[start, end)`` of one owner never overlap among rows where ``flag`` is true.

    PostgreSQL: an exclusion constraint on ranges (no extension needed). SQLite: two triggers,
    created anew whenever Django rebuilds the table, which would drop them silently. A breach is
    an ``IntegrityError`` that carries the constraint's name on both.
    """

    default_violation_error_message = _("This time is taken.")

    def __init__(self, *, owner: str, start: str, end: str, flag: str, name: str) -> None:
        super().__init__(name=name)
        self.owner, self.start, self.end, self.flag = owner, start, end, flag

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"owner": self.owner, "start": self.start, "end": self.end, "flag": self.flag}
        return path, tuple(args), kwargs

    def __eq__(self, other: object) -> bool:
        if isinstance(other, NoOverlap):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.owner, self.start, self.end, self.flag))

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None and schema_editor is not None  # noqa: PT018, S101
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion(model, schema_editor)
        for event in ("INSERT", "UPDATE"):
            schema_editor.deferred_sql.append(self._trigger(event, model, schema_editor))
        return ""

    def create_sql(  # type: ignore[override]
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement:
        # SQLite never comes here: it rebuilds the table, and with it `constraint_sql`.
        assert model is not None and schema_editor is not None  # noqa: PT018, S101
        return Statement(
            "ALTER TABLE %(table)s ADD " + self._exclusion(model, schema_editor),
            table=Table(model._meta.db_table, schema_editor.quote_name),  # noqa: SLF001
        )

    def remove_sql(  # type: ignore[override]
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement:
        assert model is not None and schema_editor is not None  # noqa: PT018, S101
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT " + schema_editor.quote_name(self.name),
            table=Table(model._meta.db_table, schema_editor.quote_name),  # noqa: SLF001
        )

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        if exclude and {self.owner, self.start, self.end, self.flag} & set(exclude):
            return
        if not getattr(instance, self.flag):
            return
        clash = model._default_manager.using(using).filter(  # noqa: SLF001
            **{
                self.owner: getattr(instance, self.owner),
                self.flag: True,
                f"{self.start}__lt": getattr(instance, self.end),
                f"{self.end}__gt": getattr(instance, self.start),
            }
        )
        if clash.exclude(pk=instance.pk).exists():
            raise ValidationError(self.get_violation_error_message(), code="overlap")

    def _columns(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> dict[str, str]:
        return {
            part: str(schema_editor.quote_name(_column(model, getattr(self, part))))
            for part in ("owner", "start", "end", "flag")
        }

    def _exclusion(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        c = self._columns(model, schema_editor)
        return (
            f"CONSTRAINT {schema_editor.quote_name(self.name)} EXCLUDE USING gist ("
            f"int8range({c['owner']}, {c['owner']}, '[]') WITH &&, "
            f"tstzrange({c['start']}, {c['end']}) WITH &&) WHERE ({c['flag']})"
        )

    def _trigger(
        self, event: str, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement:
        c = self._columns(model, schema_editor)
        table = model._meta.db_table  # noqa: SLF001
        pk = schema_editor.quote_name(_column(model, model._meta.pk.name))  # noqa: SLF001
        body = (
            f"WHEN NEW.{c['flag']} AND EXISTS (SELECT 1 FROM %(table)s AS held "
            f"WHERE held.{c['owner']} = NEW.{c['owner']} AND held.{c['flag']} "
            f"AND held.{c['start']} < NEW.{c['end']} AND held.{c['end']} > NEW.{c['start']} "
            f"AND held.{pk} IS NOT NEW.{pk}) "
            f"BEGIN SELECT RAISE(ABORT, 'constraint failed: {self.name}'); END"
        )
        return Statement(
            f"CREATE TRIGGER %(trigger)s BEFORE {event} ON %(table)s FOR EACH ROW {body}",
            table=Table(table, schema_editor.quote_name),
            trigger=schema_editor.quote_name(f"{self.name}_{event.lower()}"),
            # Never rendered: it lets Django drop the trigger's SQL when a column goes.
            columns=Columns(table, [], schema_editor.quote_name),
        )


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)  # noqa: SLF001
    return str(getattr(field, "column"))  # noqa: B009 (relations have none; ours are columns)


def violates(error: Exception, name: str) -> bool:
    """Whether a database error is the breach of the constraint of that name."""
    return name in str(error)
