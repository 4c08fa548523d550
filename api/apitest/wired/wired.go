// Package wired puts the invented world behind the whole API.
package wired

import (
	"log/slog"
	"time"

	"presage/api"
	"presage/api/apitest"
	"presage/api/rest"
	"presage/api/web"
	"presage/forecast"
	"presage/forecast/month"
	"presage/forecast/orders"
	"presage/outreach/knowledge"
)

// Deps gives the world as the API's dependencies.
func Deps(w *apitest.World) api.Deps {
	const silent = 72 * time.Hour
	log, cat := slog.New(slog.DiscardHandler), apitest.Catalogue()
	files, err := knowledge.Read("")
	if err != nil {
		panic(err) // our own articles
	}
	books := &knowledge.Library{Store: w.Shelf(), Files: files, Now: w.Now}
	policy, accounts := w.Policy(), apitest.NewAccounts()
	kept := &apitest.ParameterStore{World: w}
	store := &apitest.SupplyStore{OrderStore: apitest.NewOrderStore(w), Parameters: kept}
	master := orders.NewPartBook(store, cat.Parts, w.Now)
	cat.PartBook = master.Master
	planner := month.New(month.Deps{
		Store: store, Advice: w, Catalogue: cat, Holding: .25, Shortage: .02, Horizon: 30, Now: w.Now,
	})
	book := orders.New(orders.Deps{
		Store: store, Advice: w, Catalogue: cat, Now: w.Now, Replan: func() {}, Fresh: master.Forget,
	})
	parameters := forecast.NewParameterBook(kept, cat, w.Now, func() {})
	return api.Deps{
		REST: rest.Deps{
			Receipts:  w,
			Decisions: w,
			Catalogue: cat, Vehicles: w, Places: w, Health: w, Alerts: w, Fleet: w, Registry: w, Cases: w, Bookings: w,
			Messages: w, Texts: w, Devices: w, Desk: w, Calendar: w, Talks: w, Visits: w, Bench: w, Photos: w, Surveys: w, Parts: w, Overrides: w, Parameters: parameters, DeadLetters: w, Redriver: w,
			Stages: w, Notices: w, Coupons: w, Subscriptions: w, Quality: w, Merges: w, Dealer: w, Advisers: w, Accounts: accounts, Articles: books,
			Board: w, Mover: w, Waits: w,
			Commands: w, Credentials: w, Issuer: w, Privacy: w, Consents: w, Policy: policy,
			Recalls: w, Rollouts: w, Rescues: w, Orders: book, Month: planner, Now: w.Now, SilentAfter: silent, Logger: log,
		},
		Web: web.Deps{
			Catalogue: cat, Vehicles: w, Customers: w, Places: w, Health: w, Alerts: w, Fleet: w, Cases: w, Bookings: w,
			Messages: w, Texts: w, Policy: policy, Desk: w, Acts: w, Talks: w, Stages: w, Notices: w, Coupons: w, Subscriptions: w, Quality: w, Merges: w, Advisers: w, Accounts: accounts, Articles: books, Visits: w, Bench: w, Photos: w, Surveys: w, Visited: w, Offers: w, Refusals: w, Parts: w, Overrides: w, Parameters: parameters, Orders: book, Month: planner, DeadLetters: w,
			Board: w, Floor: w, Waits: w, Recalls: w, Rollouts: w, Rescues: w,
			Redriver: w, Now: w.Now, ClockLabel: func() string { return "×1440" }, SilentAfter: silent, Logger: log,
		},
		Logins: apitest.NewLogins(), Persons: accounts, Logger: log,
	}
}
