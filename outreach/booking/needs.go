package booking

import (
	"slices"
	"time"

	"presage"
)

// Needs are what jobs take together.
type Needs struct {
	Duration time.Duration // of a bay and a technician, in quarters of an hour
	Skills   []string      // that one technician must have
	Bays     []string      // kinds that one bay must have
	Level    int           // of the hardest job
	Parts    []presage.PartQuantity
}

// Work condenses jobs into what a visit needs. A job that appears twice is done once.
func Work(jobs []presage.Job) Needs {
	var n Needs
	var total time.Duration
	var done []string
	for _, j := range jobs {
		if slices.Contains(done, j.Code) {
			continue
		}
		done = append(done, j.Code)
		total += j.Duration()
		n.Skills, n.Bays = with(n.Skills, j.Skill), with(n.Bays, j.Bay)
		n.Level = max(n.Level, j.Level)
		for _, p := range j.Parts {
			if i := slices.IndexFunc(n.Parts, func(q presage.PartQuantity) bool { return q.Part == p.Part }); i >= 0 {
				n.Parts[i].Quantity += p.Quantity
			} else {
				n.Parts = append(n.Parts, p)
			}
		}
	}
	n.Duration = roundUp(total)
	return n
}

// with adds a word to a list that names each once; "" is none.
func with(list []string, word string) []string {
	if word == "" || slices.Contains(list, word) {
		return list
	}
	return append(list, word)
}

func roundUp(d time.Duration) time.Duration {
	if rest := d % Grid; rest != 0 {
		d += Grid - rest
	}
	return max(Grid, d)
}
