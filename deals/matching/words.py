"""The words of company names: legal forms of many countries, abbreviations, and words that say little. In folded form
(lower case, no accents, "ue" for "ü" taken together with "u"), as deals.matching.names makes them."""

# ISO 20275 lists some 2,000 legal forms; these are the ones that people write on orders, in full and in short.
_LEGAL_WORDS = (
    # Italy
    "spa srl srls snc sas sapa scarl scrl scpa scpl ss srlu "
    # German, Austrian, Swiss
    "gmbh mbh ag kg ohg ug kga gbr ek ev eg eu aktiengesellschaft kommanditgesellschaft gesmbh ggmbh "
    # English
    "ltd limited plc llp llc lp inc incorporated corp corporation company co pty pte pvt cic "
    # French, Belgian, Luxembourgish
    "sa sarl sasu eurl snc sca scs sprl srl asbl gie scop "
    # Dutch
    "bv nv vof cv bvba "
    # Spanish, Portuguese
    "sl slu slp sau sll slne lda ltda unipessoal "
    # Nordic
    "ab as asa aps oy oyj hf ehf ivs kb hb "
    # Central and eastern Europe
    "sro doo dd kft zrt nyrt bt ooo oao zao ao ood ead eood uab sia ou "
    # Europe
    "se scoop eeig geie coop"
)

# In words; each is taken out wherever it stands. "Fa." and "Ditta" only say that a company follows.
LEGAL_PHRASES = tuple(
    tuple(phrase.split())
    for phrase in (
        "societa a responsabilita limitata semplificata",
        "societa a responsabilita limitata",
        "a responsabilita limitata",
        "societa per azioni",
        "societa in nome collettivo",
        "societa in accomandita semplice",
        "societa in accomandita per azioni",
        "societa cooperativa sociale",
        "societa cooperativa",
        "soc coop a r l",
        "soc coop arl",
        "soc coop",
        "societa semplice",
        "societa consortile a r l",
        "societa consortile",
        "soc cons a r l",
        "con socio unico",
        "a socio unico",
        "socio unico",
        "unipersonale",
        "in liquidazione",
        "gesellschaft mit beschrankter haftung",
        "unternehmergesellschaft haftungsbeschrankt",
        "ug haftungsbeschrankt",
        "offene handelsgesellschaft",
        "eingetragene genossenschaft",
        "gmbh co kga",
        "gmbh co kg",
        "gmbh u co kg",
        "gmbh und co kg",
        "ag co kg",
        "gmbh co ohg",
        "in liquidation",
        "i l",
        "e k",
        "e v",
        "e g",
        "public limited company",
        "private limited",
        "pvt ltd",
        "pty ltd",
        "co ltd",
        "co inc",
        "societe a responsabilite limitee",
        "societe par actions simplifiee unipersonnelle",
        "societe par actions simplifiee",
        "societe anonyme",
        "societe en nom collectif",
        "societe civile",
        "sociedad de responsabilidad limitada",
        "sociedad limitada unipersonal",
        "sociedad limitada",
        "sociedad anonima de capital variable",
        "sociedad anonima unipersonal",
        "sociedad anonima",
        "sociedade anonima",
        "s de r l de c v",
        "s de rl de cv",
        "sa de cv",
        "s a de c v",
        "s de r l",
        "s de rl",
        "besloten vennootschap",
        "namloze vennootschap",
        "vennootschap onder firma",
        "a s",
        "s a",
        "s r o",
        "spol s r o",
        "spol sro",
        "d o o",
        "sp z o o",
        "sp z oo",
        "spzoo",
        "sp zoo",
        "spolka z o o",
        "sp k",
        "sp j",
        "spolka akcyjna",
        "osakeyhtio",
        "aktiebolag",
        "aktieselskab",
        "anpartsselskab",
        "ditta",
        "firma",
        "fa",
    )
)
# What stands for what. Left: as people shorten it or as another language writes it; right: the word that is compared.
ALIASES = {
    "flli": "fratelli",
    "fr lli": "fratelli",
    "frlli": "fratelli",
    "gebr": "gebruder",
    "bros": "brothers",
    "cie": "compagnie",
    "ets": "etablissements",
    "etabl": "etablissements",
    "st": "saint",
    "ste": "saint",
    "sankt": "saint",
    "sainte": "saint",
    "int": "international",
    "intl": "international",
    "internazionale": "international",
    "internationale": "international",
    "internacional": "international",
    "groupe": "group",
    "gruppo": "group",
    "gruppe": "group",
    "grupo": "group",
    "ind": "industrie",
    "costr": "costruzioni",
    "constr": "construction",
    "constructions": "construction",
    "mfg": "manufacturing",
    "mgmt": "management",
    "eng": "engineering",
    "ing": "ingenieur",
    "serv": "service",
    "servizi": "service",
    "services": "service",
    "servicios": "service",
    "dienste": "service",
    "tech": "technology",
    "technologies": "technology",
    "technologie": "technology",
    "tecnologie": "technology",
    "tecnologia": "technology",
    "tecnologias": "technology",
    "sys": "systems",
    "system": "systems",
    "systeme": "systems",
    "sistemi": "systems",
    "sistemas": "systems",
    "soc": "societa",
    "az": "azienda",
    "cons": "consorzio",
    "ist": "istituto",
    "hnos": "hermanos",
    "inmobiliaria": "immobiliare",
    "immobilier": "immobiliare",
    "immobiliere": "immobiliare",
    "immobilien": "immobiliare",
    "properties": "immobiliare",
    "logistik": "logistics",
    "logistica": "logistics",
    "logistique": "logistics",
    "distribuzione": "distribution",
    "distribucion": "distribution",
    "distribuicao": "distribution",
    "energia": "energy",
    "energie": "energy",
    "energias": "energy",
    "univ": "university",
    "universita": "university",
    "universitat": "university",
    "universite": "university",
    "universidad": "university",
}
# Joining words: they part other words, and say nothing.
_STOP_WORDS = (
    "e ed di del della dei degli delle da de la le il lo gli i un una per con in und u der die das den des fur von "
    "vom zu zur am im mit the and of for on at by et les du au aux en pour sur d l y el los las al para van het een "
    "voor op te og och i z"
)

