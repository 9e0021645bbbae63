"""What is asked of the tests of a requirement; that all of them have it takes the script itself."""

import re
from collections import Counter
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def coverage() -> ModuleType:
    loader = SourceFileLoader("coverage_of_requirements", str(ROOT / "scripts" / "coverage_of_requirements"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "levels", "lacking"),
    [
        ("K1", {"api": 1, "browser": 1}, []),
        ("K1", {"connector": 1, "browser": 1}, []),
        ("K1", {"connector": 1, "web": 1}, ["browser"]),
        ("K1", {"browser": 1}, ["api or connector"]),
        ("K1", {}, ["api or connector", "browser"]),
        ("X1", {"testing": 1}, []),
        ("X1", {}, ["any"]),
    ],
    ids=[
        "of a product",
        "of the connector",
        "not in a browser",
        "only in a browser",
        "none",
        "of the simulator",
        "nowhere",
    ],
)
def test_a_requirement_of_the_integration_needs_a_test_where_it_lives_and_one_in_a_browser(
    coverage: ModuleType, name: str, levels: dict[str, int], lacking: list[str]
) -> None:
    assert coverage.lacks(name, Counter(levels)) == lacking


def test_each_requirement_of_the_integration_is_named_by_a_browser_story(coverage: ModuleType) -> None:
    stories = [path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "browser").glob("test_*.py")]
    named = {
        name
        for story in stories
        for marks in re.findall(r"mark\.requirement\(([^)]*)", story)
        for name in re.findall(r'"(\w+)"', marks)
    }

    assert [name for name in coverage.required() if name[0] in coverage.MUST and name not in named] == []
