"""Who plays in these tests; all of them read English but Giulia and Andrea."""

LUCA = "luca.conti@aurora.example"  # channel manager of the vendor Aurora Pumps
GIULIA = "giulia.ferri@aurora.example"  # its administrator
BRUNO = "bruno.marin@aurora.example"  # its finance director, who stands in for the head of pricing
PAOLO = "paolo.greco@aurora.example"  # its order desk
ELENA = "elena.sala@aurora.example"  # its integration engineer
MARTA = "marta.riva@brenta.example"  # salesperson of the partner Brenta Impianti
ANDREA = "andrea.moro@brenta.example"  # its administrator
SARA = "sara.zanin@brenta.example"  # its order desk
IRENE = "irene.bassi@adriatica.example"  # works for two organisations
INGRID = "ingrid.lund@nordic.example"  # administrator of another vendor
ELSA = "elsa.holm@baltic.example"  # of a partner that has nothing to do with Aurora
CAMILLE = "camille.roux@loire.example"  # administrator of another partner of Aurora
