"""Text to tokens: tokenizer, folding, stop words, stems."""

from searchkit.analysis.indonesian import Analyzer, IndonesianAnalyzer, Token
from searchkit.analysis.stemming import CachedStemmer, SastrawiStemmer, Stemmer, sastrawi_stemmer
from searchkit.analysis.stopwords import question_words, stop_words

__all__ = [
    "Analyzer",
    "CachedStemmer",
    "IndonesianAnalyzer",
    "SastrawiStemmer",
    "Stemmer",
    "Token",
    "question_words",
    "sastrawi_stemmer",
    "stop_words",
]
