"""Routes of chat."""

from django.urls import path

from chat.views import files, manage, messages, rooms

app_name = "chat"
urlpatterns = [
    path("", rooms.index, name="rooms"),
    path("direct/", manage.direct, name="direct"),
    path("new/", manage.new, name="new"),
    path("files/<int:pk>/", files.show, name="file"),
    path("<int:pk>/", rooms.room, name="room"),
    path("<int:pk>/sheet/", rooms.sheet, name="sheet"),
    path("<int:pk>/earlier/", rooms.earlier, name="earlier"),
    path("<int:pk>/people/", manage.people, name="people"),
    path("<int:pk>/post/", messages.post, name="post"),
    path("<int:pk>/read/", messages.read, name="read"),
    path("<int:pk>/seats/", manage.seats, name="seats"),
    path("<int:pk>/seats/add/", manage.seat_add, name="seat_add"),
    path("<int:pk>/seats/<int:seat_pk>/remove/", manage.seat_remove, name="seat_remove"),
    path("<int:pk>/rename/", manage.rename, name="rename"),
    path("<int:pk>/m/<int:seq>/edit/", messages.edit, name="edit"),
    path("<int:pk>/m/<int:seq>/delete/", messages.delete, name="delete"),
    path("<int:pk>/m/<int:seq>/react/", messages.react, name="react"),
]
