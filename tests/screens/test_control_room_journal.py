"""Control room: the journal lists every call, draws what an act has caused, and sends a call again (X6)."""

import re
from urllib.parse import quote

import pytest

from tests.support.hub_in_process import HubInProcess
from tests.support.visitor import Visitor
from tests.support.world import World

pytestmark = pytest.mark.requirement("X6")


def page_of(world: World, asha: Visitor, **wanted: str) -> str:
    """The page of the act that caused the newest call that fits."""
    entry = HubInProcess(world).journal(world.id, wanted)[0]
    return f"/control-room/journal/traces/{entry['trace'].split('-')[1]}"


def call(world: World, asha: Visitor, **wanted: str) -> dict[str, str]:
    """The form that sends the newest call that fits again."""
    entry = HubInProcess(world).journal(world.id, wanted)[0]
    return {"service": entry["service"], "at": entry["at"]}


def test_calls_of_all_parts_are_one_list_with_who_called_whom(world: World, asha: Visitor):
    world.connect(contacts={"module": "accounts"})
    world.add_account("Acme")
    world.sync()

    page = asha.get("/control-room/journal?service=invoice&method=POST&path=/contacts").text

    rows = page[page.index("<tbody>") :]
    assert rows.count("<tr>") == 1
    assert "POST /invoice/v3/contacts" in rows
    assert re.search(r">Integration</td>\s*<td[^>]*>Zoho Invoice<", rows)


def test_all_calls_of_a_sync_are_one_act_drawn_in_their_order(world: World, asha: Visitor):
    world.connect(contacts={"module": "accounts"})
    world.add_account("Acme")
    run = world.sync()["run"]

    page = asha.get(f"/control-room/journal/traces/{run['trace']}").text

    drawn = page[page.index("<svg height") : page.index("</figure>")]
    lanes = re.findall(r'<text class="strong"[^>]*>([^<]+)<', drawn)
    assert lanes == ["Integration", "Zoho CRM", "Zoho Invoice"]
    assert drawn.index("GET /crm/") < drawn.index("POST /invoice/v3/contacts")
    assert page.count("<summary>") == drawn.count('<g class="call')
    assert f'href="/control-room/journal/traces/{run["trace"]}"' in asha.get(f"/integration/runs/{run['id']}").text


def test_secrets_are_masked_in_a_call_and_in_its_curl(world: World, asha: Visitor):
    world.connect(contacts={"module": "accounts"})

    page = asha.get(page_of(world, asha, path="/oauth/v2/zsc")).text

    assert "***" in page
    assert "curl -s -X POST" in page
    assert "Authorization: Zoho-oauthtoken $TOKEN" in page
    assert world.keys["client_secret"] not in page


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "'; rm -rf / #", '"><img src=x>'])
def test_what_strangers_send_is_text_on_the_page_and_one_word_of_the_command(world: World, asha: Visitor, hostile: str):
    world.outbound.call(
        "GET",
        f"http://crm.test/crm/v8/{quote(hostile, safe='')}",
        headers={"Authorization": f"Zoho-oauthtoken {world.sign_in('crm')}"},
        attempts=1,
    )

    page = asha.get(page_of(world, asha, text="")).text

    assert "<script>alert" not in page
    assert "<img" not in page


def test_a_call_is_sent_again_by_whoever_is_signed_in(world: World, asha: Visitor):
    world.add_account("Acme")
    form = call(world, asha, method="POST", path="/Accounts")

    page = asha.follow(f"{page_of(world, asha, method='POST', path='/Accounts')}/replay", **form).text

    assert "Sent again; the answer is 201." in page
    assert "Screens → Zoho CRM" in page
    found = world.crm.call("GET", "/crm/v8/Accounts", params={"fields": "Account_Name"}).json()["data"]
    assert [row["Account_Name"] for row in found] == ["Acme", "Acme"]


def test_a_call_that_carried_a_secret_is_not_sent_again(world: World, asha: Visitor):
    world.connect(contacts={"module": "accounts"})
    form = call(world, asha, path="/oauth/v2/zsc")

    page = asha.follow(f"{page_of(world, asha, path='/oauth/v2/zsc')}/replay", **form).text

    assert "This call carried a secret" in page


def test_a_call_that_is_gone_from_the_journal_is_told(world: World, asha: Visitor):
    answer = asha.post(f"/control-room/journal/traces/{'a' * 32}/replay", service="crm", at="never")

    assert answer.status_code == 404


def test_the_journal_is_a_file_for_other_programs(world: World, asha: Visitor):
    world.add_account("Acme")

    rows = asha.get("/control-room/journal.json?method=POST&path=/Accounts").get_json()
    text = asha.get("/control-room/journal.csv?method=POST&path=/Accounts").text

    assert [(row["service"], row["status"]) for row in rows] == [("crm", 201)]
    assert text.startswith("at,service,caller,method")


def test_older_calls_stand_on_further_pages(world: World, asha: Visitor):
    for number in range(60):
        world.add_account(f"Account {number}")

    first = asha.get("/control-room/journal?method=POST&path=/Accounts").text
    second = asha.get("/control-room/journal?method=POST&path=/Accounts&page=2").text

    assert (first.count('class="opens"'), second.count('class="opens"')) == (50, 10)
