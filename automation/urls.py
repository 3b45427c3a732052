"""Routes of triggers."""

from django.urls import path

from automation.views import rehearsal, runs, triggers

app_name = "automation"
urlpatterns = [
    path("", triggers.index, name="triggers"),
    path("new/", triggers.edit, name="new"),
    path("<int:pk>/", triggers.trigger, name="trigger"),
    path("<int:pk>/edit/", triggers.edit, name="edit"),
    path("<int:pk>/delete/", triggers.delete, name="delete"),
    path("<int:pk>/step/<slug:name>/", triggers.step, name="step"),
    path("<int:pk>/rehearsal/", rehearsal.rehearsal, name="rehearsal"),
    path("<int:pk>/runs/", runs.index, name="runs"),
]
