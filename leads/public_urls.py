"""The one route that everybody may open: a vendor's published form."""

from django.urls import path

from leads.views import public

app_name = "leads_public"
urlpatterns = [path("<str:code>/", public.form, name="form")]
