"""The totals of a document: a pure calculation over exact decimals (invoice-api.md §5.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

from mock_invoice.settings.tax_model import shown_tax_name
from simulator.money import round_to

#: Shares of a discount are not rounded before the tax is, so quotients carry many digits.
EXACT = Context(prec=60)
ZERO = Decimal(0)
PERCENT_PLACES = 6
#: Digits behind these come of the calculation and not of the document.
NOISE_PLACES = 30


@dataclass(frozen=True)
class TaxRate:
    """A tax as it stands on a line. A group has the taxes that it is made of; a compound tax in a group is taken on
    the amount and the group's other taxes. [MEM] for how compound taxes add up."""

    tax_id: int
    name: str
    percentage: Decimal
    is_compound: bool = False
    members: tuple["TaxRate", ...] = ()


@dataclass(frozen=True)
class LineFacts:
    """What a line says; `discount` is `""`, an amount or a percentage with its sign."""

    rate: Decimal
    quantity: Decimal
    discount: str = ""
    tax: TaxRate | None = None


@dataclass(frozen=True)
class Terms:
    """What the document says beyond its lines."""

    discount: str = ""
    is_item_level: bool = False
    is_discount_before_tax: bool = True
    is_inclusive_tax: bool = False
    is_tax_rounded_by_item: bool = False
    shipping_charge: Decimal = ZERO
    adjustment: Decimal = ZERO
    precision: int = 2
    #: Comes on top of the charge, also where the rates of the lines contain their taxes. [DESIGN]
    shipping_tax: TaxRate | None = None


@dataclass(frozen=True)
class LineTotals:
    gross: Decimal
    discount_amount: Decimal
    item_total: Decimal
    tax_amount: Decimal


@dataclass(frozen=True)
class TaxTotal:
    tax: TaxRate
    amount: Decimal

    @property
    def shown_name(self) -> str:
        return shown_tax_name(self.tax.name, self.tax.percentage)


@dataclass(frozen=True)
class Totals:
    """All sums of a document. With `entity_discount` as what the document as a whole takes off,
    `total == sub_total - entity_discount + tax_total + shipping_charge + adjustment`, exactly."""

    lines: tuple[LineTotals, ...]
    sub_total: Decimal
    sub_total_inclusive_of_tax: Decimal
    sub_total_exclusive_of_discount: Decimal
    entity_discount: Decimal
    discount_total: Decimal
    discount_percent: Decimal
    discount_applied_on_amount: Decimal
    taxes: tuple[TaxTotal, ...]
    tax_total: Decimal
    #: What of the taxes is for the shipping charge.
    shipping_tax: Decimal
    total: Decimal


def total_up(lines: Sequence[LineFacts], terms: Terms) -> Totals:
    """Adds a document up, rounding half up to the currency's precision where the vendor does."""
    with localcontext(EXACT):
        return _total_up(lines, terms)


