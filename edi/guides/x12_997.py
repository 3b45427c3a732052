"""997, functional acknowledgment (functional group FA): the structure of ASC X12 releases 004010 and 005010.

Order, requirement and maximum use follow the set's own tables, compared with those that the bots grammars publish.
"""

from edi.guides.x12_releases import releases

V4010, V5010 = GUIDES = releases(
    "997",
    "Functional acknowledgment",
    """
    ST! AK1!
    LAK2*M(AK2! LAK2AK3*M(AK3! AK4*99) AK5!)
    AK9! SE!
    """,
)
