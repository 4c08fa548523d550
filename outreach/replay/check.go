package replay

import (
	"errors"
	"fmt"
	"slices"

	"presage"
	"presage/outreach/calendar"
	"presage/outreach/rules"
)

// check makes every decision again by the policy that was in force, each in the
// past that there really was.
func check(
	items []item, version func(int64) (rules.Document, error), days *calendar.Calendar,
) (Check, error) {
	c := Check{Decisions: len(items)}
	known := map[int64]rules.Document{}
	for _, x := range items {
		d, err := inForce(x, known, version)
		if err != nil {
			return c, err
		}
		r := d.Over(rules.Default())
		r.PolicyVersion = x.PolicyVersion
		f, err := once{x.DecisionRecord, x.known, r, newPast(nil), days}.fate()
		if err != nil {
			return c, fmt.Errorf("decision %s: %w", x.ID, err)
		}
		if why := unlike(x, f); why != "" {
			c.Differ = append(c.Differ, x.ID+": "+why)
			continue
		}
		c.Agree++
	}
	return c, nil
}

func inForce(x item, known map[int64]rules.Document, version func(int64) (rules.Document, error),
) (rules.Document, error) {
	if len(x.known.Rules) > 0 {
		return rules.Read(x.known.Rules)
	}
	if d, ok := known[x.PolicyVersion]; ok {
		return d, nil
	}
	d, err := version(x.PolicyVersion)
	if err != nil {
		return d, fmt.Errorf("policy version %d of decision %s: %w", x.PolicyVersion, x.ID, err)
	}
	known[x.PolicyVersion] = d
	return d, nil
}

// unlike says what is not as it was decided.
func unlike(x item, f Fate) string {
	if f.Outcome != x.Outcome {
		return fmt.Sprintf("decided %s, now %s", x.Outcome, f.Outcome)
	}
	was := x.known.Opened
	switch {
	case was == nil:
	case !slices.Equal(was.Components, f.Components):
		return fmt.Sprintf("decided about %v, now about %v", was.Components, f.Components)
	case was.Severity != f.Severity:
		return fmt.Sprintf("decided as a matter of %s, now of %s", was.Severity, f.Severity)
	case was.Day != f.day:
		return fmt.Sprintf("decided for a visit on day %d, now on day %d", was.Day, f.day)
	}
	return ""
}

// Fits names, for two policies, what they and the records cannot agree on.
func Fits(d rules.Document, records []presage.DecisionRecord, workshops []string) error {
	faults := []error{d.KnowsWorkshops(workshops), d.CouponsAt(workshops)}
	for _, r := range records {
		known, err := parse(r)
		if err != nil || len(known.Needs) == 0 || known.Alert != nil {
			continue
		}
		currency, why := known.Needs[0].Price.Currency, "in which the decisions are priced"
		faults = append(faults, d.PricedIn(currency, why), d.CouponsIn(currency, why))
		break
	}
	return errors.Join(faults...)
}
