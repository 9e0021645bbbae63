"""The sums of a document worked out a second time, the long way: in whole ten-thousandths and fractions of them, with
no word in common with the engine it is compared with."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor


@dataclass(frozen=True)
class PlainTax:
    name: str
    percent: Fraction
    is_compound: bool = False


@dataclass(frozen=True)
class PlainLine:
    rate: Fraction
    quantity: Fraction
    cut: str = ""
    taxes: tuple[PlainTax, ...] = ()


@dataclass
class PlainSums:
    nets: list[Fraction] = field(default_factory=list)
    cuts: list[Fraction] = field(default_factory=list)
    taxes: dict[PlainTax, Fraction] = field(default_factory=dict)
    off: Fraction = Fraction(0)
    sub_total: Fraction = Fraction(0)
    tax_total: Fraction = Fraction(0)
    total: Fraction = Fraction(0)


def half_up(value: Fraction, places: int) -> Fraction:
    """Halves go away from zero."""
    scaled = abs(value) * 10**places
    whole = floor(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**places)


def taken_off(cut: str, amount: Fraction, places: int) -> Fraction:
    if cut == "":
        return Fraction(0)
    if cut[-1] == "%":
        return half_up(amount * Fraction(cut[:-1]) / 100, places)
    return half_up(Fraction(cut), places)


def taxes_on(line: PlainLine, amount: Fraction, is_inside: bool) -> dict[PlainTax, Fraction]:
    """The taxes of one line, one after the other: compound ones see the others' sum."""
    if is_inside:
        whole = sum(taxes_on(line, Fraction(1), False).values(), Fraction(1))
        amount = amount / whole
    found = {tax: amount * tax.percent / 100 for tax in line.taxes if not tax.is_compound}
    with_taxes = amount + sum(found.values())
    for tax in line.taxes:
        if tax.is_compound:
            found[tax] = with_taxes * tax.percent / 100
    return found


def work_out(
    lines: list[PlainLine],
    *,
    cut: str,
    by_line: bool,
    before_tax: bool,
    inside: bool,
    tax_by_line: bool,
    shipping: Fraction,
    shipping_taxes: tuple[PlainTax, ...] = (),
    adjustment: Fraction,
    places: int,
) -> PlainSums:
    sums = PlainSums()
    for line in lines:
        product = line.rate * line.quantity
        off = taken_off(line.cut, product, places) if by_line else Fraction(0)
        sums.cuts.append(off)
        sums.nets.append(half_up(product, places) - off)
    everything = sum(sums.nets, Fraction(0))
    if not by_line and before_tax:
        sums.off = taken_off(cut, everything, places)
    raw: dict[PlainTax, Fraction] = {}
    for line, net in zip(lines, sums.nets, strict=True):
        share = net - net * sums.off / everything if everything else Fraction(0)
        for tax, amount in taxes_on(line, share, inside).items():
            raw[tax] = raw.get(tax, Fraction(0)) + (half_up(amount, places) if tax_by_line else amount)
    of_shipping = taxes_on(PlainLine(shipping, Fraction(1), taxes=shipping_taxes), shipping, False)
    for tax, amount in of_shipping.items():
        raw[tax] = raw.get(tax, Fraction(0)) + (half_up(amount, places) if tax_by_line else amount)
    freight = half_up(sum(of_shipping.values(), Fraction(0)), places)
    sums.taxes = {tax: half_up(amount, places) for tax, amount in raw.items()}
    sums.tax_total = sum(sums.taxes.values(), Fraction(0))
    sums.sub_total = everything - (sums.tax_total - freight if inside else 0)
    if not by_line and not before_tax:
        sums.off = taken_off(cut, sums.sub_total + sums.tax_total - freight, places)
    sums.total = sums.sub_total + sums.tax_total - sums.off + shipping + adjustment
    return sums
