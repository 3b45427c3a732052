"""The one ledger: double entry, append-only. What funds, rebates and commissions promise, owe and pay is booked here.

A *purse* names the accounts that belong together ("fund:12"); inside it each kind of account exists once for the vendor
and once for each partner. A set of entries moves amounts between the accounts of one purse and sums to zero. Balances
are sums of entries and stand nowhere else.
"""
