"""Files from terminals, page by page: hand in, name the columns, say the order of dates, look, take in."""

import uuid
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.devices.models import Terminal
from hadir.gateways.door import declared_length
from hadir.gateways.files import words
from hadir.gateways.files.access import files_for, get_file_or_404, may_hand_in, terminals_for
from hadir.gateways.files.columns import MOST_COLUMNS
from hadir.gateways.files.forms import ColumnsForm, OrderForm, ScanFileForm
from hadir.gateways.files.models import ScanFile
from hadir.gateways.files.queries import vendors
from hadir.gateways.files.services import (
    apply_scan_file,
    choose_order,
    discard_scan_file,
    forget_answers,
    forget_old_files,
    keep_scan_file,
    name_columns,
    preview_kept,
    read_kept,
)
from hadir.gateways.files.stamps import Order
from hadir.gateways.files.told import Told

RECENT = 12
SHOWN_LINES = 60
SHOWN_PINS = 80


@login_required
@require_http_methods(["GET", "POST"])
def scan_files(request: HttpRequest) -> HttpResponse:
    """Ask for a file and its terminal; read it, then show what it would add."""
    user = cast("User", request.user)
    terminals = terminals_for(user)
    if not terminals.exists():
        raise PermissionDenied
    forget_old_files(now=clock.now())
    initial = {"terminal": request.GET.get("mesin", "")}
    form = ScanFileForm(request.POST or None, request.FILES or None, terminals=terminals, initial=initial)
    if request.method == "POST" and form.is_valid():
        kept = _keep(request, form)
        if kept is not None:
            return redirect("scan-file", kept.pk)
    if request.method == "POST" and declared_length(request) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        # Such a body is not taken in at all; without this the page would say that no file was chosen.
        form.errors.pop("file", None)
        form.add_error("file", HadirError("scans_too_big").message)
    context = {"form": form, "recent": files_for(user)[:RECENT]}
    return render(request, "scanfiles/files.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, form: ScanFileForm) -> ScanFile | None:
    """Keep the uploaded file for the preview; None with an error at the form's field."""
    terminal: Terminal = form.cleaned_data["terminal"]
    if not may_hand_in(request.user, terminal):
        raise PermissionDenied
    upload = form.cleaned_data["file"]
    try:
        return keep_scan_file(
            device=terminal.device,
            data=upload.read(),
            file_name=upload.name or "",
            by=cast("User", request.user),
            now=clock.now(),
        )
    except HadirError as error:
        form.add_error("file", error.message)
        return None


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def scan_file(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Show where a file stands: its questions, its preview, or what came of it; on POST do the next step."""
    kept = get_file_or_404(request.user, file_id)
    if request.method == "POST" and "discard" in request.POST:
        discard_scan_file(kept=kept)
        messages.success(request, _("Berkas dibatalkan. Tidak ada yang berubah."))
        return redirect("scan-files")
    if kept.applied_at is not None:
        return render(request, "scanfiles/result.html", _result_context(kept))
    try:
        told = read_kept(kept, now=clock.now())
        return _step(request, kept, told)
    except HadirError as error:
        messages.warning(request, error.message)
        return redirect("scan-files")


def _step(request: HttpRequest, kept: ScanFile, told: Told) -> HttpResponse:
    if request.method == "POST" and "again" in request.POST:
        forget_answers(kept=kept)
        return _columns_page(request, kept, told)
    if told.ask_columns or "columns" in request.POST:
        return _columns_page(request, kept, told)
    if told.ask_order is not None or not {"order", "ask-order"}.isdisjoint(request.POST):
        return _order_page(request, kept, told)
    if request.method == "POST" and "apply" in request.POST:
        apply_scan_file(kept=kept, now=clock.now(), by=cast("User", request.user))
        return redirect("scan-file", kept.pk)
    return render(request, "scanfiles/preview.html", _preview_context(kept, told))


def _columns_page(request: HttpRequest, kept: ScanFile, told: Told) -> HttpResponse:
    width = min(max([len(told.headings), *(len(row) for row in told.sample)], default=0), MOST_COLUMNS)
    posted = request.POST if request.method == "POST" and "columns" in request.POST else None
    form = ColumnsForm(posted, headings=told.headings, width=width, known=told.columns)
    if posted is not None and form.is_valid():
        try:
            columns = form.chosen(told.begun)
            name_columns(
                kept=kept,
                told=told,
                columns=columns,
                vendor=form.cleaned_data["vendor"],
                by=cast("User", request.user),
                now=clock.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        except HadirError as error:
            form.add_error("vendor", error.message)
        else:
            return redirect("scan-file", kept.pk)
    fields = [
        (form[f"column-{place}"], [row[place] for row in told.sample[:3] if place < len(row) and row[place]])
        for place in range(width)
    ]
    unread = [words.warning("other_sheets", {"names": ", ".join(told.other_sheets)})] if told.other_sheets else []
    context = {
        "kept": kept,
        "told": told,
        "form": form,
        "fields": fields,
        "vendors": vendors(),
        "warnings": unread,
    }
    return render(request, "scanfiles/columns.html", context, status=422 if form.errors else 200)


def _order_page(request: HttpRequest, kept: ScanFile, told: Told) -> HttpResponse:
    form = OrderForm(request.POST if "order" in request.POST or "choose" in request.POST else None)
    if form.is_bound and form.is_valid():
        choose_order(kept=kept, order=Order(form.cleaned_data["order"]))
        return redirect("scan-file", kept.pk)
    context = {"kept": kept, "told": told, "form": form, "samples": _date_samples(told)}
    return render(request, "scanfiles/order.html", context, status=422 if form.errors else 200)


def _date_samples(told: Told) -> list[str]:
    """Return a few dates as the file writes them, for the question which number is the day."""
    if told.columns is None:
        return []
    place = told.columns.stamp if told.columns.stamp is not None else told.columns.date
    return [row[place] for row in told.sample if place is not None and place < len(row) and row[place]][:4]


def _preview_context(kept: ScanFile, told: Told) -> dict[str, object]:
    preview = preview_kept(kept, told)
    return {
        "kept": kept,
        "told": told,
        "preview": preview,
        "layout": words.LAYOUTS[told.layout.value],
        "warnings": [words.warning(code, values) for code, values in preview.warnings],
        "lines": preview.new[:SHOWN_LINES],
        "more_lines": max(len(preview.new) - SHOWN_LINES, 0),
        "reported": told.reported[:SHOWN_LINES],
        "unknown": preview.unknown[:SHOWN_PINS],
        "more_pins": max(len(preview.unknown) - SHOWN_PINS, 0),
        "bad": [(one.number, words.REASONS[one.reason.value], one.text) for one in told.bad[:SHOWN_LINES]],
        "more_bad": max(len(told.bad) - SHOWN_LINES, 0),
        "may_rename": told.columns is not None,
        "may_reorder": told.order in {Order.DAY_FIRST, Order.MONTH_FIRST} or told.short_years,
    }


def _result_context(kept: ScanFile) -> dict[str, object]:
    bad = [(one["line"], words.REASONS.get(one["reason"], one["reason"]), one["text"]) for one in kept.bad_lines]
    return {
        "kept": kept,
        "layout": words.LAYOUTS.get(kept.layout, kept.layout),
        "counts": kept.counts,
        "bad": bad,
        "more_bad": max(int(kept.counts.get("bad", 0)) - len(bad), 0),
    }
