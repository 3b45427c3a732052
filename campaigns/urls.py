"""The pages of campaigns."""

from django.urls import path

from campaigns.views import assets, campaigns, results, seats, spending, steps

app_name = "campaigns"
urlpatterns = [
    path("", campaigns.index, name="list"),
    path("new/", campaigns.new, name="new"),
    path("<int:pk>/", campaigns.detail, name="detail"),
    path("<int:pk>/edit/", campaigns.edit, name="edit"),
    path("<int:pk>/delete/", campaigns.delete, name="delete"),
    path("<int:pk>/plan/", campaigns.plan, name="plan"),
    path("<int:pk>/start/", campaigns.start, name="start"),
    path("<int:pk>/finish/", campaigns.finish, name="finish"),
    path("<int:pk>/cancel/", campaigns.cancel, name="cancel"),
    path("<int:pk>/invite/", seats.invite, name="invite"),
    path("<int:pk>/seats/<int:seat_pk>/invite/", seats.invite_again, name="invite_again"),
    path("<int:pk>/seats/<int:seat_pk>/remove/", seats.remove, name="remove"),
    path("<int:pk>/budget/", seats.budget, name="budget"),
    path("<int:pk>/accept/", seats.accept, name="accept"),
    path("<int:pk>/decline/", seats.decline, name="decline"),
    path("<int:pk>/leave/", seats.leave, name="leave"),
    path("<int:pk>/agree/", seats.agree, name="agree"),
    path("<int:pk>/details/", seats.details, name="details"),
    path("<int:pk>/calendar/", steps.calendar, name="calendar"),
    path("<int:pk>/calendar.ics", steps.ics, name="ics"),
    path("<int:pk>/steps/new/", steps.new, name="step_new"),
    path("<int:pk>/steps/<int:step_pk>/", steps.edit, name="step"),
    path("<int:pk>/steps/<int:step_pk>/done/", steps.done, name="step_done"),
    path("<int:pk>/steps/<int:step_pk>/delete/", steps.delete, name="step_delete"),
    path("<int:pk>/assets/", assets.index, name="assets"),
    path("<int:pk>/assets/new/", assets.new, name="asset_new"),
    path("<int:pk>/assets/<int:asset_pk>/", assets.detail, name="asset"),
    path("<int:pk>/assets/<int:asset_pk>/edit/", assets.edit, name="asset_edit"),
    path("<int:pk>/assets/<int:asset_pk>/delete/", assets.delete, name="asset_delete"),
    path("<int:pk>/assets/<int:asset_pk>/print/", assets.printed, name="asset_print"),
    path("<int:pk>/assets/<int:asset_pk>/pdf/", assets.pdf, name="asset_pdf"),
    path("<int:pk>/assets/<int:asset_pk>/use/", assets.use, name="asset_use"),
    path("<int:pk>/spending/", spending.index, name="spending"),
    path("<int:pk>/spending/new/", spending.new, name="expense_new"),
    path("<int:pk>/spending/<int:expense_pk>/", spending.edit, name="expense"),
    path("<int:pk>/spending/<int:expense_pk>/delete/", spending.delete, name="expense_delete"),
    path("<int:pk>/spending/<int:expense_pk>/file/", spending.file, name="expense_file"),
    path("<int:pk>/results/", results.results, name="results"),
]
