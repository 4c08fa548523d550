package presage

import "time"

// Dispatch is why a visit has its technician and its bay: who was considered, in
// order of preference, and behind them those who could not do it.
type Dispatch struct {
	At          time.Time    `json:"at"`
	Technicians []Considered `json:"technicians"`
	Bays        []string     `json:"bays"` // in order of preference
	// Instead is the technician who had the visit before, and Cause why not any more.
	Instead string        `json:"instead,omitempty"`
	Cause   DispatchCause `json:"cause,omitempty" enum:"away,left,shift,skill,closed,bay"`
}

// DispatchCause is why a visit cannot stay with its technician and bay.
type DispatchCause string

// The causes.
const (
	CauseAway   DispatchCause = "away"   // the technician is absent
	CauseLeft   DispatchCause = "left"   // the technician does not work there any more
	CauseShift  DispatchCause = "shift"  // it is not in the technician's shift any more
	CauseSkill  DispatchCause = "skill"  // a skill or its certificate is missing by now
	CauseClosed DispatchCause = "closed" // the workshop is closed then
	CauseBay    DispatchCause = "bay"    // the bay is not to be had
)

// DispatchVerdict is what became of a technician who was considered.
type DispatchVerdict string

// The verdicts.
const (
	DispatchChosen DispatchVerdict = "chosen"
	DispatchTaken  DispatchVerdict = "taken" // preferred, and sold to somebody else meanwhile
	DispatchLevel  DispatchVerdict = "level" // the job is too hard
	DispatchLoad   DispatchVerdict = "load"  // has more work than another
	DispatchFixes  DispatchVerdict = "fixes" // others have mended it at the first visit more often
	DispatchSpare  DispatchVerdict = "spare" // is kept for harder jobs
	DispatchOther  DispatchVerdict = "other" // as good as the one who was chosen
	DispatchSkill  DispatchVerdict = "skill" // lacks a skill or its certificate
	DispatchBusy   DispatchVerdict = "busy"  // has other work, another shift or leave
)

// Considered is a technician who was considered for a visit, with what counted.
type Considered struct {
	Technician string          `json:"technician"`
	Verdict    DispatchVerdict `json:"verdict" enum:"chosen,taken,level,load,fixes,spare,other,skill,busy"`
	Level      int             `json:"level"`        // 0 where nobody says
	Needed     int             `json:"needed"`       // level of the hardest job
	Minutes    int             `json:"minutes"`      // of work in the visit's week, without the visit
	Even       int             `json:"even_minutes"` // that it would be, the visit included, were all even
	Done       int             `json:"done"`         // visits with one of the jobs whose result says whether it was mended
	Fixed      int             `json:"fixed"`        // of them at the first visit
	Known      bool            `json:"known"`        // has worked on this car before
	Cost       int             `json:"cost_minutes"` // what is against it, in minutes of work
}

// FirstFixes counts how often a technician mended a job at the first visit.
type FirstFixes struct {
	Technician, Job string
	Done, Fixed     int
}

// Settle marks the technician to whom the visit was sold: those before were taken.
func (d Dispatch) Settle(technician string) Dispatch {
	list := make([]Considered, len(d.Technicians))
	copy(list, d.Technicians)
	reached := false
	for i, c := range list {
		switch {
		case c.Technician == technician:
			list[i].Verdict, reached = DispatchChosen, true
		case !reached && c.Verdict != DispatchSkill && c.Verdict != DispatchBusy:
			list[i].Verdict = DispatchTaken
		}
	}
	d.Technicians = list
	return d
}

// Chosen is the technician to whom the visit was sold, with what counted.
func (d Dispatch) Chosen() (Considered, bool) {
	for _, c := range d.Technicians {
		if c.Verdict == DispatchChosen {
			return c, true
		}
	}
	return Considered{}, false
}
