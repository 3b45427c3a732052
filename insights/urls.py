"""Routes of figures."""

from django.urls import path

from insights.views import deals, money, scorecards

app_name = "insights"
urlpatterns = [
    path("", deals.index, name="home"),
    path("deals/", deals.dashboard_view, name="deals"),
    path("deals/rows/", deals.rows, name="rows"),
    path("deals/offers/", deals.offers, name="offers"),
    path("money/", money.dashboard, name="money"),
    path("money/lines/", money.lines, name="money_lines"),
    path("money/lines/<int:pk>/", money.chain, name="chain"),
    path("money/invoices/<int:pk>/", money.of_invoice, name="money_of_invoice"),
    path("money/deals/<int:pk>/", money.of_deal, name="money_of_deal"),
    path("partners/", scorecards.partners, name="partners"),
    path("vendors/", scorecards.vendors, name="vendors"),
    path("promise/", scorecards.promise_of_choice, name="promise_of_choice"),
    path("partnerships/<int:pk>/", scorecards.scorecard, name="scorecard"),
    path("partnerships/<int:pk>/promise/", scorecards.promise, name="promise"),
]
