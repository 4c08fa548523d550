package rest

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// bayForm is what a bay is written as: its ID, or an object.
type bayForm struct{}

// bayObject is a bay with kinds.
type bayObject struct {
	ID       string            `json:"id" maxLength:"64"`
	Kinds    []string          `json:"kinds,omitempty" maxItems:"20" doc:"What it has; van: it drives to the car"`
	RadiusKm presage.Kilometre `json:"radius_km,omitempty" minimum:"0" maximum:"500" doc:"How far from the workshop a van works"` //nolint:lll // a tag cannot be broken
}

// Schema implements huma.SchemaProvider.
func (bayForm) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{
		OneOf: []*huma.Schema{
			{Type: huma.TypeString, Examples: []any{"w-1-b1"}},
			r.Schema(reflect.TypeFor[bayObject](), true, "Bay"),
		},
		Description: "A bay without kinds is its ID",
	}
}

// week checks the opening hours and returns them; empty where they are wrong.
func (c *fleetCheck) week(where string, w presage.Workshop) presage.Week {
	week, err := presage.ReadWeek(where+".week", w.Week)
	c.all(err)
	if err != nil {
		return presage.Week{}
	}
	if len(w.Week) == 0 {
		week, _ = w.Opening() // of whole hours: nothing to be read
	}
	return week
}

// shifts checks when a technician works, and what they may do.
func (c *fleetCheck) shifts(where string, t presage.Technician, opening presage.Week) {
	shifts, err := presage.ReadWeek(where+".shifts", t.Shifts)
	c.all(err)
	if err == nil && len(t.Shifts) > 0 && !opening.Empty() && opening.Within(shifts).Empty() {
		c.bad(where+".shifts", "the workshop is closed in all of them")
	}
	if t.Level < 0 || t.Level > 3 {
		c.bad(where+".level", "%d: want 1 to 3, or 0 where nobody says", t.Level)
	}
	for i, x := range t.Certificates {
		at := fmt.Sprintf("%s.certificates[%d]", where, i)
		if !slices.Contains(t.Skills, x.Skill) {
			c.bad(at+".skill", "%.64q is none of the technician's skills", x.Skill)
		}
		if slices.ContainsFunc(t.Certificates[:i], func(y presage.Certificate) bool { return x.Skill == y.Skill }) {
			c.bad(at+".skill", "%.64q has two certificates: keep the later one", x.Skill)
		}
		_, err := x.Ends()
		c.at(at+".until", err)
	}
}

func (c *fleetCheck) bay(where string, w presage.Workshop, b presage.Bay) {
	c.id(where, bayOrPerson, b.ID)
	for i, kind := range b.Kinds {
		known := kind == presage.BayVan ||
			slices.ContainsFunc(c.catalogue.Jobs, func(j presage.Job) bool { return j.Bay == kind && kind != "" })
		if at := fmt.Sprintf("%s.kinds[%d]", where, i); !known {
			c.bad(at, "kind %.64q: no job of the catalogue asks for it", kind)
		} else if slices.Contains(b.Kinds[:i], kind) {
			c.bad(at, "kind %q is named twice", kind)
		}
	}
	c.radius(where, w, b)
}

func (c *fleetCheck) radius(where string, w presage.Workshop, b presage.Bay) {
	switch {
	case b.Van() && b.RadiusKm <= 0:
		c.bad(where+".radius_km", "a van wants the distance that it works within")
	case b.Van() && w.Place == nil:
		c.bad(where+".radius_km", "the workshop has no place to measure it from")
	case !b.Van() && b.RadiusKm != 0:
		c.bad(where+".radius_km", "only a bay of the kind van has one")
	case b.RadiusKm > 500:
		c.bad(where+".radius_km", "%g: want at most 500", b.RadiusKm)
	}
}

// all keeps faults that name their places themselves.
func (c *fleetCheck) all(err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		c.faults = append(c.faults, joined.Unwrap()...)
	} else if err != nil {
		c.faults = append(c.faults, err)
	}
}
