"""AS2 with mock-edi, a trading partner that others wrote: our message to it, its messages and receipts to us."""

import pytest

from edi.models import Interchange
from edi.transports.as2.receiving import send_receipts_owed
from edi.transports.delivering import deliver
from tests.edi.traffic import pair, x12
from tests.edi.transport_peers import as2_of, outgoing

mockedi = pytest.importorskip("mockedi.testing")
US = "8023456000006"


@pytest.fixture
def couple(transactional_db, settings):
    settings.EDI_PRIVATE_ADDRESSES = True
    return pair(buyer_ids=("MOCKEDI",), seller_ids=(US,), connection={"format": "x12:004010", "mode": "test"})


@pytest.mark.parametrize("receipt", ["sync", "async"])
def test_both_ways(couple, live_server, settings, receipt):
    settings.BASE_URL = live_server.url
    with mockedi.Mock.start() as mock:
        plain = {"digest": "", "cipher": "", "signed_receipt": False, "receipt": receipt}
        transport = as2_of(couple, url=f"{mock.base}/as2", **plain)
        transport.own_name, transport.their_name = US, "MOCKEDI"
        transport.save()
        mock.expect("POST", "/_mock/partners", {"id": US, "as2_url": f"{live_server.url}/as2/"}, status=201)
        row = outgoing(couple, x12(sender=US, receiver="MOCKEDI").encode(), "905")
        Interchange.objects.filter(pk=row.pk).update(standard="x12", kinds="850")
        assert deliver(row.pk)
        mock.settle()
        assert send_receipts_owed() == 0
        row.refresh_from_db()
        assert (row.delivery, row.attempts.first().text) == ("delivered", "The receipt confirms it.")
        assert mock.order("PO-2")
        came = Interchange.objects.filter(direction="in", organisation=couple.buyer)
        assert {"997", "855"} <= {kind for each in came for kind in each.kinds.split(", ")}
        assert all(each["status"] == "delivered" for each in mock.outbox())
