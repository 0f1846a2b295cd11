"""Articles in the admin."""

from django.contrib import admin

from news.models import Article


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    """What is saved and deleted here is indexed when the transaction of the page is committed."""

    list_display = ("headline", "section", "published")
    list_filter = ("section",)
    date_hierarchy = "published"
    search_fields = ("headline",)  # of drafts too, which the index does not have
