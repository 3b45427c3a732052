"""A vendor's own list of accounts, and the rules by which customers are compared, with a try-out."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.forms import tried
from core.listing import Choice, Column, Create, Empty, Listing
from deals import matching
from deals.actions import delete_account, import_accounts, recheck_deal, save_account, set_rules
from deals.actions.accounts import FIELDS
from deals.forms.matching import LABELS, AccountForm, AccountsFileForm, CompanyForm, RulesForm
from deals.models import MatchRules, NamedAccount
from deals.views.records import fetch
from partners.access import MemberRequest, member_required

LIST = Listing(
    key="accounts",
    title=gettext_lazy("Named accounts"),
    columns=(
        Column("name", gettext_lazy("Name"), kind="link", sort="name"),
        Column("kind", gettext_lazy("Kind"), get=lambda account: account.get_kind_display()),
        Column("country", gettext_lazy("Country"), sort="country"),
        Column("vat", gettext_lazy("VAT number"), kind="code", phone=False),
        Column("domain", gettext_lazy("Web domain"), phone=False),
        Column("product_line", gettext_lazy("Product line"), phone=False),
        Column("until", gettext_lazy("Until"), kind="day", sort="until"),
        Column("reference", gettext_lazy("Reference"), kind="code", phone=False),
    ),
    filters=(Choice("kind", gettext_lazy("Kind"), choices=NamedAccount.Kind.choices),),
    search=("name", "city", "vat", "domain", "reference"),
    default_sort="name",
    row_url=lambda account: reverse("deals:account", args=[account.pk]),
    create=Create(gettext_lazy("Add an account"), "deals:account_new", capability="deals.terms"),
    links=((gettext_lazy("Import a list"), "deals:account_import"),),
    empty=Empty(
        gettext_lazy("No named accounts"),
        gettext_lazy(
            "Companies that you keep to yourself, or are at already. A registration for one of them waits for a "
            "person. No partner ever sees this list."
        ),
        gettext_lazy("Add an account"),
        "deals:account_new",
        "building-2",
    ),
)


@require_safe
@member_required("deals.terms")
def index(request: MemberRequest) -> HttpResponseBase:
    """The organisation's own list."""
    return LIST.respond(request, NamedAccount.objects.visible_to(request.actor))


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def new(request: MemberRequest) -> HttpResponse:
    """Add an account."""
    return _form(request, None)


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """One account."""
    return _form(request, get_object_or_404(NamedAccount.objects.visible_to(request.actor), pk=pk))


def _form(request: MemberRequest, account: NamedAccount | None) -> HttpResponse:
    initial = {name: getattr(account, name) for name in FIELDS} if account else {}
    form = AccountForm(request.POST if request.method == "POST" else None, initial=initial)
    if tried(form, lambda said: save_account(actor=request.actor, values=said, account=account)):
        messages.success(request, _("Saved. It holds for what is checked from now on."))
        return redirect("deals:accounts")
    context = {"form": form, "account": account}
    return render(request, "deals/account.html", context, status=422 if form.errors else 200)


@require_POST
@member_required("deals.terms")
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Take an account off the list."""
    delete_account(
        actor=request.actor, account=get_object_or_404(NamedAccount.objects.visible_to(request.actor), pk=pk)
    )
    messages.success(request, _("Deleted."))
    return redirect("deals:accounts")


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def import_(request: MemberRequest) -> HttpResponse:
    """Take a list over from CSV, and say what was not taken."""
    form = AccountsFileForm(request.POST or None, request.FILES or None)
    refused: list[tuple[int, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            taken, refused = import_accounts(actor=request.actor, rows=form.cleaned_data["file"])
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            told = ngettext("%(n)d row was taken over.", "%(n)d rows were taken over.", taken) % {"n": taken}
            messages.success(request, told)
            if not refused:
                return redirect("deals:accounts")
    context = {"form": form, "refused": refused[:100], "more": max(0, len(refused) - 100), "columns": FIELDS}
    return render(request, "deals/account_import.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def rules(request: MemberRequest) -> HttpResponse:
    """The weights of today, what they were, and two companies held beside each other."""
    today = MatchRules.objects.visible_to(request.actor).of(request.actor.organisation.pk)
    form = RulesForm(request.POST or None, rules=today)
    if tried(form, lambda said: set_rules(actor=request.actor, values=said)):
        messages.success(request, _("Saved. It holds for what is checked from now on."))
        return redirect("deals:match_rules")
    earlier = MatchRules.objects.visible_to(request.actor).select_related("created_by")[:10]
    context = {"form": form, "rules": today, "earlier": earlier, **_tried(request, today)}
    return render(request, "deals/match_rules.html", context, status=422 if form.errors else 200)


def _tried(request: MemberRequest, today: matching.Rules) -> dict[str, object]:
    asked = request.GET if "one-name" in request.GET else None
    one, other = CompanyForm(asked, prefix="one"), CompanyForm(asked, prefix="other")
    tried: dict[str, object] = {"one": one, "other": other}
    if asked is None:
        return tried
    found = matching.features(one.company(), other.company())
    points = matching.score(found, today)
    reasons = [(LABELS[name], getattr(today, name)) for name in matching.matched(found, today)]
    level = "same" if points >= today.same else "possible" if points >= today.possible else "clear"
    return {**tried, "points": points, "reasons": reasons, "level": level, "likeness": found["name"] * 100}


@require_POST
@member_required("deals.decide")
def recheck(request: MemberRequest, pk: int) -> HttpResponse:
    """Check a registration anew."""
    deal = fetch(request.actor, pk)
    try:
        found = recheck_deal(actor=request.actor, deal=deal)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Checked anew: %(verdict)s.") % {"verdict": found.get_verdict_display()})
    return redirect(deal)