# Words of trade: many companies bear them, so that having one in common says little.
_GENERIC = (
    "group holding figli figlio sohne sohn sons son fils hijos hermanos fratelli gebruder brothers freres service "
    "international italia italiana italiano italy deutschland germany france espana iberica uk europe europa euro "
    "global world trading commerciale commercial handel handels vertrieb distribution distribuzione costruzioni "
    "construction construcciones bau edilizia impianti impiantistica anlagenbau installations montaggi industrie "
    "industria industries industriale industrial engineering technik tecnica technology systems solutions soluzioni "
    "losungen soluciones energia energie energy elettronica elektro electric meccanica mechanik maschinenbau officine "
    "werke werk werkstatt atelier ateliers studio consulting consulenza beratung conseil management logistica "
    "logistik logistics transport trasporti transports transportes spedition immobiliare immobilien immobilier real "
    "estate societa societe sociedad gesellschaft azienda unternehmen compagnie compania etablissements maison casa "
    "haus centro center centre zentrum consorzio istituto institut instituto comune stadt ville ayuntamiento city "
    "stadtwerke university ospedale hospital klinikum klinik hopital farmacia alimentari lebensmittel foods food "
    "agricola agrar agro manufacturing products prodotti produkte produits materiali plastica plastik metalli metal "
    "metall metaux legno holz bois acciaio stahl steel carta papier tessile textil moda mode fashion design software "
    "informatica digital data media san saint santa nuova neue nouvelle new nord sud ost west est"
)

# A name that is the other's but for one of these is most often a daughter, or the mother, of it.
_DAUGHTERS = (
    "group holding service international italia italy deutschland germany france espana iberica uk europe global "
    "trading commerciale vertrieb distribution distribuzione immobiliare immobilien immobilier logistica logistik "
    "logistics transport engineering consulting energia energie energy digital software leasing finance finanziaria "
    "beteiligungs verwaltungs capital nord sud ost west polska osterreich austria schweiz suisse nederland belgium "
    "iberia americas usa asia portugal romania hungary"
)
LEGAL_WORDS = frozenset(_LEGAL_WORDS.split())
STOP_WORDS = frozenset(_STOP_WORDS.split())
GENERIC = frozenset(_GENERIC.split())
DAUGHTERS = frozenset(_DAUGHTERS.split())
