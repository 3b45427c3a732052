"""Rules that approve a registration by themselves: conditions in readable sentences. Pure: no database, no clock.

A rule is {"id", "name", "version", "active", "join", "groups"}; a group {"join", "conditions"}; a condition {"field",
"op", "value"}. `join` is "all" or "any". Groups do not nest. What is not known of a deal makes a condition false,
whatever it asks: nothing is ever approved by what nobody knows.
"""

from deals.rules.catalogue import Field, catalogue
from deals.rules.cleaning import MAX_CONDITIONS, MAX_GROUPS, MAX_RULES, clean
from deals.rules.evaluating import first_that_holds, holds
from deals.rules.words import condition_in_words, sentence

__all__ = [
    "MAX_CONDITIONS",
    "MAX_GROUPS",
    "MAX_RULES",
    "Field",
    "catalogue",
    "clean",
    "condition_in_words",
    "first_that_holds",
    "holds",
    "sentence",
]
