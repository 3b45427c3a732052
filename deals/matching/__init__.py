"""When two companies are one: normal forms, what two of them have in common, and how much that says.

Pure: no database, no settings, no clock. `Company.of(…)` brings what people typed into normal form, `features(a, b)`
says what agrees and what contradicts, `score(features, rules)` makes a number from 0 to 100 of it, and `keys(company)`
gives the values under which a company is filed so that its like is found among millions.
"""

from deals.matching.company import Company
from deals.matching.features import features
from deals.matching.filing import keys
from deals.matching.names import name_key, similarity
from deals.matching.scoring import HOUSE, Rules, matched, score

__all__ = ["HOUSE", "Company", "Rules", "features", "keys", "matched", "name_key", "score", "similarity"]
