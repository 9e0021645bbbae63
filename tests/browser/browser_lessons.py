"""How each lesson is done at the screens: deeds, right ones and wrong ones, and what the lesson says after each."""

from dataclasses import dataclass

import browser_deeds as deeds
from browser_trainee import (
    WORKSHOP,
    Deed,
    adds_account,
    adds_currency,
    adds_potential,
    begins_invoice,
    changes_city,
    chooses,
    chooses_view,
    confirms_undo,
    connects,
    dissociates,
    edits,
    fetches,
    generates_key,
    links,
    maps,
    marks_sent,
    moves,
    names_person,
    on_page,
    opens_account,
    opens_newest_run,
    pauses_and_resumes,
    permits,
    previews,
    raises,
    raises_elsewhere,
    raises_in_section,
    raises_in_section_as,
    reactivates_and_pauses,
    renames_product,
    renames_thistle,
    retries,
    searches_in_crm,
    switches_items,
    syncs,
    ticks_box,
    undoes,
)

from simulator.lessons.cast import FOODS, TOOLS


@dataclass(frozen=True)
class Act:
    """A deed, on the page to which the step's *Go there* leads.

    Attributes:
        ticked: how many steps are done after it.
        told: what is missing then.
    """

    deed: Deed
    ticked: int
    told: str = ""


NO_SYNC = "No sync has run since the lesson began."
NO_PREVIEW = "No preview has been made yet."
NO_FETCH = "This contact has not been fetched yet."
NO_ESTIMATE = f"{TOOLS} has no estimate in Zoho Invoice yet."
NOT_LINKED = f"The estimate of {TOOLS} is not linked to the potential “{WORKSHOP}”."


def is_now(what: str, now: str, wanted: str) -> str:
    return f"{what} is {now}; it should be {wanted}."


def state(now: str, wanted: str) -> str:
    return is_now("The integration", now, wanted)


def duplicates(now: str, wanted: str = "Overwrite") -> str:
    return is_now("The handling of duplicates", f"“{now}”", f"“{wanted}”")


def city(now: str, wanted: str) -> str:
    return is_now(f"Billing City of {TOOLS} in Zoho CRM", f"“{now}”", f"“{wanted}”")


def probability(now: int, wanted: int, of: str = WORKSHOP) -> str:
    return is_now(f"Probability of {of} in Zoho CRM", f"“{now}”", f"“{wanted}”")


def permitted(what: str) -> str:
    return f"{what} of the profile Standard is still on."


BOX_MISSING = "Zoho CRM has no field “Zoho Invoice” of Accounts yet."
TIER_MISSING = "Contacts in Zoho Invoice have no custom field “Loyalty tier” yet."
DISABLED_AND_BACK = (
    Act(on_page(deeds.pauses), 0, state("paused", "disabled")),
    Act(on_page(deeds.disables), 1, state("disabled", "active")),
    Act(on_page(deeds.reactivates), 2, NO_SYNC),
    Act(syncs, 4),
)

