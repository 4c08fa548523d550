package app

import (
	"presage/outreach/recall"
	"presage/outreach/rollout"
)

// openRecalls lets the catalogue know what makers ask cars in for.
func (a *App) openRecalls() {
	book := recall.NewBook(a.SQL, a.Clock.Now)
	a.Catalogue.RecallBook = book.Recall
	a.recalls = &recall.Desk{DeskStore: a.SQL, Book: book, Catalogue: a.Catalogue, Now: a.Clock.Now}
}

// Recalls is where people tell what makers ask cars in for.
func (a *App) Recalls() *recall.Desk { return a.recalls }

// Rollouts is where people register, start and stop roll-outs of software.
func (a *App) Rollouts() *rollout.Desk {
	return &rollout.Desk{DeskStore: a.SQL, Catalogue: a.Catalogue, Now: a.Clock.Now}
}
