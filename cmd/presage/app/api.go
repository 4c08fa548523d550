package app

import (
	"fmt"
	"time"

	"presage"
	"presage/api"
	"presage/api/rest"
	"presage/api/web"
	"presage/forecast"
	"presage/forecast/month"
	"presage/forecast/orders"
	"presage/outreach/dealer"
)

// openAPI puts the API and the pages before the stages.
func (a *App) openAPI(version string) error {
	replan := a.schedule.Replan
	parts := forecast.NewDesk(forecastStore{a.SQL}, a.Clock.Now, replan)
	parameters := forecast.NewParameterBook(a.SQL, a.Catalogue, a.Clock.Now, replan)
	a.Orders = orders.New(orders.Deps{
		Store: a.SQL, Advice: parts, Catalogue: a.Catalogue, Now: a.Clock.Now, Replan: replan, Fresh: a.partBook.Forget,
	})
	planner, quality := a.month(parts), dealer.Auditor{Store: a.SQL}
	a.backups = newBackups(a, version)
	var err error
	if a.adminKey, err = a.cfg.OpenAdminKey(); err != nil {
		return err
	}
	alerts, checks, withPaths := alertBook{a.SQL, a.Catalogue}, a.checks(), health{a.SQL, a.scoring}
	handle := api.New
	if !a.Does(presage.ProcessAPI) {
		handle = api.NewMachines
	}
	a.handler, err = handle(api.Config{
		AdminKey: a.adminKey, PublicURL: a.cfg.HTTP.PublicURL, TLS: a.cfg.HTTP.TLSCert != "",
		Zone: a.schedule.Zone(), Version: version,
	}, api.Deps{
		REST: rest.Deps{
			Receipts:  a.Outreach,
			Catalogue: a.Catalogue, Vehicles: a.SQL, Places: a.SQL, Health: withPaths, Alerts: alerts, Fleet: a.SQL,
			Registry: registry{a.SQL, a.edge.wake, a.Clock.Now}, Cases: a.SQL, Bookings: a.SQL, Messages: a.SQL,
			Texts: a.Outreach, Devices: a.SQL,
			Desk: a.Outreach, Calendar: a.Outreach, Talks: a.Outreach, Visits: a.Outreach, Bench: a.Outreach, Photos: a.Outreach,
			Surveys: a.SQL,
			Parts:   parts, Overrides: parts, Parameters: parameters,
			Orders: a.Orders, Month: planner,
			Stages: a.Outreach, Notices: a.SQL, Coupons: a.SQL, Subscriptions: receivers{a.SQL}, Dealer: a.dealer(),
			Quality: quality, Merges: a.SQL,
			Advisers: a.SQL, Accounts: a.SQL, Articles: a.articles,
			Board: a.Outreach, Mover: a.Outreach, Waits: waits{a.Outreach, a.SQL},
			DeadLetters: a.SQL, Redriver: a.edge.redriver, Credentials: a.SQL, Issuer: a.issuer(), Commands: a.SQL,
			Privacy: a.privacyOffice(), Consents: a.SQL, Reported: a.reported, Backups: a.backups, Now: a.Clock.Now,
			Policy: a.Outreach.Rulebook, Decisions: a.SQL, Notify: a.commandPut,
			SilentAfter: a.cfg.Ingest.SilentAfter, Logger: a.log,
			Recalls: a.recalls, Rollouts: a.Rollouts(), Rescues: a.Outreach,
		},
		Web: web.Deps{
			Catalogue: a.Catalogue, Vehicles: a.SQL, Customers: a.SQL, Places: a.SQL, Health: withPaths, Alerts: alerts,
			Fleet: a.SQL, Cases: a.SQL, Bookings: a.SQL, Messages: a.SQL, Texts: a.Outreach, Policy: a.Outreach.Rulebook,
			Desk: a.Outreach, Acts: a.Outreach,
			Talks: a.Outreach, Stages: a.Outreach, Notices: a.SQL, Coupons: a.SQL, Subscriptions: receivers{a.SQL},
			Quality: quality, Merges: a.SQL, Advisers: a.SQL, Accounts: a.SQL,
			Articles: a.articles, Visits: a.Outreach, Bench: a.Outreach, Photos: a.Outreach,
			Surveys: a.Outreach, Visited: a.SQL,
			Board: a.Outreach, Floor: a.Outreach, Waits: waits{a.Outreach, a.SQL},
			Offers: a.Outreach, Refusals: a.Outreach, Parts: parts, Overrides: parts, Parameters: parameters,
			Orders: a.Orders, Month: planner,
			DeadLetters: a.SQL,
			Redriver:    a.edge.redriver, Now: a.Clock.Now, ClockLabel: a.clockLabel, SilentAfter: a.cfg.Ingest.SilentAfter,
			Checks: checks, Logger: a.log,
			Recalls: a.recalls, Rollouts: a.Rollouts(), Rescues: a.Outreach,
		},
		Logins: a.SQL, Persons: a.SQL, Logger: a.log, Intake: a.intakeByHTTP(), Checks: checks, Metrics: a.registry,
		Hooks: a.webhooks,
	})
	return err
}

// month is the planner's.
func (a *App) month(parts *forecast.Desk) *month.Desk {
	f := a.cfg.Forecast
	return month.New(month.Deps{
		Store: a.SQL, Advice: parts, Catalogue: a.Catalogue, Holding: f.HoldingCost, Shortage: f.ShortageCost,
		Horizon: f.HorizonDays, Now: a.Clock.Now,
	})
}

// clockLabel is what the pages say about a clock that is not the wall's.
func (a *App) clockLabel() string {
	pace, offset := a.Clock.Pace(), a.Clock.Offset().Abs()
	switch {
	case pace != 1:
		return fmt.Sprintf("×%g", pace)
	case offset > time.Minute:
		return fmt.Sprintf("%+d h %02d min", int(a.Clock.Offset().Hours()), int(offset.Minutes())%60)
	}
	return ""
}
