"""The map of /api/: version 1 over the portal's own actions, its OpenAPI document, and docs that work offline."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from api.deals import CustomerViewSet, DealViewSet
from api.edi import InboundView, OutboundViewSet
from api.fulfilment import DespatchViewSet, InvoiceViewSet, ReceiptViewSet
from api.network import OrganisationViewSet, PartnershipViewSet
from api.notifications import NotificationViewSet
from api.orders import OrderViewSet
from api.products import ProductViewSet
from api.requests import RequestViewSet
from api.rooms import RoomViewSet

app_name = "api"
router = SimpleRouter()
router.register("organisations", OrganisationViewSet, basename="organisation")
router.register("partnerships", PartnershipViewSet, basename="partnership")
router.register("products", ProductViewSet, basename="product")
router.register("orders", OrderViewSet, basename="order")
router.register("despatches", DespatchViewSet, basename="despatch")
router.register("receipts", ReceiptViewSet, basename="receipt")
router.register("invoices", InvoiceViewSet, basename="invoice")
router.register("customers", CustomerViewSet, basename="customer")
router.register("deals", DealViewSet, basename="deal")
router.register("requests", RequestViewSet, basename="request")
router.register("edi/outbound", OutboundViewSet, basename="edi-outbound")
router.register("rooms", RoomViewSet, basename="room")
router.register("notifications", NotificationViewSet, basename="notification")

urlpatterns = [
    path("v1/edi/inbound/", InboundView.as_view(), name="edi-inbound"),
    path("v1/", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
