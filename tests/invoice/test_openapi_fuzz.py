"""Every operation of the document, called with what the document says: nothing it answers is a surprise."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from mock_invoice import create_app
from mock_invoice.openapi import VERSIONS, book_of
from simulator import openapi
from simulator.config import Config
from tests.invoice.aiming import aim
from tests.invoice.closing import closed
from tests.invoice.conftest import URLS, Invoice
from tests.invoice.lived_in import LivedIn

#: Of each operation; more of them find more, and take longer.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
CHECKED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
load_all_checks()


def _document() -> dict[str, Any]:
    """Made when the tests are gathered: there is one test for each operation."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(name="invoice", data_dir=Path(folder), urls=URLS, background=False))
        return closed(openapi.document(app, book_of(VERSIONS[-1])))


CONFIG = {"phases": {"coverage": {"enabled": False}}, "generation": {"with-security-parameters": False}}
SCHEMA = schemathesis.openapi.from_dict(_document(), config=SchemathesisConfig.from_dict(CONFIG))


@pytest.fixture(scope="session")
def full_world(new_world: Callable[..., Invoice]) -> LivedIn:
    return LivedIn(new_world("demo"))


@pytest.fixture
def lived_in(full_world: LivedIn) -> Iterator[LivedIn]:
    """The same world for each operation, whichever worker has it and whatever came before."""
    yield full_world
    full_world.reset()


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_an_operation_answers_as_its_document_says(case: schemathesis.Case, lived_in: LivedIn) -> None:
    aim(case, lived_in)

    headers = {"Authorization": f"Zoho-oauthtoken {lived_in.invoice.token}"}
    response = case.call(app=lived_in.invoice.app, headers=headers)

    case.validate_response(response, checks=[CHECKS.get_one(name) for name in CHECKED])
