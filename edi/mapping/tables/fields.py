"""What a column of a table may mean, document by document, and by which header words it is known. Data only.

Field names are those of orders.documents; a party's are "buyer.id", "buyer.name"; those of a line begin with "line.".
"""

from typing import Literal

Kind = Literal["order", "response", "catalogue", "stock"]
Value = Literal["text", "number", "day", "unit"]

_PARTY = {"id": "text", "name": "text", "street": "text", "city": "text", "postcode": "text", "country": "text"}
_ITEM: dict[str, Value] = {
    "line.number": "text",
    "line.gtin": "text",
    "line.seller_sku": "text",
    "line.buyer_sku": "text",
    "line.description": "text",
    "line.note": "text",
}


def _party(role: str, *names: str) -> dict[str, Value]:
    return {f"{role}.{name}": "text" for name in names or _PARTY}


_HEAD: dict[str, Value] = {"number": "text", "issued_on": "day", "currency": "text", "note": "text"}
FIELDS: dict[str, dict[str, Value]] = {
    "order": {
        **_HEAD,
        **_party("buyer", "id", "name"),
        **_party("seller", "id", "name"),
        **_party("ship_to"),
        "contract": "text",
        "deal": "text",
        "delivery_date": "day",
        "terms": "text",
        "incoterm": "text",
        **_ITEM,
        "line.quantity": "number",
        "line.unit": "unit",
        "line.unit_price": "number",
        "line.price_base": "number",
        "line.stated_amount": "number",
        "line.delivery_date": "day",
    },
    "response": {
        **_HEAD,
        **_party("buyer", "id", "name"),
        **_party("seller", "id", "name"),
        "order_number": "text",
        "seller_order_number": "text",
        **_ITEM,
        "line.answer": "text",
        "line.ordered_quantity": "number",
        "line.quantity": "number",
        "line.unit": "unit",
        "line.unit_price": "number",
        "line.delivery_date": "day",
        "line.reason": "text",
        "line.substitute": "text",
    },
    "catalogue": {
        **_HEAD,
        **_party("seller", "id", "name"),
        "valid_from": "day",
        "valid_until": "day",
        **_ITEM,
        "line.unit": "unit",
        "line.unit_price": "number",
        "line.price_base": "number",
        "line.from_quantity": "number",
        "line.pack_quantity": "number",
        "line.minimum": "number",
        "line.lead_days": "number",
        "line.available_from": "day",
        "line.available_until": "day",
        "line.replaces": "text",
    },
    "stock": {
        **_HEAD,
        **_party("seller", "id", "name"),
        "as_of": "day",
        **_ITEM,
        "line.quantity": "number",
        "line.unit": "unit",
        "line.location": "text",
    },
}
# Without these (as a column or a constant) a document of the kind says nothing.
NEEDED = {
    "order": ("number", "line.quantity"),
    "response": ("order_number",),
    "catalogue": (),
    "stock": ("line.quantity",),
}
ITEM_NUMBERS = ("line.gtin", "line.seller_sku", "line.buyer_sku")  # one of them, or nobody knows what is meant
MESSAGE_KINDS = {
    "order": "Order",
    "response": "OrderResponse",
    "catalogue": "Catalogue",
    "stock": "InventoryReport",
}
ANSWERS = {
    "accepted": (
        "accepted",
        "ok",
        "yes",
        "si",
        "sì",
        "accettato",
        "confermato",
        "confirmed",
        "bestätigt",
        "accepté",
        "5",
    ),
    "changed": ("changed", "modificato", "variato", "geändert", "modifié", "3"),
    "rejected": ("rejected", "no", "rifiutato", "abgelehnt", "refusé", "7", "cancelled", "annullato"),
    "backordered": ("backordered", "backorder", "inevaso", "rückstand", "reliquat"),
}

