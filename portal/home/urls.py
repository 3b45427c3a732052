"""Home, search, trail, health."""

from django.urls import path

from portal.home import design, saved_views, trail, views

app_name = "home"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.find, name="search"),
    path("counts/", views.counts, name="counts"),
    path("trail/", trail.trail, name="trail"),
    path("trail/<int:pk>/", trail.entry, name="entry"),
    path("healthz", views.health, name="health"),
    path("design/", design.page, name="design"),
    path("views/save", saved_views.save, name="view_save"),
    path("views/<int:pk>/delete", saved_views.delete, name="view_delete"),
]
