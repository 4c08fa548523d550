package port

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/api/access"
	"presage/api/ready"
)

// Deps is everything behind the API. All fields but Backups, Intake, Notify, Metrics,
// Hooks and Checks are needed.
type Deps struct {
	Catalogue   *presage.Catalogue
	Vehicles    Vehicles
	Places      Places
	Health      Health
	Alerts      Alerts
	Fleet       Fleet
	Registry    Registry
	Cases       Cases
	Bookings    Bookings
	Messages    Messages
	Desk        Desk
	Offers      Offers
	Parts       Parts
	Planning    Planning
	DeadLetters DeadLetters
	Credentials Credentials
	Commands    Commands
	Redriver    Redriver
	Logins      access.Logins
	Backups     Backups // nil: no backups through the API
	Intake      Intake  // nil: no telemetry by HTTP
	Clock       Clock
	// Notify says that a vehicle has a new command; nil: nobody waits for it. It
	// never waits itself.
	Notify func(presage.VIN)
	// SilentAfter is when a vehicle counts as not heard from unless it has its
	// own expected interval; 0 for never.
	SilentAfter time.Duration
	Logger      *slog.Logger
	Checks      []ready.Check
	Metrics     prometheus.Gatherer // served at /metrics; nil for none
	// Hooks are provider webhooks by their path below /hooks/, e.g.
	// "twilio/sms"; each checks the signature of its provider itself.
	Hooks map[string]http.Handler
}

// Intake is the door for telemetry by HTTP. It has a lock of its own for
// vehicles and gateways; operator is that of the API.
type Intake interface {
	Handler(operator func(*http.Request) error) http.Handler
}

// Silence is how "not heard from" is judged now.
func (d Deps) Silence() presage.Silence {
	return presage.Silence{Now: d.Clock.Now(), After: d.SilentAfter}
}

// Validate names every missing field at once.
func (d Deps) Validate() error {
	var errs []error
	for _, f := range []struct {
		name    string
		missing bool
	}{
		{"Catalogue", d.Catalogue == nil},
		{"Vehicles", d.Vehicles == nil},
		{"Places", d.Places == nil},
		{"Health", d.Health == nil},
		{"Alerts", d.Alerts == nil},
		{"Fleet", d.Fleet == nil},
		{"Registry", d.Registry == nil},
		{"Cases", d.Cases == nil},
		{"Bookings", d.Bookings == nil},
		{"Messages", d.Messages == nil},
		{"Desk", d.Desk == nil},
		{"Offers", d.Offers == nil},
		{"Parts", d.Parts == nil},
		{"Planning", d.Planning == nil},
		{"DeadLetters", d.DeadLetters == nil},
		{"Credentials", d.Credentials == nil},
		{"Commands", d.Commands == nil},
		{"Redriver", d.Redriver == nil},
		{"Logins", d.Logins == nil},
		{"Clock.Now", d.Clock.Now == nil},
		{"Logger", d.Logger == nil},
	} {
		if f.missing {
			errs = append(errs, errors.New("api: Deps."+f.name+" is missing"))
		}
	}
	return errors.Join(errs...)
}
