"""Routes of figures."""

from django.urls import path

from insights.views import deals, scorecards

app_name = "insights"
urlpatterns = [
    path("", deals.index, name="home"),
    path("deals/", deals.dashboard_view, name="deals"),
    path("deals/rows/", deals.rows, name="rows"),
    path("deals/offers/", deals.offers, name="offers"),
    path("partners/", scorecards.partners, name="partners"),
    path("vendors/", scorecards.vendors, name="vendors"),
    path("promise/", scorecards.promise_of_choice, name="promise_of_choice"),
    path("partnerships/<int:pk>/", scorecards.scorecard, name="scorecard"),
    path("partnerships/<int:pk>/promise/", scorecards.promise, name="promise"),
]
