"""Routes of calls."""

from django.urls import path

from chat.views import calls

app_name = "calls"
urlpatterns = [
    path("<int:pk>/", calls.show, name="show"),
    path("<int:pk>/join/", calls.join, name="join"),
    path("<int:pk>/leave/", calls.leave, name="leave"),
    path("<int:pk>/decline/", calls.decline, name="decline"),
    path("<int:pk>/ring/", calls.ring, name="ring"),
]