def _total_up(lines: Sequence[LineFacts], terms: Terms) -> Totals:
    places = terms.precision
    gross = [round_to(line.rate * line.quantity, places) for line in lines]
    cuts = [_line_discount(line, terms) for line in lines]
    nets = [whole - cut for whole, cut in zip(gross, cuts, strict=True)]
    net_sum = sum(nets, ZERO)
    early = ZERO
    if not terms.is_item_level and terms.is_discount_before_tax:
        early = cut_of(terms.discount, net_sum, places)
    taxed_share = (net_sum - early) / net_sum if net_sum else ZERO
    line_taxes = [
        taxes_of(net * taxed_share, line.tax, terms.is_inclusive_tax) for net, line in zip(nets, lines, strict=True)
    ]
    shipping_taxes = taxes_of(terms.shipping_charge, terms.shipping_tax, is_inclusive=False)
    taxes = _tax_totals([*line_taxes, shipping_taxes], terms)
    tax_total = sum((one.amount for one in taxes), ZERO)
    shipping_tax = _settled(sum(shipping_taxes.values(), ZERO), places)
    sub_total = net_sum - (tax_total - shipping_tax) if terms.is_inclusive_tax else net_sum
    entity_discount, applied_on = early, net_sum
    if not terms.is_item_level and not terms.is_discount_before_tax:
        applied_on = sub_total + tax_total - shipping_tax
        entity_discount = cut_of(terms.discount, applied_on, places)
    discount_total = sum(cuts, ZERO) if terms.is_item_level else entity_discount
    discounted = sum(gross, ZERO) if terms.is_item_level else applied_on
    return Totals(
        lines=tuple(
            LineTotals(whole, cut, net, _settled(sum(parts.values(), ZERO), places))
            for whole, cut, net, parts in zip(gross, cuts, nets, line_taxes, strict=True)
        ),
        sub_total=sub_total,
        sub_total_inclusive_of_tax=net_sum if terms.is_inclusive_tax else ZERO,
        sub_total_exclusive_of_discount=sum(gross, ZERO) - (net_sum - sub_total),
        entity_discount=entity_discount,
        discount_total=discount_total,
        discount_percent=_percent(discount_total, discounted, terms),
        discount_applied_on_amount=applied_on if entity_discount else ZERO,
        taxes=taxes,
        tax_total=tax_total,
        shipping_tax=shipping_tax,
        total=sub_total - entity_discount + tax_total + terms.shipping_charge + terms.adjustment,
    )


def cut_of(discount: str, amount: Decimal, places: int) -> Decimal:
    """What a discount (`""`, `"12.5"` or `"10%"`) takes off an amount."""
    if not discount:
        return ZERO
    if discount.endswith("%"):
        return round_to(amount * Decimal(discount[:-1]) / 100, places)
    return round_to(Decimal(discount), places)


def _line_discount(line: LineFacts, terms: Terms) -> Decimal:
    """A percentage is taken of the unrounded product: 70 % of 2 x 2883.333333 is 4036.67 (§5.6)."""
    return cut_of(line.discount, line.rate * line.quantity, terms.precision) if terms.is_item_level else ZERO


def taxes_of(amount: Decimal, tax: TaxRate | None, is_inclusive: bool) -> dict[TaxRate, Decimal]:
    """The unrounded taxes on (or, inclusive, within) an amount, each by itself. [MEM] for inclusive."""
    if tax is None:
        return {}
    shares = shares_of(tax)
    base = amount / (1 + sum(shares.values(), ZERO)) if is_inclusive else amount
    return {part: base * share for part, share in shares.items()}


def shares_of(tax: TaxRate) -> dict[TaxRate, Decimal]:
    """What each tax takes of an amount of one."""
    members = tax.members or (tax,)
    shares = {one: one.percentage / 100 for one in members}
    plain = sum((share for one, share in shares.items() if not one.is_compound), ZERO)
    return {one: share * (1 + plain) if one.is_compound else share for one, share in shares.items()}


def _tax_totals(line_taxes: Sequence[dict[TaxRate, Decimal]], terms: Terms) -> tuple[TaxTotal, ...]:
    """One sum per tax, rounded once, or as the sum of what was rounded on each line."""
    sums: dict[TaxRate, Decimal] = {}
    for parts in line_taxes:
        for tax, amount in parts.items():
            part = _settled(amount, terms.precision) if terms.is_tax_rounded_by_item else amount
            sums[tax] = sums.get(tax, ZERO) + part
    return tuple(TaxTotal(tax, _settled(amount, terms.precision)) for tax, amount in sums.items())


def _settled(amount: Decimal, places: int) -> Decimal:
    """Rounded, where shares with endless digits have been added up: what is a half but for the last digits is one."""
    return round_to(round_to(amount, NOISE_PLACES), places)


def _percent(discount: Decimal, amount: Decimal, terms: Terms) -> Decimal:
    if not terms.is_item_level and terms.discount.endswith("%"):
        return Decimal(terms.discount[:-1])
    return round_to(discount / amount * 100, PERCENT_PLACES) if amount else ZERO
