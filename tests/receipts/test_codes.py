"""Fiscal codes and attached data: what they say, and what happens when the page says something else."""

from datetime import date
from decimal import Decimal

import pytest

from knowledge.pages.codes import codes
from knowledge.receipts import Receipt, Tax, attached, fiscal
from knowledge.receipts.understanding import understand
from tests.receipts.drawn import CAFE, paper

PORTUGUESE = (
    "A:501442600*B:999999990*C:PT*D:FS*E:N*F:20261117*G:FS 01/118*H:ABCD1234-118*I1:PT*I5:10.00*I6:1.30*I7:4.00*I8:0.92"
    "*N:2.22*O:16.22*Q:AbCd*R:1234"
)
GERMAN = (
    "V0;KASSE-7;Kassenbeleg-V1;Beleg^2.74_2.98_0.00_0.00_0.00^5.72:Bar;4711;912;2026-11-16T23:29:04.000Z;"
    "2026-11-16T23:30:04.000Z;ecdsa-plain-SHA256;unixTime;sig==;key=="
)
SPANISH = (
    "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQR"
    "?nif=B12345674&numserie=T-000417&fecha=17-11-2026&importe=28.60"
)
BASQUE = "https://batuz.eus/QRTBAI/?id=TBAI-B12345674-171126-btFpwP8dcLGAF-237&s=T&nf=27174&i=4.70&cr=007"
TRANSFER = "BCD\n002\n1\nSCT\nCOBADEFFXXX\nMuster Software GmbH\nDE89370400440532013000\nEUR654.50\n\n\nRE-2026-0815"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            PORTUGUESE,
            {"tax_id": "501442600", "document_number": "FS 01/118", "date": "2026-11-17", "total": "16.22",
             "tax": "13:10.00:1.30;23:4.00:0.92"},
        ),
        (GERMAN, {"document_number": "KASSE-7/4711", "date": "2026-11-17", "total": "5.72", "currency": "EUR"}),
        (SPANISH, {"tax_id": "B12345674", "document_number": "T-000417", "date": "2026-11-17", "total": "28.60"}),
        (BASQUE, {"tax_id": "B12345674", "document_number": "T-27174", "date": "2026-11-17", "total": "4.70"}),
        (TRANSFER, {"merchant": "Muster Software GmbH", "total": "654.50", "currency": "EUR"}),
    ],
)  # fmt: skip
def test_what_a_code_says(code: str, said: dict[str, str]) -> None:
    found = fiscal.facts(["WIFI:S:cafe;;", code])
    assert {name: found.get(name) for name in said} == said


@pytest.mark.parametrize(
    "code",
    ["", "https://example.com/?nif=1", "A:1*F:2*O:x", "V0;;;", "BCD\n", PORTUGUESE.replace("20261117", "20261341"),
     SPANISH.replace("28.60", "much"), GERMAN.replace("2.74_", "x_")],
)  # fmt: skip
def test_a_code_that_is_none_of_them_says_nothing(code: str) -> None:
    assert fiscal.facts([code]) == {}


def test_a_code_is_found_on_a_picture() -> None:
    import numpy as np
    import zxingcpp
    from PIL import Image

    made = zxingcpp.create_barcode(SPANISH, zxingcpp.BarcodeFormat.QRCode)
    ground = Image.new("RGB", (900, 1200), "white")
    ground.paste(Image.fromarray(np.asarray(made.to_image(scale=4))).rotate(7, fillcolor=255), (200, 600))
    assert codes(ground) == [SPANISH]


def read(text: str, **kept: object) -> Receipt:
    words = {"day_first": True, "currency": "EUR", "our_tax_ids": (), "today": date(2026, 11, 24)}
    return understand(paper(text, **kept), **words)  # pyright: ignore[reportArgumentType]


def test_a_code_and_the_page_that_agree_make_it_sure() -> None:
    receipt = read(CAFE, codes=(SPANISH,))
    assert receipt.confidence["total"] >= 0.99
    assert (receipt.tax_id, receipt.document_number, receipt.ask) == ("B12345674", "T-000417", ())


def test_a_code_and_the_page_that_disagree_are_both_asked_about() -> None:
    receipt = read(CAFE, codes=(SPANISH.replace("28.60", "82.60"),))
    assert "total" in receipt.ask
    assert receipt.candidates["total"][:2] == ("82.60", "28.60")
    assert [each.text for each in receipt.notes] == ["The code on it says another amount than its text: please check."]


