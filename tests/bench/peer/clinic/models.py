"""The tables of a clinic as models: read from the description that ``tests.bench.peers`` wrote."""

import json
import os
from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.expressions import RawSQL

_FIELDS = {
    "Uuid": models.UUIDField,
    "Text": models.TextField,
    "DateTime": models.DateTimeField,
    "LargeBinary": models.BinaryField,
    "Integer": models.IntegerField,
    "JSONB": models.JSONField,
    "Date": models.DateField,
    "SmallInteger": models.SmallIntegerField,
    "Boolean": models.BooleanField,
    "BigInteger": models.BigIntegerField,
}


def _field(column: dict, *, alone: bool) -> models.Field:
    said = {"null": column["null"], "db_column": column["name"]}
    if column["primary"] and alone:
        said = {"primary_key": True, "db_column": column["name"]}
    if column["to"]:
        kind = models.OneToOneField if said.get("primary_key") else models.ForeignKey
        more = {} if said.get("primary_key") else {"db_index": False}
        return kind(_class(column["to"]), models.DO_NOTHING, related_name="+", **said, **more)
    if column["kind"] == "ARRAY":
        return ArrayField(_FIELDS[column["item"]](), **said)
    return _FIELDS[column["kind"]](**said)


def _class(table: str) -> str:
    return "".join(part.title() for part in table.split("_"))


def _indexes(table: dict) -> list:
    made = []
    for index in table["indexes"]:
        fields = [table["fields"][name] for name in index["columns"]]
        if index["gin"]:
            classes = ["gin_trgm_ops"] * len(fields) if index["trigrams"] else []
            made.append(GinIndex(fields=fields, name=index["name"], opclasses=classes))
        elif not index["unique"]:
            made.append(models.Index(fields=fields, name=index["name"]))
    return made


def _constraints(table: dict) -> list:
    unique = [
        models.UniqueConstraint(fields=[table["fields"][name] for name in one["columns"]], name=one["name"])
        for one in table["unique"]
    ]
    checks = [
        models.CheckConstraint(
            condition=RawSQL(one["text"], [], output_field=models.BooleanField()),  # noqa: S611 - our own checks
            name=one["name"],
        )
        for one in table["checks"]
    ]
    return unique + checks


def _model(table: dict) -> type:
    primary = [column["name"] for column in table["columns"] if column["primary"]]
    # Django forbids a field that is called as its own attribute for the key.
    table["fields"] = {
        column["name"]: column["name"].removesuffix("_id") if column["to"] else column["name"]
        for column in table["columns"]
    }
    fields = {
        table["fields"][column["name"]]: _field(column, alone=len(primary) == 1)
        for column in table["columns"]
    }
    if len(primary) > 1:
        fields["pk"] = models.CompositePrimaryKey(*(table["fields"][name] for name in primary))
    meta = {"db_table": table["name"], "indexes": _indexes(table), "constraints": _constraints(table)}
    return type(
        _class(table["name"]),
        (models.Model,),
        {"__module__": __name__, "Meta": type("Meta", (), meta), **fields},
    )


for _one in json.loads(Path(os.environ["SHIPA_BENCH_TABLES"]).read_text(encoding="utf-8")):
    globals()[_class(_one["name"])] = _model(_one)
