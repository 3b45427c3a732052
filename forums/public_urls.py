"""What everybody may read without an account: the public boards."""

from django.urls import path

from forums.views import public

app_name = "forums_public"
urlpatterns = [
    path("<int:pk>/<slug:slug>/", public.board, name="board"),
    path("t/<int:pk>/<slug:slug>/", public.topic, name="topic"),
]
