"""Routes of inbox."""

from django.urls import path

from inbox import views

app_name = "inbox"
urlpatterns = [
    path("", views.index, name="list"),
    path("bell/", views.bell, name="bell"),
    path("read/", views.read_all, name="read_all"),
    path("unread/", views.unread_all, name="unread_all"),
    path("<int:pk>/", views.follow, name="open"),
    path("<int:pk>/read/", views.read, name="read"),
    path("<int:pk>/unread/", views.unread, name="unread"),
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/<slug:kind>/", views.prefer, name="prefer"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
