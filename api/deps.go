package api

import (
	"errors"
	"log/slog"
	"net/http"
	"reflect"

	"github.com/prometheus/client_golang/prometheus"

	"presage/api/access"
	"presage/api/ready"
	"presage/api/rest"
	"presage/api/web"
)

// Deps is everything behind the API.
type Deps struct {
	REST    rest.Deps // of the JSON API
	Web     web.Deps  // of the pages
	Logins  access.Logins
	Persons access.Accounts // who may log in
	Logger  *slog.Logger
	Intake  Intake              `deps:"optional"` // nil: no telemetry by HTTP
	Checks  []ready.Check       `deps:"optional"` // behind /readyz
	Metrics prometheus.Gatherer `deps:"optional"` // at /metrics; nil for none
	// Hooks are provider webhooks by their path below /hooks/, e.g.
	// "twilio/sms"; each checks the signature of its provider itself.
	Hooks map[string]http.Handler `deps:"optional"`
}

// Intake is the door for telemetry by HTTP. It has a lock of its own for
// vehicles and gateways; operator is that of the API.
type Intake interface {
	Handler(operator func(*http.Request) error) http.Handler
}

// Validate names every missing field at once.
func (d Deps) Validate() error {
	return errors.Join(missing("Deps", d), missing("Deps.REST", d.REST), missing("Deps.Web", d.Web))
}

// missing names the fields of a struct that are zero and not marked optional.
func missing(what string, deps any) error {
	var errs []error
	v := reflect.ValueOf(deps)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if v.Field(i).IsZero() && f.Tag.Get("deps") != "optional" {
			errs = append(errs, errors.New("api: "+what+"."+f.Name+" is missing"))
		}
	}
	return errors.Join(errs...)
}
