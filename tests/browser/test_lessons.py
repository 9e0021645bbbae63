"""Lessons in a browser: each is done wrongly and then rightly at the screens, and ticks itself step by step."""

import pytest
from browser_company import Company
from browser_deeds import Look
from browser_lessons import COURSES, Act, city
from browser_trainee import Trainee
from playwright.sync_api import Page, expect

from simulator.lessons import LESSONS, Lesson
from simulator.lessons.cast import TOOLS

pytestmark = [pytest.mark.browser, pytest.mark.requirement("X8")]

LIST = "/control-room/lessons"
LOOKS = 20


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_done_wrongly_says_what_is_missing_and_done_rightly_ticks_itself(
    lesson: Lesson, page: Page, company: Company
):
    course = COURSES[lesson.id]
    trainee = Trainee(page, company)
    begin(trainee, lesson)

    for act in course:
        page.locator(".lesson-steps li.next").get_by_role("link", name="Go there").click()
        act.deed(trainee)
        see(trainee, lesson, act)

    done = [0, *(act.ticked for act in course)]
    assert done == sorted(done)
    assert len(set(done)) < len(done), "nothing was done wrongly"
    expect(page.get_by_text("The lesson is done")).to_be_visible()


def begin(trainee: Trainee, lesson: Lesson) -> None:
    page = trainee.page
    trainee.company.enter(page, LIST)
    page.get_by_role("link", name=lesson.title, exact=True).click()
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".lesson-steps li").first).to_have_attribute("aria-current", "step")


def see(trainee: Trainee, lesson: Lesson, act: Act) -> None:
    """The steps that are done, in their order, and what the next one waits for."""
    page, wanted = trainee.page, ["done"] * act.ticked + ["next", *["later"] * len(lesson.steps)]
    shown: list[str] = []
    for _look in range(LOOKS):  # the journal has a call a moment after it was answered
        page.goto(f"{trainee.company.site}{LIST}/{lesson.id}")
        shown = page.locator(".lesson-steps li").evaluate_all("all => all.map(one => one.className)")
        if shown == wanted[: len(shown)]:
            break
        page.wait_for_timeout(50)
    assert shown == wanted[: len(lesson.steps)], page.locator(".lesson-steps").inner_text()
    if act.told:
        expect(page.locator(".lesson-steps .hint")).to_have_text(act.told)


def test_a_lesson_is_reset_to_its_start(page: Page, company: Company, accessible: Look):
    lesson, trainee = LESSONS["instant-sync"], Trainee(page, company)
    begin(trainee, lesson)
    accessible(page)
    (account,) = company.crm.search("Accounts", criteria=f"(Account_Name:equals:{TOOLS})", fields="Billing_City")

    company.change("Accounts", account["id"], Billing_City="Eugene")
    expect(page.locator(".lesson-steps li.done")).to_have_count(1)  # the page stood open all the while
    page.get_by_role("button", name="Start over").click()

    expect(page.locator(".lesson-steps .hint")).to_have_text(city("Salem", "Eugene"))
    expect(page.locator(".lesson-steps li.done")).to_have_count(0)
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Lessons").click()
    expect(page.get_by_role("row", name=lesson.title).get_by_text("Under way")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Trainees").click()
    expect(page.get_by_role("row", name=company.world).get_by_text("0 / 3", exact=True)).to_be_visible()
    accessible(page)
