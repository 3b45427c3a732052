"""What letters lead to, for everybody who got one: the token is the proof."""

from django.urls import path

from audiences.views import letters

app_name = "audiences_public"
urlpatterns = [
    path("o/<str:token>.gif", letters.opened, name="opened"),
    path("c/<str:token>/", letters.follow, name="follow"),
    path("u/<str:token>/", letters.unsubscribe, name="unsubscribe"),
]
