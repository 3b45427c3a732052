"""The pages of funds."""

from django.urls import path

from funds.views import claims, funds, requests

app_name = "funds"
urlpatterns = [
    path("", funds.index, name="list"),
    path("new/", funds.new, name="new"),
    path("finance/", claims.finance, name="finance"),
    path("<int:pk>/", funds.detail, name="detail"),
    path("<int:pk>/edit/", funds.edit, name="edit"),
    path("<int:pk>/allocate/", funds.allocate, name="allocate"),
    path("<int:pk>/ask/", requests.ask, name="ask"),
    path("requests/", requests.index, name="requests"),
    path("requests/<int:pk>/", requests.detail, name="request"),
    path("requests/<int:pk>/edit/", requests.edit, name="request_edit"),
    path("requests/<int:pk>/submit/", requests.submit, name="submit"),
    path("requests/<int:pk>/delete/", requests.delete, name="delete"),
    path("requests/<int:pk>/take/", requests.take, name="take"),
    path("requests/<int:pk>/review/", requests.review, name="review"),
    path("requests/<int:pk>/release/", requests.release, name="release"),
    path("requests/<int:pk>/hand-back/", requests.hand_back, name="hand_back"),
    path("requests/<int:pk>/reject/", requests.reject, name="reject"),
    path("requests/<int:pk>/cancel/", requests.cancel, name="cancel"),
    path("requests/<int:pk>/claim/", claims.new, name="claim_new"),
    path("claims/", claims.index, name="claims"),
    path("claims/<int:pk>/", claims.detail, name="claim"),
    path("claims/<int:pk>/edit/", claims.edit, name="claim_edit"),
    path("claims/<int:pk>/submit/", claims.submit, name="claim_submit"),
    path("claims/<int:pk>/delete/", claims.delete, name="claim_delete"),
    path("claims/<int:pk>/proof/", claims.proof_add, name="proof_add"),
    path("claims/<int:pk>/proof/<int:file_pk>/", claims.proof, name="proof"),
    path("claims/<int:pk>/proof/<int:file_pk>/remove/", claims.proof_remove, name="proof_remove"),
    path("claims/<int:pk>/take/", claims.take, name="claim_take"),
    path("claims/<int:pk>/return/", claims.return_, name="claim_return"),
    path("claims/<int:pk>/decide/", claims.decide, name="claim_decide"),
    path("claims/<int:pk>/settle/", claims.settle, name="claim_settle"),
    path("claims/<int:pk>/take-back/", claims.take_back, name="claim_take_back"),
]
