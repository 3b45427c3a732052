"""The whole map of the portal."""

from django.conf import settings
from django.urls import include, path

from edi.transports.as2 import views as as2

urlpatterns = [
    path("", include("portal.home.urls")),
    path("accounts/", include("allauth.urls")),
    path("organisation/", include("partners.urls")),
    path("inbox/", include("inbox.urls")),
    path("rooms/", include("chat.urls")),
    path("deals/", include("deals.urls")),
    path("orders/", include("orders.urls")),
    path("exchange/", include("edi.urls")),
    path("api/", include("api.urls")),
    path("as2/", as2.receive, name="as2"),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("portal.home.demo_urls"))]
