"""Routes of inbox."""

from django.urls import path

from inbox.views import choosing, telling

app_name = "inbox"
urlpatterns = [
    path("", telling.index, name="list"),
    path("bell/", telling.bell, name="bell"),
    path("read/", telling.read_all, name="read_all"),
    path("unread/", telling.unread_all, name="unread_all"),
    path("<int:pk>/", telling.follow, name="open"),
    path("<int:pk>/read/", telling.read, name="read"),
    path("<int:pk>/unread/", telling.unread, name="unread"),
    path("about/<int:pk>/", telling.earlier, name="earlier"),
    path("about/<int:pk>/read/", telling.read_subject, name="read_subject"),
    path("about/<int:pk>/unread/", telling.unread_subject, name="unread_subject"),
    path("about/<int:pk>/snooze/", telling.snooze, name="snooze"),
    path("about/<int:pk>/wake/", telling.wake, name="wake"),
    path("preferences/", choosing.preferences, name="preferences"),
    path("preferences/quiet/", choosing.quiet, name="quiet"),
    path("preferences/devices/", choosing.device_add, name="device_add"),
    path("preferences/devices/<int:pk>/remove/", choosing.device_remove, name="device_remove"),
    path("preferences/<slug:kind>/", choosing.prefer, name="prefer"),
    path("unsubscribe/<str:token>/", choosing.unsubscribe, name="unsubscribe"),
]