INDUSTRY = """<?xml version="1.0"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:ram" xmlns:udt="urn:udt">
 <rsm:ExchangedDocument><ram:ID>T-000417</ram:ID>
  <ram:IssueDateTime><udt:DateTimeString format="102">20261117</udt:DateTimeString></ram:IssueDateTime>
 </rsm:ExchangedDocument>
 <rsm:SupplyChainTradeTransaction>
  <ram:ApplicableHeaderTradeAgreement>
   <ram:SellerTradeParty><ram:Name>CASA LUIS COMIDAS S.L.</ram:Name>
    <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">ESB12345674</ram:ID></ram:SpecifiedTaxRegistration>
   </ram:SellerTradeParty>
   <ram:BuyerOrderReferencedDocument>
    <ram:IssuerAssignedID>PO-7</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
  </ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:ApplicableTradeTax><ram:CalculatedAmount>2.60</ram:CalculatedAmount><ram:BasisAmount>26.00</ram:BasisAmount>
    <ram:RateApplicablePercent>10</ram:RateApplicablePercent></ram:ApplicableTradeTax>
   <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    <ram:GrandTotalAmount>TOTAL</ram:GrandTotalAmount>
   </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
  </ram:ApplicableHeaderTradeSettlement>
 </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>"""

UNIVERSAL = """<Invoice xmlns="urn:ubl" xmlns:cbc="urn:cbc" xmlns:cac="urn:cac">
 <cbc:ID>RE-9</cbc:ID><cbc:IssueDate>2026-10-02</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cac:OrderReference><cbc:ID>PO-8</cbc:ID></cac:OrderReference>
 <cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Muster GmbH</cbc:Name></cac:PartyName>
  <cac:PartyTaxScheme><cbc:CompanyID>DE136695976</cbc:CompanyID></cac:PartyTaxScheme></cac:Party>
 </cac:AccountingSupplierParty>
 <cac:TaxTotal><cbc:TaxAmount>19.00</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount>100.00</cbc:TaxableAmount>
  <cbc:TaxAmount>19.00</cbc:TaxAmount><cac:TaxCategory><cbc:Percent>19</cbc:Percent></cac:TaxCategory>
  </cac:TaxSubtotal></cac:TaxTotal>
 <cac:LegalMonetaryTotal><cbc:TaxInclusiveAmount>119.00</cbc:TaxInclusiveAmount></cac:LegalMonetaryTotal></Invoice>"""


def test_attached_data_in_either_grammar_is_read() -> None:
    industry = attached.read(INDUSTRY.replace("TOTAL", "28.60"))
    universal = attached.read(UNIVERSAL)
    assert industry is not None
    assert universal is not None
    assert (industry.merchant, industry.total, industry.order_number) == (
        "CASA LUIS COMIDAS S.L.",
        Decimal("28.60"),
        "PO-7",
    )
    assert (universal.merchant, universal.total, universal.order_number) == ("Muster GmbH", Decimal("119.00"), "PO-8")
    assert (universal.document_number, universal.day, universal.tax_id) == ("RE-9", date(2026, 10, 2), "DE136695976")
    assert universal.taxes == (Tax(Decimal(19), Decimal("100.00"), Decimal("19.00")),)


@pytest.mark.parametrize(
    "xml",
    [
        "<Invoice>",
        "<html/>",
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Invoice>&b;</Invoice>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hosts">]><Invoice>&a;</Invoice>',
    ],
)
def test_data_that_is_broken_or_wants_more_than_it_may_is_left_alone(xml: str) -> None:
    assert attached.read(xml) is None


def test_attached_data_that_agrees_is_taken() -> None:
    receipt = read(CAFE, attached=INDUSTRY.replace("TOTAL", "28.60"))
    assert (receipt.ask, receipt.order_number, receipt.kind) == ((), "PO-7", "invoice")
    assert receipt.confidence["total"] >= 0.98


def test_attached_data_that_disagrees_with_the_page_is_asked_about() -> None:
    receipt = read(CAFE, attached=INDUSTRY.replace("TOTAL", "119.00"))
    assert "total" in receipt.ask
    assert receipt.candidates["total"][:2] == ("119.00", "28.60")
    assert [each.text for each in receipt.notes] == [
        "The data attached to this PDF says something else than its page: please check."
    ]
