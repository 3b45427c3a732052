"""The one route of organisations that everybody may open: a logo, as letters and landing pages load it."""

from django.urls import path

from partners.views import logos

app_name = "logos"
urlpatterns = [path("<slug:code>.png", logos.show, name="show")]
