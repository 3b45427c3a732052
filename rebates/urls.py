"""Routes of rebates."""

from django.urls import path

from rebates.views import agreements, credited, statements

app_name = "rebates"
urlpatterns = [
    path("", agreements.index, name="list"),
    path("new/", agreements.new, name="new"),
    path("statements/", statements.index, name="statements"),
    path("statements/<int:pk>/", statements.statement, name="statement"),
    path("statements/<int:pk>/close/", statements.close, name="close"),
    path("statements/<int:pk>/confirm/", statements.confirm, name="confirm"),
    path("statements/<int:pk>/dispute/", statements.dispute, name="dispute"),
    path("statements/<int:pk>/answer/", statements.answer, name="answer"),
    path("statements/<int:pk>/settle/", statements.settle, name="settle"),
    path("statements/<int:pk>/compare/", statements.compare, name="compare"),
    path("credits/", credited.index, name="credits"),
    path("credits/<int:pk>/", credited.detail, name="credit"),
    path("credits/<int:pk>/match/", credited.match, name="credit_match"),
    path("credits/<int:pk>/dismiss/", credited.dismiss, name="credit_dismiss"),
    path("credits/<int:pk>/reopen/", credited.reopen, name="credit_reopen"),
    path("<int:pk>/", agreements.detail, name="detail"),
    path("<int:pk>/edit/", agreements.edit, name="edit"),
    path("<int:pk>/propose/", agreements.propose, name="propose"),
    path("<int:pk>/withdraw/", agreements.withdraw, name="withdraw"),
    path("<int:pk>/accept/", agreements.accept, name="accept"),
    path("<int:pk>/decline/", agreements.decline, name="decline"),
    path("<int:pk>/end/", agreements.end, name="end"),
]
