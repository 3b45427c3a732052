"""The map of /api/: version 1 over the portal's own actions, its OpenAPI document, and docs that work offline."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from api.accounts import AccountViewSet
from api.approvals import AbsenceViewSet, ApprovalViewSet
from api.audiences import AudienceContactViewSet, MailingViewSet, SegmentViewSet
from api.beside import ActivityViewSet, ChangeViewSet, ContactViewSet, FileViewSet, NoteViewSet
from api.calendars import CalendarViewSet
from api.campaigns import CampaignViewSet
from api.cases import CaseViewSet
from api.deals import CustomerViewSet, DealViewSet
from api.edi import InboundView, OutboundViewSet
from api.expenses import ExpenseViewSet
from api.forecast import ForecastViewSet
from api.fulfilment import DespatchViewSet, InvoiceViewSet, ReceiptViewSet
from api.fund_claims import ClaimViewSet
from api.fund_requests import FundRequestViewSet
from api.funds import FundViewSet
from api.insights import FigureViewSet, RecordViewSet, ScorecardViewSet
from api.lead_setup import LeadFormViewSet, LeadImportViewSet, LeadRuleViewSet
from api.leads import LeadOfferViewSet, LeadViewSet
from api.money import CreditViewSet, MoneyViewSet
from api.network import OrganisationViewSet, PartnershipViewSet
from api.notifications import NotificationViewSet
from api.orders import OrderViewSet
from api.price_lists import PriceListViewSet
from api.products import ProductViewSet
from api.programmes import CertificationViewSet, StandingViewSet
from api.promotions import PromotionViewSet
from api.quotes import QuoteViewSet
from api.rebates import RebateCreditViewSet, RebateStatementViewSet, RebateViewSet
from api.requests import RequestViewSet
from api.rooms import RoomViewSet
from api.topics import BoardViewSet, TopicViewSet
from api.triggers import TriggerViewSet
from api.types import TypeViewSet
from api.webhooks import WebhookDeliveryViewSet, WebhookViewSet

app_name = "api"
router = SimpleRouter()
router.register("organisations", OrganisationViewSet, basename="organisation")
router.register("partnerships", PartnershipViewSet, basename="partnership")
router.register("products", ProductViewSet, basename="product")
router.register("quotes", QuoteViewSet, basename="quote")
router.register("price-lists", PriceListViewSet, basename="price-list")
router.register("orders", OrderViewSet, basename="order")
router.register("insights/figures", FigureViewSet, basename="figure")
router.register("insights/scorecards", ScorecardViewSet, basename="scorecard")
router.register("insights/records", RecordViewSet, basename="record")
router.register("insights/money", MoneyViewSet, basename="money")
router.register("insights/credits", CreditViewSet, basename="credit")
router.register("despatches", DespatchViewSet, basename="despatch")
router.register("receipts", ReceiptViewSet, basename="receipt")
router.register("invoices", InvoiceViewSet, basename="invoice")
router.register("customers", CustomerViewSet, basename="customer")
router.register("named-accounts", AccountViewSet, basename="account")
router.register("conflict-cases", CaseViewSet, basename="case")
router.register("deals", DealViewSet, basename="deal")
router.register("approvals", ApprovalViewSet, basename="approval")
router.register("absences", AbsenceViewSet, basename="absence")
router.register("calendar", CalendarViewSet, basename="calendar")
router.register("leads", LeadViewSet, basename="lead")
router.register("lead-offers", LeadOfferViewSet, basename="lead-offer")
router.register("lead-rules", LeadRuleViewSet, basename="lead-rule")
router.register("lead-forms", LeadFormViewSet, basename="lead-form")
router.register("lead-imports", LeadImportViewSet, basename="lead-import")
router.register("campaign-expenses", ExpenseViewSet, basename="campaign-expense")
router.register("campaigns", CampaignViewSet, basename="campaign")
router.register("promotions", PromotionViewSet, basename="promotion")
router.register("funds", FundViewSet, basename="fund")
router.register("fund-requests", FundRequestViewSet, basename="fund-request")
router.register("fund-claims", ClaimViewSet, basename="fund-claim")
router.register("standings", StandingViewSet, basename="standing")
router.register("certifications", CertificationViewSet, basename="certification")
router.register("audience-contacts", AudienceContactViewSet, basename="audience-contact")
router.register("audience-segments", SegmentViewSet, basename="audience-segment")
router.register("mailings", MailingViewSet, basename="mailing")
router.register("triggers", TriggerViewSet, basename="trigger")
router.register("rebates", RebateViewSet, basename="rebate")
router.register("rebate-credits", RebateCreditViewSet, basename="rebate-credit")
router.register("rebate-statements", RebateStatementViewSet, basename="rebate-statement")
router.register("forecast", ForecastViewSet, basename="forecast")
router.register("registration-types", TypeViewSet, basename="registration-type")
router.register("activities", ActivityViewSet, basename="activity")
router.register("notes", NoteViewSet, basename="note")
router.register("deal-files", FileViewSet, basename="deal-file")
router.register("contacts", ContactViewSet, basename="contact")
router.register("field-changes", ChangeViewSet, basename="field-change")
router.register("requests", RequestViewSet, basename="request")
router.register("edi/outbound", OutboundViewSet, basename="edi-outbound")
router.register("rooms", RoomViewSet, basename="room")
router.register("boards", BoardViewSet, basename="board")
router.register("topics", TopicViewSet, basename="topic")
router.register("webhooks", WebhookViewSet, basename="webhook")
router.register("webhook-deliveries", WebhookDeliveryViewSet, basename="webhook-delivery")
router.register("notifications", NotificationViewSet, basename="notification")

urlpatterns = [
    path("v1/edi/inbound/", InboundView.as_view(), name="edi-inbound"),
    path("v1/", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
