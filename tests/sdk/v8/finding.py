"""Search, count and COQL."""

from stepping import World, is_a, same, step
from zohocrmsdk.src.com.zoho.crm.api import coql
from zohocrmsdk.src.com.zoho.crm.api.record import (
    CountWrapper,
    Record,
    RecordCountParam,
    RecordOperations,
    ResponseWrapper,
    SearchRecordsParam,
)

from v8.sdk import answer, nothing, params, text


def _search(module: str, **asked: object) -> list[Record]:
    response = RecordOperations(module).search_records(params(SearchRecordsParam, **asked))
    return [is_a(found, Record) for found in answer(response, ResponseWrapper).get_data()]


def _count(module: str, **asked: object) -> int:
    wrapper = answer(RecordOperations(module).record_count(params(RecordCountParam, **asked)), CountWrapper)
    return is_a(wrapper.get_count(), int)


def _query(query: str) -> coql.ResponseWrapper:
    body = coql.BodyWrapper()
    body.set_select_query(query)
    return answer(coql.CoqlOperations().get_records(body), coql.ResponseWrapper)


@step
def records_are_found_by_criteria(world: World) -> None:
    criteria = "((Deal_Name:starts_with:Switch) and (Amount:greater_than:5))"
    (found,) = _search("Deals", criteria=criteria)

    same((found.get_id(), found.get_key_value("Stage").get_value()), (world["switchboard"], "Proposal/Price Quote"))


@step
def records_are_found_by_a_lookup(world: World) -> None:
    found = _search("Contacts", criteria=f"(Account_Name:equals:{world['bell']})", fields="Last_Name,Email")

    same({one.get_key_value("Last_Name") for one in found}, {"Bell", "Vance"})


@step
def records_are_found_by_email(world: World) -> None:
    (found,) = _search("Contacts", email="ida@bell.example")

    same(found.get_id(), world["ida"])


@step
def records_are_found_by_phone(world: World) -> None:
    (found,) = _search("Contacts", phone="555-0112")

    same(found.get_id(), world["otto"])


@step
def records_are_found_by_a_word(world: World) -> None:
    (found,) = _search("Leads", word="Quill")

    same(found.get_id(), world["petra"])


@step
def a_search_without_a_hit_has_no_content(world: World) -> None:
    nothing(RecordOperations("Leads").search_records(params(SearchRecordsParam, word="nowhere")))


@step
def records_are_counted(world: World) -> None:
    same(_count("Accounts"), 6)


@step
def records_are_counted_by_criteria_and_view(world: World) -> None:
    same(_count("Accounts", criteria="(Account_Name:starts_with:Page)"), 5)
    same(_count("Accounts", cvid=str(world["all_accounts"])), 6)


@step
def coql_selects_records(world: World) -> None:
    found = _query("select Deal_Name, Amount, Stage from Deals where Amount > 500 order by Amount desc limit 10")

    (deal,) = found.get_data()
    same((is_a(deal, Record).get_id(), deal.get_key_value("Amount")), (world["switchboard"], 1100.75))
    same((found.get_info().get_count(), found.get_info().get_more_records()), (1, False))


@step
def coql_follows_a_lookup(world: World) -> None:
    query = "select Last_Name, Account_Name.Account_Name from Contacts where Account_Name.Account_Name = 'Bell & Sons'"
    found = _query(f"{query} order by Last_Name").get_data()

    same([one.get_key_value("Last_Name") for one in found], ["Bell", "Vance"])
    same({one.get_key_value("Account_Name.Account_Name") for one in found}, {"Bell & Sons"})


@step
def coql_counts_and_sums(world: World) -> None:
    (row,) = _query("select COUNT(id), SUM(Amount) from Deals where id is not null").get_data()

    same((row.get_key_value("COUNT(id)"), row.get_key_value("SUM(Amount)")), (2, 1600.75))


@step
def coql_pages(world: World) -> None:
    found = _query("select Account_Name from Accounts where id is not null order by Account_Name limit 2 offset 1")

    same([one.get_key_value("Account_Name") for one in found.get_data()], ["Page 1", "Page 2"])
    same(found.get_info().get_more_records(), True)


@step
def a_query_that_cannot_be_read_is_refused(world: World) -> None:
    body = coql.BodyWrapper()
    body.set_select_query("select Nothing_Such from Deals where id is not null")
    refused = answer(coql.CoqlOperations().get_records(body), coql.APIException, 400)

    same(text(refused.get_code()), "INVALID_QUERY")


@step
def a_query_without_a_row_has_no_content(world: World) -> None:
    body = coql.BodyWrapper()
    body.set_select_query("select Deal_Name from Deals where Amount > 99999999")

    nothing(coql.CoqlOperations().get_records(body))