#: By lesson, in the order of the deeds.
COURSES: dict[str, tuple[Act, ...]] = {
    "connecting": (
        Act(generates_key, 1, "Zoho CRM is not connected yet."),
        Act(connects(ends="0000"), 1, "Zoho CRM is not connected yet."),
        Act(connects(), 2),
    ),
    "sync-contacts": (
        Act(chooses("Contacts"), 0, is_now("The module", "“Contacts”", "“Accounts and their Contacts”")),
        Act(chooses("Accounts and their Contacts"), 1, duplicates("Skip")),
        Act(chooses("Overwrite"), 2, NO_SYNC),
        Act(syncs, 5),
    ),
    "sync-both-ways": (
        Act(chooses("Fetch from CRM"), 0, is_now("The extent of the sync", "“Fetch from CRM”", "“Sync both ways”")),
        Act(chooses("Sync both ways"), 1, NO_SYNC),
        Act(syncs, 3),
    ),
    "view": (
        Act(on_page(deeds.adds_checkbox, "For billing"), 0, BOX_MISSING),
        Act(
            on_page(deeds.adds_checkbox, "Zoho Invoice"),
            1,
            f"Zoho Invoice of {TOOLS} in Zoho CRM is not ticked.",
        ),
        Act(ticks_box, 2, "No view of Accounts has the criterion that Zoho Invoice is true yet."),
        Act(on_page(deeds.makes_view, "Billed", "Zoho Invoice"), 3, "The sync does not take the view “Billed” yet."),
        Act(chooses_view("Billed"), 4, NO_SYNC),
        Act(syncs, 7),
    ),
    "custom-field": (
        Act(on_page(deeds.adds_custom_field, "Tier"), 0, TIER_MISSING),
        Act(
            on_page(deeds.adds_custom_field, "Loyalty tier"),
            1,
            "Nothing of Zoho CRM is mapped to the custom field “Loyalty tier” yet.",
        ),
        Act(maps("Loyalty tier", to="Loyalty tier"), 2, NO_SYNC),
        Act(syncs, 4),
    ),
    "multicurrency": (
        Act(syncs, 1, "Zoho Invoice has no currency CHF yet."),
        Act(adds_currency("SEK"), 1, "Zoho Invoice has no currency CHF yet."),
        Act(adds_currency("CHF"), 2, "The last sync still has 1 failed."),
        Act(retries, 4),
    ),
    "sync-items": (
        Act(switches_items(False, "Sync both ways"), 0, is_now("The sync of items", "off", "on")),
        Act(
            switches_items(True, "Fetch from CRM"),
            1,
            is_now("The extent of the sync of items", "“Fetch from CRM”", "“Sync both ways”"),
        ),
        Act(switches_items(True, "Sync both ways"), 2, NO_SYNC),
        Act(syncs, 5),
    ),
    "invoice-trigger": (
        Act(on_page(deeds.sets_trigger, "Estimate"), 0, is_now("The trigger", "“Estimate”", "“Invoice”")),
        Act(on_page(deeds.sets_trigger, "Invoice"), 1, probability(90, 100)),
        Act(moves(WORKSHOP, "Closed Won"), 3, probability(100, 0)),
        Act(moves(WORKSHOP, "Closed Lost"), 5),
    ),
    "instant-sync": (
        Act(edits(TOOLS, Billing_City="Bend"), 0, city("Bend", "Eugene")),
        Act(edits(TOOLS, Billing_City="Eugene"), 1, NO_SYNC),
        Act(syncs, 3),
    ),
    "fetch-this-contact": (
        Act(edits(TOOLS, Billing_City="Bent"), 0, city("Bent", "Bend")),
        Act(edits(TOOLS, Billing_City="Bend"), 1, NO_FETCH),
        Act(fetches, 3),
    ),
    "edit-settings": (
        Act(chooses("Overwrite"), 0, duplicates("Overwrite", "Skip")),
        Act(chooses("Skip"), 1, NO_SYNC),
        Act(syncs, 2),
    ),
    "pause-and-resume": (
        Act(on_page(deeds.disables), 0, state("disabled", "paused")),
        Act(reactivates_and_pauses, 1, state("paused", "active")),
        Act(on_page(deeds.resumes), 2, NO_SYNC),
        Act(syncs, 3),
    ),
    "show-sync-history": (
        Act(renames_product("Level"), 0, "No sync has been opened in the history yet."),
        Act(opens_newest_run, 2, NO_SYNC),
        Act(retries, 4),
    ),
    "create-but-not-send": (
        Act(permits("Email: Invoice", False), 0, permitted("Email Estimates")),
        Act(permits("Email: Estimate", False), 1, NO_ESTIMATE),
        Act(raises_in_section_as("CRM: Standard"), 2),
    ),
    "summary": (
        Act(raises, 0, is_now(f"The invoice of {TOOLS}", "draft", "sent")),
        Act(marks_sent("invoices"), 1, "The account has not been opened in Zoho CRM since."),
        Act(opens_account, 2, permitted("Receivables Payables Summary")),
        Act(permits("Receivables and Payables Summary", False), 3),
    ),
    "creating-transactions": (
        Act(raises_elsewhere, 0, "No estimate was made in the section Zoho Invoice yet."),
        Act(raises_in_section, 1, is_now(f"The estimate of {TOOLS}", "draft", "sent")),
        Act(marks_sent("estimates"), 2),
    ),
    "search-in-crm": (
        Act(adds_account("Larkspur Tool"), 0, f"Zoho CRM has no account “{TOOLS}”."),
        Act(adds_account(TOOLS), 1, NO_FETCH),
        Act(searches_in_crm, 2, NO_ESTIMATE),
        Act(raises, 3),
    ),
    "view-crm-information": (
        Act(opens_account, 0, "The panel of Zoho CRM has not been opened yet."),
        Act(begins_invoice, 1),
    ),
    "link-and-dissociate": (
        Act(raises, 1, NOT_LINKED),
        Act(links(is_saved=False), 1, NOT_LINKED),
        Act(links(is_saved=True), 2, f"The estimate of {TOOLS} is still linked to “{WORKSHOP}”."),
        Act(dissociates, 3),
    ),
    "disable": DISABLED_AND_BACK,
    "nearly-the-same-name": (
        Act(previews, 1, "Zoho Invoice has no customer “Thistle & Sons Ltd” yet."),
        Act(renames_thistle("Thistle and Sons Ltd"), 1, "Zoho Invoice has no customer “Thistle & Sons Ltd” yet."),
        Act(renames_thistle("Thistle & Sons Ltd"), 2, duplicates("Skip")),
        Act(chooses("Overwrite"), 3, NO_SYNC),
        Act(syncs, 5),
    ),
    "overlap-at-the-first-run": (
        Act(previews, 1, duplicates("Skip")),
        Act(chooses("Clone"), 1, duplicates("Clone")),
        Act(chooses("Overwrite"), 2, NO_SYNC),
        Act(syncs, 4),
    ),
    "reconnected": DISABLED_AND_BACK,
    "edit-overwritten": (
        Act(changes_city("Bend"), 1, city("Salem", "Eugene")),
        Act(edits(TOOLS, Billing_City="Eugene"), 2, NO_SYNC),
        Act(syncs, 3, "Nothing has been undone yet."),
        Act(undoes, 3, "It waits for you to confirm it, on its page in the history."),
        Act(confirms_undo, 5),
    ),
    "customer-not-there-yet": (
        Act(adds_account(FOODS), 1, "Zoho CRM has no potential “Marigold kitchen”."),
        Act(
            adds_potential("Marigold kitchen", FOODS, "Negotiation/Review"),
            1,
            probability(90, 100, of="Marigold kitchen"),
        ),
        Act(moves("Marigold kitchen", "Closed Won"), 3),
    ),
    "required-field-missing": (
        Act(syncs, 1, f"Quince is not among the contact persons of {FOODS}."),
        Act(names_person("Quinn"), 1, f"Quince is not among the contact persons of {FOODS}."),
        Act(names_person("Quince"), 2, "The last sync still has 1 failed."),
        Act(retries, 4),
    ),
    "name-too-long": (
        Act(syncs, 1, "Zoho CRM has no product “Plumb line”."),
        Act(renames_product("Plumb bob"), 1, "Zoho CRM has no product “Plumb line”."),
        Act(renames_product("Plumb line"), 2, "The last sync still has 1 failed."),
        Act(retries, 4),
    ),
    "no-email": (
        Act(syncs, 1, "Only one sync has run yet."),
        Act(previews, 1, "Only one sync has run yet."),
        Act(syncs, 3),
    ),
    "lost-answer": (
        Act(previews, 0, NO_SYNC),
        Act(syncs, 2),
    ),
    "no-longer-managed": (
        Act(moves(WORKSHOP, "Proposal/Price Quote"), 0, probability(75, 100)),
        Act(moves(WORKSHOP, "Closed Won"), 1, is_now(f"The invoice of {TOOLS}", "draft", "sent")),
        Act(marks_sent("invoices"), 2, probability(100, 0)),
        Act(moves(WORKSHOP, "Closed Lost"), 4),
    ),
    "rate-limit": (
        Act(pauses_and_resumes, 0, NO_SYNC),
        Act(syncs, 2),
    ),
}
