"""The addresses of the site."""

from django.conf import settings
from django.conf.urls.static import static
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from wagtail import urls as pages
from wagtail.admin import urls as admin

from majalah.finding import completions
from majalah.models import ArticlePage


def complete(request: HttpRequest) -> JsonResponse:
    """Return what may be meant by what was typed so far, `q`."""
    typed = request.GET.get("q", "").strip()
    return JsonResponse({"completions": completions(ArticlePage.objects.live(), typed)})


urlpatterns = [
    path("admin/", include(admin)),
    path("complete/", complete, name="complete"),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("", include(pages)),
]
