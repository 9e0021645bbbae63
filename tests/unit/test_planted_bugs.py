"""The bugs planted to test the tests must fit the engine as it is; that each is caught takes the script itself."""

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def planted_bugs() -> ModuleType:
    loader = SourceFileLoader("planted_bugs", str(ROOT / "scripts" / "planted_bugs"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module


def test_each_bug_has_its_place_in_the_engine_exactly_once(planted_bugs: ModuleType):
    lost = [
        bug.what
        for bug in planted_bugs.BUGS
        if (ROOT / "connector" / bug.file).read_text(encoding="utf-8").count(bug.old) != 1 or bug.old == bug.new
    ]

    assert (len(planted_bugs.BUGS) >= 12, lost) == (True, [])
