"""Preferences, numbering, notes and terms, currencies and reminders, at their older addresses."""

from stepping import World, same, step

from with_zohobooks.client import api, model


@step
def preferences_are_read_and_saved(world: World) -> None:
    settings = api(world, "settings")
    found = settings.list_preferences()
    assert found.get_preferences().get_is_estimate_enabled() is True

    settings.update_preferences(model("Preference", notify_me_on_online_payment=False))
    same(settings.list_preferences().get_preferences().get_notify_me_on_online_payment(), False)


@step
def numbering_of_estimates_is_read_and_changed(world: World) -> None:
    settings = api(world, "settings")
    found = settings.get_estimate_settings()
    same((found.get_auto_generate(), found.get_next_number()), (True, "000001"))

    saved = settings.update_estimate_settings(model("EstimateSetting", prefix_string="OFFER-", next_number="0042"))
    same((saved.get_prefix_string(), saved.get_next_number()), ("OFFER-", "0042"))


@step
def numbering_of_invoices_is_read_and_changed(world: World) -> None:
    settings = api(world, "settings")
    same(settings.get_invoice_settings().get_prefix_string(), "INV-")

    saved = settings.update_invoice_settings(model("InvoiceSetting", prefix_string="BILL-"))
    same((saved.get_prefix_string(), saved.get_auto_generate()), ("BILL-", True))


@step
def credit_note_settings_are_read(world: World) -> None:
    same(api(world, "settings").list_creditnote_settings().get_prefix_string(), "CN-")


@step
def notes_and_terms_are_kept(world: World) -> None:
    settings = api(world, "settings")
    words = model("NotesAndTerms", notes="Thank you", terms="30 days")
    settings.update_invoice_notes_and_terms(words)
    settings.update_estimates_notes_and_terms(words)
    settings.update_creditnote_notes_and_terms(words)

    for found in (
        settings.get_invoice_notes_and_terms(),
        settings.get_estimates_notes_and_terms(),
        settings.get_creditnote_notes_and_terms(),
    ):
        same((found.get_notes(), found.get_terms()), ("Thank you", "30 days"))


@step
def currencies_are_listed_and_made(world: World) -> None:
    settings = api(world, "settings")
    found = settings.get_currencies()
    same(found.get_page_context().get_report_name(), "Currencies")
    assert "USD" not in {
        one.get_currency_code() for one in settings.get_currencies("Currencies.ExcludeBaseCurrency").get_currencies()
    }

    made = settings.create_currency(
        model("Currency", currency_code="CHF", currency_symbol="Fr.", price_precision=2, currency_format="1,234,567.89")
    )
    same(settings.get_currency(made.get_currency_id()).get_currency_code(), "CHF")
    world["franc"] = made.get_currency_id()


@step
def exchange_rates_are_made_and_listed(world: World) -> None:
    settings = api(world, "settings")
    rate = model("ExchangeRate", currency_id=world["franc"], currency_code="CHF", effective_date="2026-01-01", rate=1.1)
    same(settings.create_exchange_rate(rate).get_rate(), 1.1)

    same([one.get_rate() for one in settings.list_exchange_rates(world["franc"]).get_exchange_rates()], [1.1])


@step
def units_are_made(world: World) -> None:
    assert "unit" in api(world, "settings").create_unit("crate").lower()


@step
def automatic_reminders_are_read_and_switched(world: World) -> None:
    settings = api(world, "settings")
    first = settings.list_auto_payment_reminder().get_auto_reminders()[0].get_autoreminder_id()
    settings.enable_auto_reminder(first)
    same(settings.get_auto_payment_reminder(first).get_is_enabled(), True)
    settings.disable_auto_reminder(first)


@step
def manual_reminders_are_read(world: World) -> None:
    settings = api(world, "settings")
    first = settings.list_manual_reminders().get_manual_reminders()[0]

    assert settings.get_manual_reminder(first.get_manualreminder_id()), "one can be read"