# Header words in English, Italian, German and French, without accents, case and punctuation.
WORDS: dict[str, str] = {
    "number": (
        "order number|order no|order nr|order id|po number|po no|po|purchase order|purchase order number"
        "|order|document number|numero ordine|n ordine|nr ordine|num ordine|ordine|ordine n|rif ordine"
        "|numero documento|codice ordine|bestellnummer|bestellnr|bestell nr|bestellung|auftragsnummer"
        "|auftragsnr|belegnummer|numero de commande|n commande|no commande|num commande|commande"
        "|numero commande|n de commande"
    ),
    "order_number": (
        "your order|customer order|vostro ordine|ordine cliente|ihre bestellung|kundenbestellung|votre commande"
    ),
    "seller_order_number": (
        "sales order|sales order number|our order|confirmation number|ordine di vendita|nostro ordine"
        "|conferma ordine|auftragsbestatigung|unser auftrag|commande de vente|notre commande"
        "|accuse de commande"
    ),
    "issued_on": (
        "order date|date|document date|date of order|po date|data ordine|data|data documento|data doc"
        "|bestelldatum|datum|auftragsdatum|belegdatum|date de commande|date commande|date du document"
    ),
    "currency": "currency|curr|ccy|currency code|valuta|divisa|wahrung|devise|monnaie",
    "note": "order note|remarks|header text|note ordine|bestelltext|kopftext|remarques|observations",
    "buyer.id": (
        "buyer gln|buyer id|buyer|customer|customer number|customer no|customer id|cliente|codice cliente"
        "|cod cliente|kunde|kundennummer|kundennr|kunden nr|client|code client|numero client|gln acheteur"
        "|acheteur"
    ),
    "buyer.name": (
        "buyer name|customer name|nome cliente|ragione sociale|ragione sociale cliente|kundenname|nom client"
    ),
    "seller.id": (
        "seller gln|seller id|supplier gln|supplier id|supplier|supplier number|vendor|vendor number"
        "|vendor no|vendor id|fornitore|codice fornitore|cod fornitore|lieferant|lieferantennummer"
        "|lieferantennr|kreditor|fournisseur|code fournisseur|numero fournisseur"
    ),
    "seller.name": "seller name|supplier name|vendor name|nome fornitore|lieferantenname|nom fournisseur",
    "ship_to.id": (
        "ship to|ship to gln|ship to id|ship to code|delivery location|store|store number|destinazione"
        "|codice destinazione|luogo di consegna|punto di consegna|warenempfanger|lieferort|filiale"
        "|lieu de livraison|magasin|code magasin"
    ),
    "ship_to.name": (
        "ship to name|delivery name|consignee|destinatario|nome destinazione|lieferadresse name|destinataire"
    ),
    "ship_to.street": (
        "ship to street|delivery address|address|street|indirizzo|indirizzo di consegna|via|strasse"
        "|lieferstrasse|lieferadresse|adresse|adresse de livraison|rue"
    ),
    "ship_to.city": "ship to city|city|town|citta|localita|comune|ort|stadt|ville",
    "ship_to.postcode": "postcode|zip|zip code|postal code|cap|plz|postleitzahl|code postal",
    "ship_to.country": "country|country code|paese|nazione|land|landercode|pays|code pays",
    "contract": "contract|contract number|agreement|contratto|numero contratto|vertrag|vertragsnummer|contrat",
    "deal": "deal|deal number|deal registration|project|progetto|trattativa|projekt|projet|affaire",
    "delivery_date": "",
    "terms": "payment terms|terms|condizioni di pagamento|pagamento|zahlungsbedingungen|conditions de paiement",
    "incoterm": "incoterm|incoterms|delivery terms|resa|termini di resa|lieferbedingungen|conditions de livraison",
    "valid_from": (
        "valid from|valido dal|valido da|inizio validita|gultig ab|gultig von|valable du|valable a partir du"
    ),
    "valid_until": (
        "valid until|valid to|valido fino al|valido al|fine validita|gultig bis|valable jusqu au|valable au"
    ),
    "as_of": "as of|stock date|inventory date|data giacenza|data inventario|bestandsdatum|stichtag|date de stock",
    "line.number": (
        "line|line no|line number|line nr|item no|pos|position|item number line|riga|n riga|nr riga"
        "|numero riga|posizione|zeile|zeilennummer|positionsnummer|posnr|pos nr|ligne|no ligne"
        "|numero de ligne|numero ligne"
    ),
    "line.gtin": (
        "gtin|ean|ean code|ean13|ean 13|upc|barcode|bar code|codice ean|codice a barre|ean nummer|ean nr"
        "|strichcode|code ean|code barres|code a barres"
    ),
    "line.seller_sku": (
        "sku|item|item number|item code|article|article number|article no|part number|part no|product code"
        "|product|product id|supplier item|supplier sku|supplier part number|vendor item|vendor part number"
        "|seller sku|material|codice|codice articolo|cod articolo|cod art|articolo|codice prodotto"
        "|codice articolo fornitore|cod art fornitore|artikel|artikelnummer|artikelnr|artikel nr|art nr"
        "|materialnummer|lieferanten artikelnummer|lieferantenartikelnummer|reference|ref|article fournisseur"
        "|code article|reference article|reference fournisseur|code produit|ref article"
    ),
    "line.buyer_sku": (
        "buyer sku|customer item|customer part number|customer sku|our item|our part number|buyer part number"
        "|codice articolo cliente|codice cliente articolo|nostro codice|cod art cliente|codice interno"
        "|kundenartikelnummer|kundenmaterial|unsere artikelnummer|reference client|code article client"
        "|notre reference"
    ),
    "line.description": (
        "description|item description|product name|name|product description|text|descrizione"
        "|descrizione articolo|denominazione|beschreibung|bezeichnung|artikelbezeichnung|artikeltext"
        "|designation|libelle|description article"
    ),
    "line.note": (
        "note|notes|comment|comments|line note|annotazioni|note riga|bemerkung|bemerkungen|anmerkung|hinweis"
        "|commentaire|commentaires"
    ),
    "line.quantity": (
        "quantity|qty|order quantity|ordered quantity|qty ordered|ordered|quantita|qta|q ta|quantita ordinata"
        "|qta ordinata|menge|bestellmenge|anzahl|stuckzahl|quantite|qte|quantite commandee|qte commandee"
        "|stock|on hand|quantity on hand|available|available quantity|giacenza|disponibilita|disponibile"
        "|bestand|lagerbestand|verfugbar|quantite en stock|disponible|confirmed quantity|quantita confermata"
        "|qta confermata|bestatigte menge|quantite confirmee"
    ),
    "line.ordered_quantity": "",
    "line.unit": (
        "unit|uom|unit of measure|um|u m|unita|unita di misura|unita misura|einheit|mengeneinheit|me|unite"
        "|unite de mesure"
    ),
    "line.unit_price": (
        "price|unit price|net price|net unit price|price per unit|cost|unit cost|prezzo|prezzo unitario"
        "|prezzo netto|pr unitario|preis|einzelpreis|nettopreis|stuckpreis|listenpreis|prix|prix unitaire"
        "|prix net|pu|p u|list price|prezzo di listino|prix catalogue"
    ),
    "line.price_base": (
        "price per|price unit|price base|per|prezzo per|base prezzo|preiseinheit|preis pro|unite de prix"
    ),
    "line.from_quantity": "from quantity|min qty price|da quantita|ab menge|a partir de",
    "line.stated_amount": (
        "amount|line amount|line total|total|net amount|importo|importo riga|totale|totale riga|imponibile"
        "|betrag|gesamtpreis|zeilenbetrag|summe|positionsbetrag|montant|montant ligne|total ligne|montant ht"
    ),
    "line.delivery_date": (
        "delivery date|requested delivery date|requested date|ship date|due date|required date|delivery"
        "|data consegna|data di consegna|consegna|data consegna richiesta|consegna richiesta|data richiesta"
        "|lieferdatum|liefertermin|wunschtermin|wunschlieferdatum|date de livraison|date livraison|livraison"
        "|date livraison souhaitee"
    ),
    "line.answer": "status|answer|line status|response|esito|stato|stato riga|risposta|antwort|statut|etat|reponse",
    "line.reason": "reason|motivo|causale|grund|motif|raison",
    "line.substitute": "substitute|replacement|sostituto|articolo sostitutivo|ersatz|ersatzartikel|remplacement",
    "line.pack_quantity": (
        "pack|pack size|pack quantity|units per pack|confezione|pezzi per confezione|verpackungseinheit|ve"
        "|conditionnement|colisage"
    ),
    "line.minimum": (
        "minimum|moq|minimum order|minimum quantity|minimo|quantita minima|lotto minimo|mindestmenge"
        "|mindestbestellmenge|minimum de commande|quantite minimum"
    ),
    "line.lead_days": (
        "lead time|lead days|delivery days|tempo di consegna|giorni consegna|lieferzeit|delai|delai de livraison"
    ),
    "line.available_from": "available from|disponibile dal|verfugbar ab|disponible a partir du",
    "line.available_until": "available until|disponibile fino al|verfugbar bis|disponible jusqu au",
    "line.replaces": "replaces|sostituisce|ersetzt|remplace",
    "line.location": "location|warehouse|site|magazzino|deposito|ubicazione|lager|lagerort|standort|entrepot|depot",
}
# Units as people write them → UN/ECE Recommendation 20. What is not listed stays as it was written.
UNITS = {
    "C62": "pz|pezzo|pezzi|pcs|pc|piece|pieces|ea|each|st|stk|stck|stuck|pce|unit|units|n|nr|u|unite|unites|un",
    "KGM": "kg|kgs|kilo|chilo|kilogram|kilogramm|kilogramme|chilogrammi",
    "GRM": "g|gr|gram|grammi|gramm|gramme",
    "TNE": "t|ton|tonnellata|tonne",
    "LTR": "l|lt|liter|litre|litro|litri",
    "MTR": "m|mt|meter|metre|metro|metri|lfm|ml",
    "MTK": "m2|mq|qm|m²",
    "MTQ": "m3|mc|cbm|m³",
    "CMT": "cm",
    "MMT": "mm",
    "PR": "paio|paia|pair|paar|paire",
    "SET": "set|kit|satz|jeu",
    "XCT": "ct|ctn|carton|cartone|cartoni|karton",
    "XBX": "box|scatola|scatole|schachtel|boite",
    "XPK": "pack|pk|conf|confezione|packung|paquet",
    "XPF": "pallet|plt|bancale|palette",
    "XRO": "rotolo|roll|rolle|rouleau",
    "HUR": "h|hour|ora|ore|std|stunde|heure",
}
