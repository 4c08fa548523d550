package demo

import (
	"context"
	"fmt"
	"time"

	"presage"
)

// How long the partners of the demo need for each step.
const (
	takeAfter   = 8 * time.Minute
	thereAfter  = 35 * time.Minute
	mendAfter   = 25 * time.Minute
	promised    = 40 // minutes, as the partner says
	towed       = 3  // one rescue of so many is a tow
	nobodyTakes = 9  // one of so many is left to the manager for a while
)

// takeRescues lets partners take the rescues that are asked for, and lead them.
func (p *people) takeRescues(ctx context.Context, now time.Time) error {
	live, err := p.app.Outreach.Rescues(ctx, presage.RescueFilter{Live: true})
	if err != nil {
		return fmt.Errorf("partners: %w", err)
	}
	p.rescued = map[string]bool{}
	for _, x := range live {
		p.rescued[x.CaseID] = true
		if x.State != presage.RescueAsked || p.queued[x.ID] {
			continue
		}
		p.queued[x.ID] = true
		n, first := digit(x.ID), takeAfter
		if n%nobodyTakes == 0 {
			first = time.Hour
		}
		mend := presage.RescueMended
		if n%towed == 0 {
			mend = presage.RescueTowed
		}
		at := now.Add(first)
		p.stepLater(at, x.ID, presage.RescueAsked, presage.RescueOnTheWay)
		p.stepLater(at.Add(thereAfter), x.ID, presage.RescueOnTheWay, presage.RescueArrived)
		p.stepLater(at.Add(thereAfter+mendAfter), x.ID, presage.RescueArrived, mend)
		p.stepLater(at.Add(thereAfter+2*mendAfter), x.ID, mend, presage.RescueDone)
	}
	return nil
}

// stepLater puts one step of a rescue on the agenda.
func (p *people) stepLater(at time.Time, id string, seen, to presage.RescueState) {
	s := presage.RescueStep{ID: id, Seen: seen, To: to, Who: "Zhao Lei"}
	if to == presage.RescueOnTheWay {
		s.Minutes = promised
	}
	p.agenda.add(at, func(ctx context.Context) error {
		_, err := p.app.Outreach.StepRescue(ctx, s)
		return tolerate(err)
	})
}

// digit is a number that follows from an ID.
func digit(id string) int {
	n := 0
	for _, c := range id {
		n += int(c)
	}
	return n
}
