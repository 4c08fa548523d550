package app

import "presage/outreach/recall"

// openRecalls lets the catalogue know what makers ask cars in for.
func (a *App) openRecalls() {
	book := recall.NewBook(a.SQL, a.Clock.Now)
	a.Catalogue.RecallBook = book.Recall
	a.recalls = &recall.Desk{DeskStore: a.SQL, Book: book, Catalogue: a.Catalogue, Now: a.Clock.Now}
}
