"""Routes of programmes."""

from django.urls import path

from programmes.views import certifications, rules, standings

app_name = "programmes"
urlpatterns = [
    path("", standings.home, name="home"),
    path("standings/<int:pk>/", standings.standing, name="standing"),
    path("standings/<int:pk>/fix/", standings.fix, name="fix"),
    path("standings/<int:pk>/free/", standings.free, name="free"),
    path("rules/", rules.index, name="rules"),
    path("rules/tiers/new/", rules.tier_new, name="tier_new"),
    path("rules/tiers/<int:pk>/", rules.tier, name="tier"),
    path("certifications/", certifications.index, name="certifications"),
    path("certifications/new/", certifications.new, name="certification_new"),
    path("certifications/<int:pk>/", certifications.detail, name="certification"),
    path("certifications/<int:pk>/confirm/", certifications.confirm, name="certification_confirm"),
    path("certifications/<int:pk>/refuse/", certifications.refuse, name="certification_refuse"),
    path("certifications/<int:pk>/withdraw/", certifications.withdraw, name="certification_withdraw"),
    path("certifications/<int:pk>/file/", certifications.file, name="certification_file"),
]
