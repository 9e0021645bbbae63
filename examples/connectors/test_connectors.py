"""The small connector lives through every story; each wrong one fails in one of them, and the assertion says how."""

from collections.abc import Callable

import pytest
import stories
import wrong
from small import SmallConnector

from simulator.testing import Connector, Zoho

CAUGHT = [
    (wrong.NoEchoGuard, stories.changed_in_the_crm, "A change comes back as an echo"),
    (wrong.NoPaging, stories.more_than_a_page, "has no partner in Invoice"),
    (wrong.ForgetsDeletes, stories.deleted_in_the_crm, "was deleted there, and its partner in Invoice goes on"),
    (wrong.RetriesBlindly, stories.answers_of_the_crm_are_lost, "has no partner in Invoice"),
    (wrong.MatchesByNameOnly, stories.renamed_in_the_crm, "was changed to 'Acme Limited' in the CRM"),
]


@pytest.fixture
def zoho_connector(request: pytest.FixtureRequest) -> Callable[[Zoho], Connector]:
    """The connector under test: each test names it."""
    connector: Callable[[Zoho], Connector] = request.param
    return connector


@pytest.mark.parametrize("zoho_connector", [SmallConnector], indirect=True)
@pytest.mark.parametrize("story", stories.STORIES)
def test_a_right_connector_lives_through(zoho, story):
    story(zoho)


@pytest.mark.parametrize(("zoho_connector", "story", "told"), CAUGHT, indirect=["zoho_connector"])
def test_a_wrong_connector_is_caught(zoho, story, told):
    with pytest.raises(AssertionError, match=told):
        story(zoho)
