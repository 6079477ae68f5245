"""Receipts and invoices as countries print them, made up, with what has to be read from each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A paper as text, and what stands on it."""

    text: str
    merchant: str
    day: str
    total: str
    currency: str
    tax_id: str | None = None
    document_number: str | None = None
    order_number: str | None = None
    kind: str = "receipt"


CASES = (
    Case(
        """
     MERCADONA, S.A.   A-46103834
     C/ MAYOR, 5
     28001 MADRID
     TELÉFONO: 913456789
     15/03/2026 19:42  OP: 123456
     FACTURA SIMPLIFICADA: 2345-012-678901
  Descripción      P. Unit   Importe
1 LECHE ENTERA               0,95
2 PAN DE MOLDE      1,20     2,40
1 ACEITE OLIVA               7,85
           TOTAL (€)        11,20
           TARJETA BANCARIA 11,20
  IVA      BASE IMPONIBLE (€)  CUOTA (€)
  4%            3,22         0,13
  10%           7,14         0,71
  TOTAL        10,36         0,84
  TARJ. BANCARIA: **** **** **** 1234
""",
        "MERCADONA, S.A.",
        "2026-03-15",
        "11.20",
        "EUR",
        tax_id="A46103834",
        document_number="2345-012-678901",
    ),
    Case(
        """
   BAR RESTAURANTE CASA PEPE
   NIF: 12345678Z
   Plaza España, 3 - Sevilla
   Fecha: 05/04/2026 14:22   Mesa: 7
   2 Menú del día     12,50   25,00
   2 Caña              1,80    3,60
   Base Imp. 10%              26,00
   IVA 10%                     2,60
   TOTAL EUR                  28,60
   Entregado                  50,00
   Cambio                     21,40
   GRACIAS POR SU VISITA
""",
        "BAR RESTAURANTE CASA PEPE",
        "2026-04-05",
        "28.60",
        "EUR",
    ),
    Case(
        """
      Continente Hipermercados, S.A.
      NIF: 502011475
      Rua João Mendonça 505 Matosinhos
      Fatura Simplificada FS 0012026/118
      2026-05-02 10:15
   (C) IOGURTE NATURAL        1,99
   (C) CAFE DELTA             3,49
   TOTAL A PAGAR              5,48
   CARTAO DE CREDITO          5,48
   %IVA    Total Liq.  IVA   Total
   (C) 23,00%   4,46   1,02   5,48
""",
        "Continente Hipermercados, S.A.",
        "2026-05-02",
        "5.48",
        "EUR",
        tax_id="502011475",
    ),
    Case(
        """
   Pastelaria Suíça, Lda
   Contribuinte nº 501442600
   Largo do Rossio 12  1100 Lisboa
   Data: 12-06-2026  Hora: 09:12
   Fatura-Recibo FR A/4521
   2 Café        0,80    1,60
   1 Pastel nata         1,30
   Total                 2,90 €
   Numerário             5,00 €
   Troco                 2,10 €
""",
        "Pastelaria Suíça, Lda",
        "2026-06-12",
        "2.90",
        "EUR",
    ),
    Case(
        """
        REWE Markt GmbH
      Hauptstr. 12  50667 Köln
        Tel. 0221-123456
       UID Nr.: DE812706034
                             EUR
   BIO BANANEN              1,79 B
   VOLLMILCH 3,5%           1,19 B
   PFAND 0,25               0,25 A
   SPUELMITTEL              2,49 A
   --------------------------------
   SUMME          EUR       5,72
   ================================
   Geg. BAR       EUR      10,00
   Rückgeld BAR   EUR       4,28
   Steuer %   Netto  Steuer  Brutto
   A= 19,0%    2,30   0,44    2,74
   B=  7,0%    2,79   0,19    2,98
   Gesamtbetrag 5,09  0,63    5,72
   12.03.2026   18:22   Bon-Nr.:4711
   Markt:0123  Kasse:4  Bed.:121212
""",
        "REWE Markt GmbH",
        "2026-03-12",
        "5.72",
        "EUR",
        tax_id="DE812706034",
    ),
    Case(
        """
   Gasthaus zum Löwen
   Inh. Karl Huber
   Marktplatz 1, 80331 München
   St.-Nr. 143/123/45678
   Rechnung Nr. 1045   Tisch 12
   04.05.2026 20:14
   2 x Schweinebraten   14,90   29,80
   3 x Helles 0,5l       4,20   12,60
   Total EUR                    42,40
   enthaltene MwSt 19%           6,77
   Netto                        35,63
   Bar                          50,00
   Zurück                        7,60
   Vielen Dank für Ihren Besuch
""",
        "Gasthaus zum Löwen",
        "2026-05-04",
        "42.40",
        "EUR",
    ),
    Case(
        """
   CARREFOUR CITY
   12 rue de Rivoli 75004 PARIS
   SIRET 45132133500012  TVA FR90451321335
   Ticket n° 0045  Caisse 2
   BAGUETTE               1,10
   EAU EVIAN 1,5L         0,89
   SALADE CESAR           4,95
   3 ARTICLES
   TOTAL TTC              6,94 EUR
   CB EMV                 6,94
   TVA 5,5%  HT 6,58  TVA 0,36
   Le 07/02/2026 à 12:41
   MERCI DE VOTRE VISITE
""",
        "CARREFOUR CITY",
        "2026-02-07",
        "6.94",
        "EUR",
        tax_id="FR90451321335",
    ),
    Case(
        """
   LE PETIT BISTROT
   SARL Dupont et Fils
   5 place du Marché 69002 Lyon
   Tel: 04 78 12 34 56
   Table 4  Couverts 2
   le 14 juillet 2026
   2 MENU MIDI   18,50      37,00
   1 PICHET VIN              9,00
   2 CAFE         2,20       4,40
   Sous-total HT            45,82
   TVA 10%                   4,58
   NET A PAYER              50,40 €
   Espèces                  60,00 €
   Rendu                     9,60 €
""",
        "SARL Dupont et Fils",
        "2026-07-14",
        "50.40",
        "EUR",
    ),
    Case(
        """
      ESSELUNGA S.P.A.
      VIA GIAMBOLOGNA 1 - MILANO
      P.IVA 04916380159
      DOCUMENTO COMMERCIALE
      di vendita o prestazione
   DESCRIZIONE       IVA   Prezzo(€)
   LATTE INTERO       4%      1,59
   PASTA BARILLA      4%      0,99
   DETERSIVO         22%      4,50
   Subtotale                  7,08
   TOTALE COMPLESSIVO         7,08
   di cui IVA                 0,91
   Pagamento elettronico      7,08
   Importo pagato             7,08
   21-01-2026 18:33
   DOCUMENTO N. 0123-0456
""",
        "ESSELUNGA S.P.A.",
        "2026-01-21",
        "7.08",
        "EUR",
        tax_id="04916380159",
    ),
    Case(
        """
   TRATTORIA DA MARIO di Rossi Mario & C. S.n.c.
   Via Roma 22 - 50123 Firenze
   P.I. 01234567897
   3 Coperto     2,00     6,00
   2 Ribollita   9,00    18,00
   1 Vino casa           8,50
   TOTALE EURO          32,50
   CONTANTE             40,00
   RESTO                 7,50
   03/09/26 21:05
""",
        "TRATTORIA DA MARIO di Rossi Mario & C. S.n.c.",
        "2026-09-03",
        "32.50",
        "EUR",
    ),
    Case(
        """
         TESCO
      Superstore Cambridge
      Newmarket Road  CB5 8WR
      VAT NO: GB220430231
   MILK 2PT           £1.25
   BREAD              £1.10
   MEAL DEAL          £3.60
   Clubcard savings  -£0.40
   SUBTOTAL           £5.55
   TOTAL              £5.55
   VISA CONTACTLESS   £5.55
   22/08/26  13:05  4412 03 881
   THANK YOU FOR SHOPPING
""",
        "TESCO",
        "2026-08-22",
        "5.55",
        "GBP",
    ),
    Case(
        """
    PRET A MANGER
    London Kings Cross
    VAT Reg No 123456789
    11 Nov 2026 08:14
    1 Flat White      £3.20
    1 Croissant       £2.35
    Take away total   £5.55
    VAT 20% included  £0.92
    Card              £5.55
""",
        "PRET A MANGER",
        "2026-11-11",
        "5.55",
        "GBP",
    ),
    Case(
        """
     JOE'S DINER
     123 Main Street
     Austin, TX 78701
     (512) 555-0123
  Server: Amy     Table 12
  Check #1045    03/04/2026 7:45 PM
  1 Burger             $14.50
  1 Fries               $4.00
  2 Soda                $5.50
  Subtotal             $24.00
  Sales Tax 8.25%       $1.98
  Total                $25.98
  Tip                   $5.00
  Total                $30.98
  Visa ****1234        $30.98
""",
        "JOE'S DINER",
        "2026-03-04",
        "30.98",
        "USD",
    ),
    Case(
        """
     STAPLES
     Store #0456  Seattle, WA 98101
     SALE   00012 3 004 56789
     10/12/2026  14:22
  HP INK 63XL         45.99
  PAPER A4             8.49
  SUBTOTAL            54.48
  Standard Tax 10.1%   5.50
  Total              $59.98
  MasterCard No.: XXXXXXXXXXXX1111
  TOTAL ITEMS 2
""",
        "STAPLES",
        "2026-10-12",
        "59.98",
        "USD",
    ),
    Case(
        """
   Uber                                Oct 3, 2026
   Thanks for riding, Ana
   Total                               €14.37
   Trip fare                           €12.10
   Booking fee                          €2.27
   Payments
   Visa ••••4242                       €14.37
   A receipt from Uber Portugal
""",
        "Uber",
        "2026-10-03",
        "14.37",
        "EUR",
    ),
    Case(
        """
Muster Software GmbH
Beispielweg 7 · 10115 Berlin

Lumen Works S.L.                      Rechnungsnummer: RE-2026-0815
Calle Alcalá 10                       Rechnungsdatum: 02.10.2026
28014 Madrid                          Lieferdatum: 30.09.2026
Spanien                               Ihre Bestellnummer: PO-10023

Rechnung

Pos  Bezeichnung         Menge   Einzelpreis   Gesamt
1    Lizenz Pro            5        80,00 €     400,00 €
2    Support               1       150,00 €     150,00 €
Nettobetrag                                     550,00 €
USt. 19 %                                       104,50 €
Rechnungsbetrag                                 654,50 €

Zahlbar bis 01.11.2026 ohne Abzug.
IBAN DE89 3704 0044 0532 0130 00   BIC COBADEFF
USt-IdNr. DE136695976   HRB 12345 Berlin
""",
        "Muster Software GmbH",
        "2026-10-02",
        "654.50",
        "EUR",
        document_number="RE-2026-0815",
        order_number="PO-10023",
        kind="invoice",
    ),
    Case(
        """
FACTURA                                   Nº 2026/0457
                                          Fecha: 20/09/2026
Suministros Industriales Pérez, S.L.      Vencimiento: 20/10/2026
CIF B12345674
Polígono Norte, nave 5
46980 Paterna (Valencia)

Cliente:
Lumen Works S.L.
CIF B87654323
Calle Alcalá 10, Madrid

Descripción           Cantidad    Precio     Importe
Silla ergonómica         2        210,00      420,00
Mesa 160x80              1        330,50      330,50
Base imponible                                750,50
IVA 21%                                       157,61
TOTAL FACTURA                                 908,11 €
Forma de pago: transferencia  IBAN ES91 2100 0418 4502 0005 1332
Su pedido: PO-10044
""",
        "Suministros Industriales Pérez, S.L.",
        "2026-09-20",
        "908.11",
        "EUR",
        tax_id="B12345674",
        document_number="2026/0457",
        order_number="PO-10044",
        kind="invoice",
    ),
    Case(
        """
                              INVOICE
Bill To:                               Invoice Number  INV-20931
Lumen Works                            Invoice Date    April 5, 2026
500 Market St                          Due Date        May 5, 2026
San Francisco, CA 94105                PO Number       PO-10051

Northwind Cloud, Inc.
88 Pine Street
New York, NY 10005
billing@northwindcloud.com

Description         Qty     Unit Price     Amount
Cloud hosting        1      $1,200.00     $1,200.00
Support              3        $150.00       $450.00
Subtotal                                  $1,650.00
Tax (8.875%)                                $146.44
Total                                     $1,796.44
Amount Paid                                   $0.00
Balance Due                               $1,796.44
""",
        "Northwind Cloud, Inc.",
        "2026-04-05",
        "1796.44",
        "USD",
        document_number="INV-20931",
        order_number="PO-10051",
        kind="invoice",
    ),
    Case(
        """
Facture n° F2026-118
Date de facture : 3 mars 2026
Échéance : 2 avril 2026
ATELIER BOIS & CIE SARL
14 avenue Jean Jaurès
31000 Toulouse
contact@atelierbois.fr

Facturé à :
Lumen Works
10 rue Lafayette
75009 Paris

Désignation            Qté     PU HT    Total HT
Étagère sur mesure      2     340,00     680,00
Livraison               1      45,00      45,00
Total HT                                 725,00 €
TVA 20 %                                 145,00 €
Total TTC                                870,00 €
""",
        "ATELIER BOIS & CIE SARL",
        "2026-03-03",
        "870.00",
        "EUR",
        document_number="F2026-118",
        kind="invoice",
    ),
    Case(
        """
Spett.le
LUMEN WORKS SRL
Via Dante 5
20121 Milano

OFFICINA GRAFICA BIANCHI S.R.L.
Via Torino 40 - 10121 Torino
P.IVA IT00743110157

FATTURA n. 215/2026 del 18/05/2026
Descrizione           Quantità   Prezzo   Importo
Stampa brochure          500      0,80     400,00
Imponibile                                 400,00
IVA 22%                                     88,00
Totale documento                           488,00 €
Scadenza 17/06/2026
""",
        "OFFICINA GRAFICA BIANCHI S.R.L.",
        "2026-05-18",
        "488.00",
        "EUR",
        kind="invoice",
    ),
    Case(
        """
  Hotel Sol Lisboa
  Unipessoal Lda   NIF 501964843
  Av. da Liberdade 100, 1250-145 Lisboa
  FATURA FT 2026/3321
  Exmo.(s) Sr.(s)
  Lumen Works
  Data de emissão: 09/10/2026
  Check-in 06/10/2026  Check-out 09/10/2026
  Alojamento 3 noites  6%       315,00
  Pequeno almoço       13%       36,00
  Taxa turística                  6,00
  Total Ilíquido                335,02
  Total IVA                      21,98
  Total                         357,00 EUR
""",
        "Hotel Sol Lisboa Unipessoal Lda",
        "2026-10-09",
        "357.00",
        "EUR",
        kind="invoice",
    ),
    Case(
        """
   SBB CFF FFS
   Billett Zürich HB - Bern
   Gültig: 14.11.2026
   Total CHF 51.00
   inkl. 8.1% MWST CHE-102.909.703
   Kauf: 13.11.2026 17:05
""",
        "SBB CFF FFS",
        "2026-11-13",
        "51.00",
        "CHF",
    ),
    Case(
        """
  LIDL BRASIL LTDA   CNPJ 12.345.678/0001-90
  Av Paulista 1000 Sao Paulo SP
  NFC-e 000123 Série 1
  CAFE 500G            18,90
  ACUCAR                5,49
  QTD. TOTAL DE ITENS      2
  VALOR TOTAL R$       24,39
  FORMA PAGAMENTO  VALOR PAGO
  Dinheiro             30,00
  Troco                 5,61
  08/08/2026 11:20:13
""",
        "LIDL BRASIL LTDA",
        "2026-08-08",
        "24.39",
        "BRL",
    ),
    Case(
        """
  Albert Heijn 1234
  Damrak 1 Amsterdam
  2 HALFVOLLE MELK   1,19   2,38
  1 KAAS                    5,49
  3 SUBTOTAAL               7,87
  UW VOORDEEL               0,50
  TOTAAL                    7,37
  PINNEN                    7,37
  BTW 9%   6,76   0,61
  16:05  02-07-2026
""",
        "Albert Heijn 1234",
        "2026-07-02",
        "7.37",
        "EUR",
    ),
    Case(
        """
   taxi 4321
   Licencia 08765
   NIF 12345678Z
   Fecha 19/11/26
   Hora inicio 09:10  Hora fin 09:32
   Tarifa 1       14,35
   Suplementos     3,10
   TOTAL          17,45 €
""",
        "taxi 4321",
        "2026-11-19",
        "17.45",
        "EUR",
    ),
    Case(
        """
   Receipt
   Invoice number  A1B2C3D4-0007
   Receipt number  2345-6789
   Date paid       September 7, 2026
   Payment method  Visa - 4242

   Figma, Inc.                         Bill to
   760 Market Street                   Lumen Works
   San Francisco, California 94102     ana@lumenworks.example
   United States                       Spain
   support@figma.com

   $90.00 paid on September 7, 2026

   Description          Qty    Unit price    Amount
   Figma Professional    6     $15.00        $90.00
   Sep 7 - Oct 7, 2026
   Subtotal                                  $90.00
   Total                                     $90.00
   Amount paid                               $90.00
""",
        "Figma, Inc.",
        "2026-09-07",
        "90.00",
        "USD",
    ),
    Case(
        """
      FARMACIA LÓPEZ GARCÍA
      Lda. María López  NIF 50123456R
      C/ Goya 45  28001 Madrid
      Ticket: 2026-00981    30/01/2026 11:02
   IBUPROFENO 600            2,50
   CREMA SOLAR SPF50        18,95
   TOTAL:                   21,45
   Tarjeta:                 21,45
""",
        "FARMACIA LÓPEZ GARCÍA",
        "2026-01-30",
        "21.45",
        "EUR",
    ),
    Case(
        """
   SHELL STATION 0815
   Autohof Nord  38112 Braunschweig
   Beleg-Nr. 5678/003
   * Super E10
   Zp 04    42,13 l   1,759 EUR/l
   74,11 EUR A
   Gesamtbetrag      74,11 EUR
   VISA              74,11 EUR
   Typ  Netto  MwSt 19,00%  Brutto
   A    62,28  11,83        74,11
   28.02.2026  07:55
""",
        "SHELL STATION 0815",
        "2026-02-28",
        "74.11",
        "EUR",
    ),
)
