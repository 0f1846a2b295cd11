"""What the answers of the API hold, for its OpenAPI description; `answers` writes them."""

from typing import Any, Literal

from pydantic import BaseModel, Field


class FragmentModel(BaseModel):
    """A piece of a document's text and the places in it that match."""

    block: str = Field(examples=["body"])
    text: str = Field(examples=["Kedua pemimpin meneken pakta pertahanan."])
    start: int = Field(description="offset of `text` in its block, in characters")
    marks: list[tuple[int, int]] = Field(description="offsets into `text`", examples=[[[22, 39]]])
    cut_before: bool
    cut_after: bool
    html: str = Field(description="`text`, escaped, with matches in <mark>: safe to show")


class SightingModel(BaseModel):
    """Where a sidebar item was seen."""

    page: str
    list: str


class HitModel(BaseModel):
    """A document that matches."""

    rank: int
    id: str
    kind: Literal["article", "item"]
    score: float
    headline: str
    published: str | None
    section: str
    source: str
    reporter: str
    url: str
    lists: list[str]
    blocks: list[str]
    title: FragmentModel
    snippet: FragmentModel
    fragments: list[FragmentModel]
    seen: list[SightingModel]
    article_id: str | None
    copies: list[str]


class FacetCountModel(BaseModel):
    """A value of a facet and how many hits have it."""

    value: str
    count: int


class CorrectionModel(BaseModel):
    """A word of a query and what it was taken for."""

    typed: str
    taken: str


class FacetsModel(BaseModel):
    """The values of facets over all hits of a query."""

    query: str
    total: int
    facets: dict[str, list[FacetCountModel]]


class ResultPageModel(FacetsModel):
    """The hits of a query, of one page."""

    offset: int
    limit: int
    relaxed: bool
    suggestion: str | None
    corrections: list[CorrectionModel]
    milliseconds: float
    hits: list[HitModel]
    next_cursor: str | None


class SuggestionsModel(BaseModel):
    """Completions of what is being typed."""

    suggestions: list[str] = Field(examples=[["pakta pertahanan"]])


class WordMatchModel(BaseModel):
    """What matched a word of the query in one part of a document."""

    typed: str
    rule: str
    block: str
    spellings: list[tuple[str, int]]


class ScoreModel(BaseModel):
    """A value of a score and the parts it was made from."""

    key: str
    value: float
    facts: dict[str, float | str]
    parts: list["ScoreModel"]


class ExplanationModel(BaseModel):
    """Why a document is a hit."""

    query: str
    document_id: str
    headline: str
    score: float
    relaxed: bool
    words: list[WordMatchModel]
    missing: list[str]
    tree: ScoreModel


class StatsModel(BaseModel):
    """How much is in the index."""

    engine: str
    analyzer: str
    documents: dict[str, int]
    terms: dict[str, int]
    segments: int
    generation: int
    disk_bytes: int


class SkippedModel(BaseModel):
    """A record that could not be used; `origin` tells which, from 1."""

    origin: str
    reason: str


class IndexReportModel(BaseModel):
    """What an indexing request did, by kind of document."""

    added: dict[str, int]
    updated: dict[str, int]
    unchanged: dict[str, int]
    skipped: list[SkippedModel]
    skipped_count: int
    warnings: list[str]
    warning_count: int


class DeletedModel(BaseModel):
    """How many documents were deleted."""

    deleted: int


class HealthModel(BaseModel):
    """That the server is well."""

    status: Literal["ok"]


class DocumentModel(BaseModel):
    """An article or a sidebar item, as `searchkit export` writes it."""

    id: str
    kind: Literal["article", "item"]
    published: str | None
    model_config = {"extra": "allow"}


Record = dict[str, Any]


class BatchModel(BaseModel):
    """Documents to index: exported ones, or records with a headline or a body."""

    documents: list[Record] = Field(
        max_length=100_000,
        examples=[[{"id": "a1", "headline": "Dua Negara Teken Pakta", "body": "Isi berita."}]],
    )
