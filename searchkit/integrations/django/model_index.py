"""`ModelIndex`: the models of a project in one index."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, router, transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save

from searchkit.documents import Article
from searchkit.forking import lock_held_at_fork
from searchkit.integrations.keeping import KeptIndex
from searchkit.results import Hit
from searchkit.search_index import SearchIndex

ToArticle = TypeVar("ToArticle", bound=Callable[[Any], Article | None])

_CHUNK = 500


class _Source(NamedTuple):
    """A registered model: which of its objects are indexed, and as what."""

    model: type[Model]
    queryset: QuerySet[Any] | None
    to_article: Callable[[Any], Article | None]

    def objects(self) -> QuerySet[Any]:
        if self.queryset is not None:
            return self.queryset.all()
        # A copy of the database may not have what was just committed.
        return self.model._default_manager.using(router.db_for_write(self.model))

    def articles(self, pks: Sequence[Any] | None) -> Iterator[Article]:
        if pks is None:
            found: Iterable[Any] = self.objects().iterator(chunk_size=_CHUNK)
        else:
            found = self.objects().in_bulk(pks).values()
        for each in found:
            article = self.to_article(each)
            if article is not None:
                yield replace(article, id=document_id(each))


class ModelIndex:
    """The index of the models registered, kept in step with what is committed to the database.

    Of the settings, `SEARCHKIT_INDEX` is the path or URL of the index, made at first use, and
    `SEARCHKIT_SETTINGS` a `searchkit.Settings`. Threads share one open index; each process opens
    its own.

    What `save` and `delete` change is indexed when its transaction is committed, never when it is
    rolled back, in one commit of the index where they follow one another. An index that cannot be
    written fails no request: Django logs the error, and `sync` makes good for it. Changes without
    signals (`bulk_create`, `QuerySet.update`, raw SQL) are told by `update` or found by `sync`.
    """

    def __init__(self) -> None:
        """Know of no model yet."""
        self._sources: dict[str, _Source] = {}
        self._kept: KeptIndex | None = None
        self._making = lock_held_at_fork()

    def register(
        self, model: type[Model], queryset: "QuerySet[Any] | None" = None
    ) -> Callable[[ToArticle], ToArticle]:
        """Return a decorator of the function that makes an article of an object of `model`.

        None in place of an article keeps an object from being found, as one that is not published.
        The article gets an id of its own: see `document_id`. `queryset` is which objects there are,
        with what is to be read along (`select_related`); all of the default manager's if not given.
        """

        def decorate(to_article: ToArticle) -> ToArticle:
            self._sources[model._meta.label_lower] = _Source(model, queryset, to_article)
            for signal in (post_save, post_delete):
                signal.connect(self._on_change, sender=model)
            return to_article

        return decorate

    @property
    def index(self) -> SearchIndex:
        """The open index; raises what `SearchIndex.open_or_create` does."""
        return self._keeping().index

    def update(self, objects: Iterable[Model]) -> None:
        """Bring objects into step that were added, changed or deleted, and committed.

        Raises what `SearchIndex.add` does, such as IndexLocked.
        """
        self._keeping().update([document_id(each) for each in objects])

    def sync(self) -> int:
        """Bring all objects into step; return how many were not. Only those are analysed."""
        return self._keeping().sync()

    def rebuild(self) -> int:
        """Begin the index anew, as after an upgrade of searchkit; return how many articles it has.

        Until it is there, what was there is searched.
        """
        return self._keeping().rebuild()

    def objects(self, hits: Iterable[Hit]) -> dict[str, Model]:
        """Return the objects of hits by the ids of these, with one query a model.

        An object that was deleted a moment ago is not among them.
        """
        found: dict[str, Model] = {}
        for source, pks in self._by_source([hit.id for hit in hits]):
            found |= {document_id(each): each for each in source.objects().in_bulk(pks).values()}
        return found

    def close(self) -> None:
        """Give back the files of the index; settings are read anew when it is next used."""
        with self._making:
            kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    def _keeping(self) -> KeptIndex:
        with self._making:
            if self._kept is None:
                place = getattr(settings, "SEARCHKIT_INDEX", None)
                if place is None:
                    raise ImproperlyConfigured(
                        "SEARCHKIT_INDEX is not set; set it to the path or URL of the index"
                    )
                chosen = getattr(settings, "SEARCHKIT_SETTINGS", None)
                self._kept = KeptIndex(place, chosen, self._articles)
            return self._kept

    def _articles(self, ids: Sequence[str] | None) -> Iterator[Article]:
        if ids is None:
            for source in self._sources.values():
                yield from source.articles(None)
        else:
            for source, pks in self._by_source(ids):
                yield from source.articles(pks)

    def _by_source(self, ids: Iterable[str]) -> Iterator[tuple[_Source, list[Any]]]:
        pks: defaultdict[str, list[Any]] = defaultdict(list)
        for each in ids:
            label, _, pk = each.partition(":")
            if label in self._sources:
                pks[label].append(pk)
        for label, chosen in pks.items():
            source = self._sources[label]
            yield source, [source.model._meta.pk.to_python(pk) for pk in chosen]

    def _on_change(self, *, instance: Model, using: str, **_: object) -> None:
        changed = document_id(instance)
        connection = connections[using]
        if connection.run_on_commit:
            savepoints, hook, _robust = connection.run_on_commit[-1]
            last = getattr(hook, "__self__", None)
            together = savepoints == set(connection.savepoint_ids)
            if isinstance(last, _Changes) and last.search is self and together:
                last.ids.append(changed)
                return
        transaction.on_commit(_Changes(self, [changed]).index, using=using, robust=True)


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a transaction has changed, or a savepoint of one: indexed if that is committed."""

    search: ModelIndex
    ids: list[str]

    def index(self) -> None:
        self.search._keeping().update(self.ids)


def document_id(instance: Model) -> str:
    """Return the id by which an object is indexed, such as "news.report:12"."""
    return f"{instance._meta.label_lower}:{instance.pk}"
