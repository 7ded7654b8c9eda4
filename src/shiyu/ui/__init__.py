"""Pages, lists, forms and tags every app builds on. No domain in here, no models.

A page      {% extends "ui/page.html" %}; blocks title, crumb, heading, heading_note, counts, actions,
            content, scripts. "ui/page_cols.html" has blocks main and aside (308 px); "ui/plain.html" is for
            nobody signed in; "ui/form.html" draws `form` with `title`, `submit`, `cancel_url`;
            "ui/print.html" is paper.
A list      lists.ListSpec with lists.ListPage (queryset) or lists.TablePage (computed rows), answered by
            lists.respond_list. An own page includes "ui/_list.html" (or _views, _filters, _table, _pager)
            with `page` and `tabs` = [{label, url, count, current}]; `self_unit` in the context is bold.
Tags        {% load ui %}: mark, mark_only, num, due, due_cell, units, progress, island, query_replace, cell;
            filters dash, day, long_day, month, iso, month_day, moment, number, width_of.
Forms       {% include "ui/_form.html" %}, or _errors and _field; forms.ReasonField, DayInput,
            ManyFilesField; forms.refuse(form, error) puts an action's UserError where the person looks.
Attributes  data-guard (form: keeps drafts, warns), data-no-draft (field with personal data),
            data-confirm="…", data-open="id" (a dialog or .reason), data-close, data-print,
            data-auto-submit, data-progress="url" (JSON {share, text, done, failed, url}).
Islands     charts, import, lists, wall: each says at its head in frontend/src/ what it expects of the page.
"""
