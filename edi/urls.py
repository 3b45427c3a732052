"""Routes of the exchange."""

from django.urls import path

from edi.views import checking, connections, traffic

app_name = "edi"
urlpatterns = [
    path("", traffic.traffic, name="traffic"),
    path("<int:pk>/", traffic.detail, name="interchange"),
    path("<int:pk>/again/", traffic.again, name="again"),
    path("<int:pk>/download/", traffic.download, name="download"),
    path("validate/", checking.validate, name="validate"),
    path("connections/", connections.connections, name="connections"),
    path("connections/new/", connections.connection_new, name="connection_new"),
    path("connections/<int:pk>/", connections.connection, name="connection"),
]
