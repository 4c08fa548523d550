package models_test

import (
	"errors"
	"strings"
	"testing"

	"presage"
	"presage/models"
)

func TestLoadCatalogue(t *testing.T) {
	t.Parallel()
	c, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []presage.ComponentID{
		presage.BrakePadsFront, presage.BrakePadsRear, presage.Battery12V,
		presage.HVBattery, presage.TyreLeak, presage.ShockAbsorbers,
	} {
		if _, err := c.Component(id); err != nil {
			t.Error(err)
		}
	}
	for _, x := range c.Components {
		j, err := c.Job(x.JobCode)
		if err != nil {
			t.Fatal(err)
		}
		if x.Model != models.LawWatch && (j.Price.Minor <= 0 || len(j.Parts) == 0) {
			t.Errorf("job %s: price %v, %d parts", j.Code, j.Price, len(j.Parts))
		}
	}
	if brakes, _ := c.Component(presage.BrakePadsFront); !brakes.SafetyCritical() {
		t.Error("front pads are not safety critical")
	}
}

func TestLoadCatalogueOverlay(t *testing.T) {
	t.Parallel()
	over := `
version: workshop-7
parts:
  - {number: BF-DOT4-1L, name: {zh: 制动液, en: Brake fluid}, cost: {minor: 4200, currency: CNY}, lead_time_days: 2, pack_size: 6}
`
	c, err := models.LoadCatalogue([]byte(over))
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Part("BF-DOT4-1L")
	if err != nil {
		t.Fatal(err)
	}
	if p.PackSize != 6 || !strings.HasSuffix(c.Version, "+workshop-7") {
		t.Errorf("pack size %d, version %s", p.PackSize, c.Version)
	}
}

func TestLoadCatalogueNamesEveryFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		overlay string
		want    []string
	}{
		"unknown key": {"gizmos: []", []string{"gizmos"}},
		"two faults": {`
components:
  - {id: wiper, name: {zh: 雨刮, en: Wiper}, model: magic, job: nothing, severity: comfort, stale_after_days: 9, why: {zh: 甲, en: a}}
`, []string{`"magic"`, `"nothing"`}},
		"bad param": {`
components:
  - id: filter
    name: {zh: 滤芯, en: Filter}
    model: clock
    job: cabin_filter_replace
    severity: comfort
    stale_after_days: 9
    params: {interval_days: -1, interval_km: 2, spread: 0.1, due_p30: 0.5, due_p60: 0.5, watch_p90: 0.5, colour: 1}
    why: {zh: 甲, en: a}
`, []string{"interval_days", "colour"}},
		"supersession": {`
parts:
  - {number: A, name: {zh: 甲, en: a}, pack_size: 1, min_order: -2, supersedes: [B]}
  - {number: B, name: {zh: 乙, en: b}, pack_size: 1, supersedes: [A, OLD]}
  - {number: C, name: {zh: 丙, en: c}, pack_size: 1, supersedes: [OLD]}
`, []string{"min_order is -2", "part A: is superseded in a circle", `supersedes "OLD", which "B" does already`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := models.LoadCatalogue([]byte(c.overlay))
			if !errors.Is(err, presage.ErrInvalid) {
				t.Fatalf("error %v, want ErrInvalid", err)
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error does not name %s: %v", w, err)
				}
			}
		})
	}
}
