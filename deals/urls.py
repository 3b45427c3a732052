"""Routes of deals."""

from django.urls import path

from deals.views import acts, customers, drafts, lists, queue, records, terms

app_name = "deals"
urlpatterns = [
    path("", lists.index, name="list"),
    path("board/", lists.board, name="board"),
    path("take/", lists.bulk_take, name="bulk_take"),
    path("queue/", queue.queue, name="queue"),
    path("new/", drafts.new, name="new"),
    path("new/autosave/", drafts.autosave_new, name="autosave_new"),
    path("options/customers/", drafts.customer_options, name="customer_options"),
    path("options/products/", drafts.product_options, name="product_options"),
    path("terms/", terms.terms, name="terms"),
    path("customers/", customers.index, name="customers"),
    path("customers/new/", customers.new, name="customer_new"),
    path("customers/<int:pk>/", customers.edit, name="customer"),
    path("customers/<int:pk>/delete/", customers.delete, name="customer_delete"),
    path("<int:pk>/", records.detail, name="detail"),
    path("<int:pk>/edit/", drafts.edit, name="edit"),
    path("<int:pk>/autosave/", drafts.autosave, name="autosave"),
    path("<int:pk>/delete/", drafts.delete, name="delete"),
    path("<int:pk>/evidence/<int:file_pk>/", records.evidence, name="evidence"),
    path("<int:pk>/evidence/<int:file_pk>/remove/", drafts.remove_file, name="evidence_remove"),
    path("<int:pk>/take/", acts.take, name="take"),
    path("<int:pk>/release/", acts.release, name="release"),
    path("<int:pk>/return/", acts.return_, name="return"),
    path("<int:pk>/approve/", acts.approve, name="approve"),
    path("<int:pk>/reject/", acts.reject, name="reject"),
    path("<int:pk>/withdraw/", acts.withdraw, name="withdraw"),
    path("<int:pk>/lose/", acts.lose, name="lose"),
    path("<int:pk>/win/", acts.win, name="win"),
    path("<int:pk>/ask/<slug:kind>/", acts.ask, name="ask"),
    path("<int:pk>/requests/<int:petition_pk>/grant/", acts.petition_grant, name="petition_grant"),
    path("<int:pk>/requests/<int:petition_pk>/refuse/", acts.petition_refuse, name="petition_refuse"),
    path("<int:pk>/requests/<int:petition_pk>/drop/", acts.petition_drop, name="petition_drop"),
    path("<int:pk>/move/", acts.move_card, name="move"),
]
