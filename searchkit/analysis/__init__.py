"""Text to tokens: tokenizer, folding, stop words, stems."""

from searchkit.analysis.arbitration import Verdict
from searchkit.analysis.indonesian import IndonesianAnalyzer
from searchkit.analysis.registry import Analyzers, analyzer_names, make_analyzer
from searchkit.analysis.stem_cache import CachedStemmer
from searchkit.analysis.stemming import (
    IndonesianStemmer,
    SastrawiStemmer,
    Stemmer,
    cached_stemmer,
    stemmer_of,
)
from searchkit.analysis.stopwords import question_words, stop_words
from searchkit.analysis.tokens import Analyzer, Token, TokenColumns, TokenTable

__all__ = [
    "Analyzer",
    "Analyzers",
    "CachedStemmer",
    "IndonesianAnalyzer",
    "IndonesianStemmer",
    "SastrawiStemmer",
    "Stemmer",
    "Token",
    "TokenColumns",
    "TokenTable",
    "Verdict",
    "analyzer_names",
    "cached_stemmer",
    "make_analyzer",
    "question_words",
    "stemmer_of",
    "stop_words",
]
