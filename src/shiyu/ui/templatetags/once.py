"""`{% csrf_token %}` of this product: beside Django's token a one-time key, so that a form sent twice has one effect.

A builtin of every template (settings), so that no form can be without it.
"""

import secrets

from django import template
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shiyu.lib.requests import FORM_KEY

register = template.Library()


class OnceNode(CsrfTokenNode):
    """Django's hidden field and ours."""

    def render(self, context: Context) -> SafeString:
        own = format_html('<input type="hidden" name="{}" value="{}">', FORM_KEY, secrets.token_urlsafe(16))
        return SafeString(super().render(context) + own)


@register.tag
def csrf_token(parser: template.base.Parser, token: template.base.Token) -> OnceNode:
    """The two hidden fields of a POST form."""
    return OnceNode()
