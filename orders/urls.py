"""Routes of orders and the catalogue."""

from django.urls import path

from orders.views import answering, catalogue, fulfilment, lists, ordering, records

app_name = "orders"
urlpatterns = [
    path("", lists.index, name="list"),
    path("acknowledge/", lists.bulk_acknowledge, name="bulk_acknowledge"),
    path("new/", ordering.new, name="new"),
    path("catalogue/", catalogue.products, name="products"),
    path("catalogue/options/", catalogue.options, name="product_options"),
    path("catalogue/new/", catalogue.new, name="product_new"),
    path("catalogue/<int:pk>/", catalogue.product, name="product"),
    path("catalogue/<int:pk>/edit/", catalogue.edit, name="product_edit"),
    path("despatches/", fulfilment.despatches, name="despatches"),
    path("despatches/<int:pk>/", fulfilment.despatch, name="despatch"),
    path("receipts/<int:pk>/", fulfilment.receipt, name="receipt"),
    path("invoices/", fulfilment.invoices, name="invoices"),
    path("invoices/<int:pk>/", fulfilment.invoice, name="invoice"),
    path("<int:pk>/", records.detail, name="detail"),
    path("<int:pk>/edit/", ordering.edit, name="edit"),
    path("<int:pk>/send/", records.send, name="send"),
    path("<int:pk>/delete/", records.delete, name="delete"),
    path("<int:pk>/acknowledge/", records.acknowledge, name="acknowledge"),
    path("<int:pk>/accept/", records.accept, name="accept"),
    path("<int:pk>/answer/", answering.answer, name="answer"),
    path("<int:pk>/answer/summary/", answering.summary, name="answer_summary"),
    path("<int:pk>/cancel/", records.cancel, name="cancel"),
    path("<int:pk>/link/", records.link, name="link"),
    path("<int:pk>/lines/<int:position>/match/", records.match, name="match"),
]
