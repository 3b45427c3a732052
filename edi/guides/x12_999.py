"""999, implementation acknowledgment (functional group FA): the structure of ASC X12 releases 004010 and 005010.

The set exists from 005010 on (guide 005010X231); the same structure is lent to 004010.

Order, requirement and maximum use follow the set's own tables, compared with those that the bots grammars publish.
"""

from edi.guides.x12_releases import releases

V4010, V5010 = GUIDES = releases(
    "999",
    "Implementation acknowledgment",
    """
    ST! AK1!
    LAK2*M(AK2! LAK2IK3*M(IK3! CTX*10 LIK3IK4*M(IK4! CTX*10)) IK5!)
    AK9! SE!
    """,
)
