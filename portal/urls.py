"""The whole map of the portal."""

from django.conf import settings
from django.urls import include, path

from edi.transports.as2 import views as as2
from inbox.views.choosing import service_worker
from inbox.views.inbound import mail as inbound_mail

urlpatterns = [
    path("", include("portal.home.urls")),
    path("accounts/", include("allauth.urls")),
    path("organisation/webhooks/", include("inbox.webhooks.urls")),
    path("organisation/", include("partners.urls")),
    path("logo/", include("partners.public_urls")),
    path("inbox/", include("inbox.urls")),
    path("inbound/mail/", inbound_mail, name="inbound_mail"),
    path("sw.js", service_worker, name="service_worker"),
    path("rooms/", include("chat.urls")),
    path("calls/", include("chat.call_urls")),
    path("deals/", include("deals.urls")),
    path("orders/", include("orders.urls")),
    path("forums/", include("forums.urls")),
    path("community/", include("forums.public_urls")),
    path("promotions/", include("promotions.urls")),
    path("funds/", include("funds.urls")),
    path("rebates/", include("rebates.urls")),
    path("programme/", include("programmes.urls")),
    path("audiences/", include("audiences.urls")),
    path("triggers/", include("automation.urls")),
    path("campaigns/", include("campaigns.urls")),
    path("leads/", include("leads.urls")),
    path("l/", include("leads.public_urls")),
    path("m/", include("audiences.public_urls")),
    path("c/", include("campaigns.public_urls")),
    path("exchange/", include("edi.urls")),
    path("insights/", include("insights.urls")),
    path("api/", include("api.urls")),
    path("as2/", as2.receive, name="as2"),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("portal.home.demo_urls"))]
