"""The pages of deals at 10,000, 100,000 and 1,000,000 deals of one vendor over 200 partners, on PostgreSQL.

See bench/deals/pages.py; interleavings.py tells stories of partners after one customer, and is run by itself.
"""

from bench import Row


def run() -> list[Row]:
    """The rows of bench.deals.pages."""
    from bench.deals import pages

    return pages.run()
