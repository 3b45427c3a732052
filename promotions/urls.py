"""The pages of promotions."""

from django.urls import path

from promotions.views import lists, records

app_name = "promotions"
urlpatterns = [
    path("", lists.index, name="list"),
    path("offered/", lists.offered, name="offered"),
    path("new/", records.new, name="new"),
    path("<int:pk>/", records.detail, name="detail"),
    path("<int:pk>/edit/", records.edit, name="edit"),
    path("<int:pk>/steps/<str:name>/", records.step, name="step"),
    path("<int:pk>/uses/", lists.uses, name="uses"),
    path("<int:pk>/rehearsal/", records.rehearsal, name="rehearsal"),
    path("<int:pk>/codes/", records.codes, name="codes"),
    path("<int:pk>/codes/new/", records.codes_new, name="codes_new"),
]
