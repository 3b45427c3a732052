"""Routes of the exchange."""

from django.urls import path

from edi.views import checking, connections, guides, queue, tables, traffic, transports

app_name = "edi"
urlpatterns = [
    path("", traffic.traffic, name="traffic"),
    path("<int:pk>/", traffic.detail, name="interchange"),
    path("<int:pk>/again/", traffic.again, name="again"),
    path("<int:pk>/download/", traffic.download, name="download"),
    path("<int:pk>/offer/", queue.again_as_it_was, name="offer_again"),
    path("<int:pk>/resend/", queue.again_as_new, name="send_as_new"),
    path("<int:pk>/take/", queue.take, name="take"),
    path("<int:pk>/settle/", queue.settle, name="settle"),
    path("<int:pk>/reopen/", queue.reopen, name="reopen"),
    path("<int:pk>/messages/<int:position>/link/", queue.link, name="link"),
    path("queue/", queue.queue, name="queue"),
    path("queue/take/", queue.bulk_take, name="bulk_take"),
    path("queue/settle/", queue.bulk_settle, name="bulk_settle"),
    path("queue/read/", queue.bulk_read, name="bulk_read"),
    path("guides/", guides.catalogue, name="guides"),
    path("guides/<str:standard>/<str:kind>/<str:version>/", guides.guide, name="guide"),
    path("guides/<str:standard>/<str:kind>/<str:version>/schema/", guides.schema, name="guide_schema"),
    path("guides/<str:standard>/<str:kind>/<str:version>/sample/", guides.sample_message, name="guide_sample"),
    path("validate/", checking.validate, name="validate"),
    path("connections/", connections.connections, name="connections"),
    path("connections/new/", connections.connection_new, name="connection_new"),
    path("connections/<int:pk>/", connections.connection, name="connection"),
    path("connections/<int:pk>/transport/", transports.transport, name="transport"),
    path("connections/<int:pk>/transport/test/", transports.test, name="transport_test"),
    path("connections/<int:pk>/transport/remove/", transports.remove, name="transport_remove"),
    path("connections/<int:pk>/transport/certificate/", transports.certificate, name="transport_certificate"),
    path("connections/<int:pk>/table/", tables.table, name="table"),
]
