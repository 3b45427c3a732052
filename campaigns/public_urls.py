"""The one route that everybody may open: a participant's landing page."""

from django.urls import path

from campaigns.views import public

app_name = "campaigns_public"
urlpatterns = [path("<str:code>/", public.page, name="page")]
