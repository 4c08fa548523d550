package rules

import (
	"time"

	"presage"
)

// RescueTimes are within which what is done of a rescue, and how far a partner comes.
type RescueTimes struct {
	Take    time.Duration     // a partner has taken it; default 15 min
	Arrive  time.Duration     // ... and is there, where it names no time; default 90 min
	Late    time.Duration     // ... past the time that it named; default 15 min
	End     time.Duration     // whoever is there has mended or towed the car; default 3 h
	Manager time.Duration     // a manager looks at what is late, again and again; default 30 min
	Within  presage.Kilometre // default 150; beyond it is the customer's own workshop
}

// RescueRule is RescueTimes as a policy says them.
type RescueRule struct {
	Take    Span `json:"take"`
	Arrive  Span `json:"arrive"`
	Late    Span `json:"late"`
	End     Span `json:"end"`
	Manager Span `json:"manager"`
	Within  int  `json:"within_km"`
}

func defaultRescue() RescueTimes {
	return RescueTimes{
		Take: 15 * time.Minute, Arrive: 90 * time.Minute, Late: 15 * time.Minute, End: 3 * time.Hour,
		Manager: 30 * time.Minute, Within: 150,
	}
}

func (r RescueTimes) rule() RescueRule {
	return RescueRule{
		Take: Span(r.Take), Arrive: Span(r.Arrive), Late: Span(r.Late), End: Span(r.End), Manager: Span(r.Manager),
		Within: int(r.Within),
	}
}

func (r RescueRule) times() RescueTimes {
	return RescueTimes{
		Take: time.Duration(r.Take), Arrive: time.Duration(r.Arrive), Late: time.Duration(r.Late),
		End: time.Duration(r.End), Manager: time.Duration(r.Manager), Within: presage.Kilometre(r.Within),
	}
}

func (r RescueTimes) valid() bool {
	return min(r.Take, r.Arrive, r.End, r.Manager) > 0 && r.Late >= 0 && r.Within >= 0
}

func (r RescueRule) check(k *checker) {
	k.span(r.Take, time.Minute, day, "rescue.take")
	k.span(r.Arrive, 5*time.Minute, day, "rescue.arrive")
	k.span(r.Late, 0, day, "rescue.late")
	k.span(r.End, 5*time.Minute, 7*day, "rescue.end")
	k.span(r.Manager, time.Minute, day, "rescue.manager")
	k.between(r.Within, 0, 1000, "rescue.within_km")
}
