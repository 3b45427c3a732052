"""Routes that exist in the demo only."""

from django.urls import path

from portal.home import demo_mail

app_name = "demo"
urlpatterns: list = [
    path("mail/", demo_mail.mail, name="mail"),
    path("mail/<str:file>/<int:place>/", demo_mail.letter, name="letter"),
    path("mail/<str:file>/<int:place>/answer/", demo_mail.answer, name="answer"),
    path("mail/<str:file>/<int:place>/html/", demo_mail.letter_html, name="letter_html"),
]
