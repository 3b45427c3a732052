"""Routes of webhooks."""

from django.urls import path

from inbox.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/switch/", views.switch, name="switch"),
    path("<int:pk>/secret/", views.rotate, name="rotate"),
    path("<int:pk>/test/", views.test, name="test"),
    path("<int:pk>/remove/", views.remove, name="remove"),
    path("<int:pk>/deliveries/", views.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/", views.delivery, name="delivery"),
    path("deliveries/<int:pk>/again/", views.again, name="again"),
]
