"""Routes of leads."""

from django.urls import path

from leads.views import imports, lists, offers, publishing, records, rules

app_name = "leads"
urlpatterns = [
    path("", lists.index, name="list"),
    path("new/", records.new, name="new"),
    path("spam/", lists.spam, name="spam"),
    path("chosen/route/", lists.bulk_route, name="bulk_route"),
    path("chosen/spam/", lists.bulk_bin, name="bulk_bin"),
    path("chosen/restore/", lists.bulk_restore, name="bulk_restore"),
    path("offers/", offers.index, name="offers"),
    path("offers/<int:pk>/", offers.offer, name="offer"),
    path("offers/<int:pk>/accept/", offers.accept, name="accept"),
    path("offers/<int:pk>/decline/", offers.decline, name="decline"),
    path("offers/<int:pk>/reconsider/", offers.reconsider, name="reconsider"),
    path("offers/<int:pk>/touch/", offers.touch, name="touch"),
    path("offers/<int:pk>/convert/", offers.convert, name="convert"),
    path("offers/<int:pk>/finish/", offers.finish, name="finish"),
    path("rules/", rules.index, name="rules"),
    path("rules/new/", rules.new, name="rule_new"),
    path("rules/trial/", rules.rehearse, name="trial"),
    path("rules/<int:pk>/", rules.edit, name="rule"),
    path("rules/<int:pk>/move/", rules.move, name="rule_move"),
    path("rules/<int:pk>/delete/", rules.delete, name="rule_delete"),
    path("rules/partners/<int:pk>/", rules.intake, name="intake"),
    path("forms/", publishing.index, name="forms"),
    path("forms/new/", publishing.new, name="form_new"),
    path("forms/<int:pk>/", publishing.edit, name="form"),
    path("forms/<int:pk>/switch/", publishing.switch, name="form_switch"),
    path("imports/", imports.index, name="imports"),
    path("imports/<int:pk>/", imports.detail, name="import"),
    path("imports/<int:pk>/report/", imports.report, name="import_report"),
    path("imports/<int:pk>/undo/", imports.undo, name="import_undo"),
    path("<int:pk>/", records.detail, name="detail"),
    path("<int:pk>/edit/", records.edit, name="edit"),
    path("<int:pk>/route/", records.route, name="route"),
    path("<int:pk>/offer/", records.offer_to, name="offer_to"),
    path("<int:pk>/recall/", records.recall, name="recall"),
    path("<int:pk>/register/", records.register, name="register"),
    path("<int:pk>/close/", records.close, name="close"),
    path("<int:pk>/reopen/", records.reopen, name="reopen"),
    path("<int:pk>/spam/", records.put_aside, name="bin"),
    path("<int:pk>/restore/", records.restore, name="restore"),
]
