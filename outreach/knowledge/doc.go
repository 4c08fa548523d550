// Package knowledge keeps the articles from which advisers answer, finds those that a
// customer's text asks for, and counts which were of use.
//
// # Why the search is ours
//
// SQLite has FTS5 with a trigram tokenizer, PostgreSQL has pg_trgm. Both were tried with
// 80 texts (testdata/questions.tsv): 20 Chinese words of two characters, 26 questions in
// each language, 8 texts that ask for nothing. Right first, by language:
//
//	                                words zh   questions zh   questions en   of 8: answered
//	Search                             20           17             25               1
//	SQLite FTS5, trigram                0           15             25               3
//	pg_trgm, locale C, 0.3              0            0             21               4
//	pg_trgm, locale C.UTF-8, 0.3       20            8             21               4
//	pg_trgm, locale C.UTF-8, 0.1       20           17             21               6
//
// FTS5 finds no word of fewer than three characters, and most Chinese words have two.
// pg_trgm knows Chinese in a database of a UTF-8 locale alone, wants an extension to be
// installed and allowed, and finds as much as Search only where it answers nearly
// everything. Search is as good or better in each column, and the same on both
// databases. A hundred articles are searched in 1.5 ms (BenchmarkSearch, two busy cores);
// an index pays with thousands. go test -v -run Measured ./outreach/knowledge measures
// all of it again.
package knowledge
