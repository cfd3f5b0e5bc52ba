"""``shipa forms``: what it prints, and every way in which it can be called wrongly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing
from pathlib import Path

import pytest

from tests.support.filled import AGED_58, DIABETES, HYPERTENSION, before

if typing.TYPE_CHECKING:
    from click.testing import Result
    from flask import Flask

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(house: Flask, tmp_path: Path) -> typing.Callable[..., Result]:
    """Call the command; values of options that are no text are written to files first."""

    def call(*words: str, **files: object) -> Result:
        arguments = list(words)
        for name, content in files.items():
            path = tmp_path / f"{name}.json"
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(json.dumps(content), encoding="utf-8")
            arguments += [f"--{name}", str(path)]
        return house.test_cli_runner().invoke(args=["forms", *arguments])

    return call


Run = typing.Callable[..., "Result"]


def printed(result: Result) -> dict[str, typing.Any]:
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert isinstance(document, dict)
    return document


def test_the_list_names_every_form(run: Run) -> None:
    result = run("list")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) == 17
    assert any(
        line.startswith("ht_followup\t2017\tHypertension follow-up\t高血压患者随访服务记录表")
        for line in lines
    )


def test_show_prints_the_declaration(run: Run) -> None:
    document = printed(run("show", "ht_followup", "--format", "json"))
    fields = {field["name"]: field for field in document["fields"]}
    pressure = fields["systolic_bp"]
    assert pressure["label"]["zh"] == "收缩压"
    assert pressure["kind"] == "whole"
    assert pressure["unit"] == "mmHg"
    assert pressure["limits"]["impossible_above"] == 300
    assert pressure["required"] == "C"
    assert {"system": "LOINC", "code": "8480-6", "certainty": "sure"} in pressure["codes"]
    assert fields["symptoms"]["choices"][0]["excludes_others"] is True
    assert fields["symptoms"]["choices"][1]["label"]["zh"] == "头痛头晕"
    assert fields["referral_reason"]["shown_when"] == {"field": "referral_advised", "in": ["2"]}
    assert fields["medications"]["fields"][0]["name"] == "drug_name"


def test_show_prints_a_questionnaire_and_columns(run: Run) -> None:
    assert printed(run("show", "dm_followup", "--format", "fhir"))["resourceType"] == "Questionnaire"
    assert run("show", "referral", "--format", "csv").stdout.startswith("referred_on,to_institution,")


def test_evaluate_prints_all_four_parts(run: Run) -> None:
    document = printed(
        run("evaluate", "ht_followup", "--on", "2026-03-05", "--lang", "en",
            answers=HYPERTENSION | {"systolic_bp": "146", "diastolic_bp": 92}, resident=AGED_58,
            earlier=[before("ht_followup", "2026-02-20", systolic_bp=150)])
    )  # fmt: skip
    assert set(document) == {"errors", "findings", "computed", "next_due_on"}
    assert document["errors"] == []
    assert document["next_due_on"] == "2026-03-19"
    assert document["computed"]["followup_class"] == "2"
    assert document["computed"]["referral_advised"] == "2"
    (finding,) = document["findings"]
    assert set(finding) == {"code", "kind", "fields", "message", "source"}
    assert finding["kind"] == "advising"
    assert "§7.3" in finding["source"]


@pytest.mark.parametrize(
    ("lang", "word"), [("en", "cannot be saved"), ("zh", "不可保存"), ("ug", "ساقلىغىلى")]
)
def test_messages_are_in_the_language_that_is_asked(run: Run, lang: str, word: str) -> None:
    document = printed(run("evaluate", "ht_followup", "--lang", lang, answers={"systolic_bp": 301}))
    (error,) = [each for each in document["errors"] if each["field"] == "systolic_bp"]
    assert word in error["message"]
    assert "301" in error["message"]


def test_chinese_is_the_language_when_none_is_asked(run: Run) -> None:
    document = printed(run("evaluate", "ht_followup", answers={"no_such": 1}))
    assert document["errors"][-1] == {"field": "no_such", "message": "本表没有此字段：no_such"}


BROKEN: list[object] = [
    [],
    None,
    "text",
    7,
    {},
    {"systolic_bp": "一百"},
    {"systolic_bp": 139.5},
    {"systolic_bp": [128]},
    {"systolic_bp": {"value": 128}},
    {"systolic_bp": True},
    {"systolic_bp": 1e308},
    {"systolic_bp": float("nan")},
    {"systolic_bp": float("-inf")},
    {"systolic_bp": "９９９"},
    {"systolic_bp": int("9" * 400)},
    {"symptoms": "1"},
    {"symptoms": ["1", "2"]},
    {"symptoms": [None]},
    {"medications": {"drug_name": "x"}},
    {"medications": [[]]},
    {"missing_reason": {"systolic_bp": ["refused"]}},
    {"\ud800": "\udfff"},
    {"tests": "\ud800"},
    {"next_due_date": "0000-00-00"},
    {"service_date": "9999-12-31"},
]


@pytest.mark.parametrize("answers", BROKEN, ids=lambda answers: ascii(answers)[:40])
@pytest.mark.parametrize("code", ["ht_followup", "dm_followup"])
def test_whatever_the_file_holds_json_is_printed(run: Run, code: str, answers: object) -> None:
    document = printed(run("evaluate", code, answers=answers, resident=answers, earlier=answers))
    assert all(error["message"] and isinstance(error["field"], str) for error in document["errors"])
    assert document["errors"]


@pytest.mark.parametrize(
    "text", [b'{"systolic_bp": 1e999999999999}', b'{"systolic_bp": 9' + b"9" * 6000 + b"}"]
)
def test_numbers_that_nothing_can_hold_are_refused(run: Run, text: bytes) -> None:
    document = printed(run("evaluate", "ht_followup", answers=text))
    assert "systolic_bp" in {error["field"] for error in document["errors"]}


def test_what_is_wrong_with_person_and_earlier_records_is_told_by_its_place(run: Run) -> None:
    document = printed(
        run("evaluate", "ht_followup", "--on", "2026-03-05", "--lang", "en", answers=HYPERTENSION,
            resident={"birth_date": "2030-01-01", "sex_code": 1, "height": 900, "last_weighed_on": "x"},
            earlier=[1, {"service_date": "x", "answers": {}}, {"service_date": "2026-01-01", "answers": 3}])
    )  # fmt: skip
    assert [error["field"] for error in document["errors"]] == [
        "resident.birth_date", "resident.sex_code", "resident.height", "resident.last_weighed_on",
        "earlier[0]", "earlier[1].service_date", "earlier[2].answers",
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"{'a': 1}"])
def test_a_file_that_is_no_json_ends_with_2(run: Run, content: bytes) -> None:
    result = run("evaluate", "ht_followup", answers=content)
    assert result.exit_code == 2
    assert "cannot read" in result.stderr
    assert result.stdout == ""


def test_a_missing_file_a_folder_and_an_unknown_form_end_with_2(run: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "absent.json", tmp_path):
        assert run("evaluate", "ht_followup", "--answers", str(path)).exit_code == 2
    assert run("evaluate", "no_such", answers={}).exit_code == 2
    assert run("show", "no_such").exit_code == 2
    assert run("evaluate", "ht_followup").exit_code == 2
    assert run("evaluate", "ht_followup", "--on", "tomorrow", answers={}).exit_code == 2
    assert run("evaluate", "ht_followup", "--lang", "fr", answers={}).exit_code == 2


def test_a_byte_order_mark_is_no_fault(run: Run) -> None:
    text = b"\xef\xbb\xbf" + json.dumps(DIABETES).encode()
    assert printed(run("evaluate", "dm_followup", "--on", "2026-03-05", answers=text))["errors"] == []


@pytest.mark.timeout(90)  # starts a Python of its own, which takes long on a busy machine
def test_it_needs_no_setting_no_database_and_no_utf8_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(DIABETES))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SHIPA")}
    command = [sys.executable, "-c", "from saas.app import main; main()", "forms", "evaluate", "dm_followup"]
    done = subprocess.run(
        [*command, "--answers", str(tmp_path / "a.json"), "--on", "2026-03-05"],
        env=clean | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        check=True,
        timeout=80,
    )
    assert json.loads(done.stdout)["computed"]["followup_class"] == "1"


def test_what_is_not_sure_stands_on_the_page_for_a_reviewer(run: Run) -> None:
    page = ROOT / "saas" / "public_health" / "REVIEW.md"
    assert run("review").stdout == page.read_text(encoding="utf-8")
    assert "scales of cognition and mood (§1.3.1) | unsure" in page.read_text(encoding="utf-8")
