"""Routes of contacts, segments and mailings."""

from django.urls import path

from audiences.views import contacts, imports, mailings, segments

app_name = "audiences"
urlpatterns = [
    path("contacts/", contacts.index, name="contacts"),
    path("contacts/new/", contacts.new, name="contact_new"),
    path("contacts/chosen/tag/", contacts.bulk_tag, name="bulk_tag"),
    path("contacts/chosen/erase/", contacts.bulk_erase, name="bulk_erase"),
    path("contacts/imports/", imports.index, name="imports"),
    path("contacts/imports/<int:pk>/", imports.detail, name="import"),
    path("contacts/imports/<int:pk>/report/", imports.report, name="import_report"),
    path("contacts/<int:pk>/", contacts.contact, name="contact"),
    path("contacts/<int:pk>/edit/", contacts.edit, name="contact_edit"),
    path("contacts/<int:pk>/consent/", contacts.consent, name="consent"),
    path("contacts/<int:pk>/withdraw/", contacts.withdraw, name="withdraw"),
    path("contacts/<int:pk>/suppress/", contacts.suppress, name="suppress"),
    path("contacts/<int:pk>/lift/", contacts.lift, name="lift"),
    path("contacts/<int:pk>/merge/", contacts.merge, name="merge"),
    path("contacts/<int:pk>/erase/", contacts.erase, name="erase"),
    path("segments/", segments.index, name="segments"),
    path("segments/new/", segments.edit, name="segment_new"),
    path("segments/<int:pk>/", segments.edit, name="segment"),
    path("segments/<int:pk>/delete/", segments.delete, name="segment_delete"),
    path("mailings/", mailings.index, name="mailings"),
    path("mailings/new/", mailings.new, name="mailing_new"),
    path("mailings/settings/", mailings.settings, name="settings"),
    path("mailings/<int:pk>/", mailings.mailing, name="mailing"),
    path("mailings/<int:pk>/edit/", mailings.edit, name="mailing_edit"),
    path("mailings/<int:pk>/letter/", mailings.letter, name="letter"),
    path("mailings/<int:pk>/test/", mailings.test, name="mailing_test"),
    path("mailings/<int:pk>/schedule/", mailings.schedule, name="schedule"),
    path("mailings/<int:pk>/delete/", mailings.delete, name="mailing_delete"),
    path("mailings/<int:pk>/recipients/", mailings.recipients, name="recipients"),
    path("mailings/<int:pk>/<slug:name>/", mailings.step, name="step"),
]
