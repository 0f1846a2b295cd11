"""Text to tokens: tokenizer, folding, stop words, stems."""

from searchkit.analysis.arbitration import Verdict
from searchkit.analysis.indonesian import IndonesianAnalyzer
from searchkit.analysis.stemming import (
    CachedStemmer,
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
    "CachedStemmer",
    "IndonesianAnalyzer",
    "IndonesianStemmer",
    "SastrawiStemmer",
    "Stemmer",
    "Token",
    "TokenColumns",
    "TokenTable",
    "Verdict",
    "cached_stemmer",
    "question_words",
    "stemmer_of",
    "stop_words",
]
