package models_test

import (
	"errors"
	"strings"
	"testing"

	"presage"
	"presage/models"
)

// All faults of routes are named at once, with their rows.
func TestRoutesOfACatalogue(t *testing.T) {
	t.Parallel()
	_, err := models.LoadCatalogue([]byte(`
route_costs:
  ota: {base: {minor: 300, currency: CNY}}
  mobile: {base: {minor: -1, currency: CNY}, per_km: {minor: 5, currency: EUR}}
  workshop: {base: {minor: 300, currency: EUR}}
  train: {base: {minor: 300, currency: CNY}}
jobs:
  - code: job_a
    name: {zh: 甲, en: A}
    minutes: 30
    bay: lift
    price: {minor: 100, currency: CNY}
    breakdown_cost: {minor: 100, currency: CNY}
    routes: [mobile, mobile, boat]
components:
  - id: a
    name: {zh: 甲, en: A}
    why: {zh: 甲, en: A}
    model: watch
    job: job_a
    severity: comfort
    stale_after_days: 1
    limit: 1
    routes: [ota]
`))
	if !errors.Is(err, presage.ErrInvalid) {
		t.Fatalf("have %v, want ErrInvalid", err)
	}
	for _, text := range []string{
		`job job_a: routes[1] "mobile": it is there twice`, `job job_a: routes[2] "boat": want ota, mobile or workshop`,
		"job job_a: routes: a job on a lift is not mobile", "component a: routes: none of them is one of its job job_a",
		"route_costs mobile: amounts must not be negative", "route_costs mobile: per_km: another currency than base",
		"route_costs workshop: base: another currency", "route_costs train: want ota, mobile, workshop or rescue",
	} {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%q is not named in:\n%v", text, err)
		}
	}
}

// What component, job and rule allow is what all of them allow.
func TestRoutesOf(t *testing.T) {
	t.Parallel()
	c, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		component presage.ComponentID
		job, rule string
		want      string
	}{
		{"control_software", "software_update", "dtc_software", "ota workshop"},
		{presage.Battery12V, "battery_12v_replace", "", "mobile workshop"},
		{presage.BrakePadsFront, "brake_pads_front_replace", "", "workshop"},
		{"unknown", "unknown", "unknown", "workshop"},
	} {
		var have []string
		for _, r := range c.RoutesOf(x.component, x.job, x.rule) {
			have = append(have, string(r))
		}
		if got := strings.Join(have, " "); got != x.want {
			t.Errorf("%s: have %s, want %s", x.component, got, x.want)
		}
	}
}
