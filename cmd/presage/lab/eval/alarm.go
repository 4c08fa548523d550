package eval

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// published is how long before the car's own warning the data's authors named
// the faulty cells.
const published = 10 * 24 * time.Hour

// checkAlarms wants neither alarms nor cases on healthy cars.
func checkAlarms(ctx context.Context, s *service, recordings []Recording, nights []Night, t *Table) error {
	for _, r := range recordings {
		cases, err := s.SQL.Cases(ctx, presage.CaseFilter{VIN: r.Vehicle.VIN})
		if err != nil {
			return err
		}
		if !r.Healthy {
			t.Report("cases opened, "+r.Name, openedOn(cases), "a fault is there to be found")
			continue
		}
		alarms, total := Alarms(nights, r.Vehicle.VIN)
		result := fmt.Sprintf("%d on %d recorded days", len(alarms), total)
		if len(alarms) > 0 {
			result += ": " + strings.Join(alarms[:min(3, len(alarms))], ", ")
		}
		t.Judge(len(alarms) == 0 && total > 0, "alarms (watch or due), "+r.Name, result, "0: no fault is known")
		t.Judge(len(cases) == 0, "cases opened, "+r.Name, strconv.Itoa(len(cases)), "0")
	}
	return nil
}

// openedOn counts cases and dates the first.
func openedOn(cases []presage.Case) string {
	if len(cases) == 0 {
		return "0"
	}
	first := cases[len(cases)-1] // the newest come first
	return fmt.Sprintf("%d, first after %s: %v", len(cases), first.OpenedAt.Add(-time.Second).Format(time.DateOnly),
		first.Components)
}

// checkCell wants the faulty cell named in time, or a weak one not alarmed
// about, and no other.
func checkCell(r Recording, c Census, nights []Night, t *Table) {
	before := SuspicionOf(nights, r.Vehicle.VIN, c.Level3)
	reference := "never"
	if !c.Level3.IsZero() {
		reference = c.Level3.Format("2006-01-02 15:04:05") + " China time"
	}
	if r.Weak {
		t.Judge(len(before.Nights) == 0, "battery alarms before level 3, "+r.Name, byCell(before.Nights),
			"0: the fault is weak; own level 3 "+reference)
	} else {
		lead := c.Level3.Sub(before.First)
		result := "not before the car itself"
		if !before.First.IsZero() {
			result = fmt.Sprintf("%s, cell %d, %.1f days ahead", before.First.Add(-time.Second).Format(time.DateOnly),
				before.Cell, lead.Hours()/24)
		}
		t.Judge(!before.First.IsZero() && before.Cell == r.Cell && lead >= published, "battery first suspected, "+r.Name,
			result, fmt.Sprintf("cell %d, 10 days before level 3 (%s)", r.Cell, reference))
	}
	named := SuspicionOf(nights, r.Vehicle.VIN, time.Time{}).Hinted
	others := 0
	for cell := range named {
		if cell != r.Cell {
			others++
		}
	}
	t.Judge(others == 0, "cells named, "+r.Name, byCell(named), fmt.Sprintf("none but %d", r.Cell))
}

// byCell lists nights by cell: "cell 82: 47 nights".
func byCell(nights map[int]int) string {
	if len(nights) == 0 {
		return "none"
	}
	var parts []string
	for _, cell := range slices.Sorted(maps.Keys(nights)) {
		name := fmt.Sprintf("cell %d", cell)
		if cell == 0 {
			name = "no cell"
		}
		parts = append(parts, fmt.Sprintf("%s: %d nights", name, nights[cell]))
	}
	return strings.Join(parts, ", ")
}
