package wording

import (
	"slices"
	"time"

	"presage"
)

// Sample is facts that a text is tried with.
type Sample struct {
	Name  string // the component or the watch rule that it is about
	Facts Facts
}

// Samples are facts about each component and each watch rule of a catalogue, for
// a reader of l: with long names, three times, a coupon, and a workshop whose
// clocks are not the reader's. A text that fits them fits what is really sent.
func Samples(cat *presage.Catalogue, l presage.Lang, sender presage.Text) []Sample {
	var all []Sample
	for _, c := range cat.Components {
		if c.Model != "watch" {
			all = append(all, Sample{string(c.ID), sample(cat, l, sender, sampleLine(c), c.JobCode)})
		}
	}
	for _, rule := range cat.Watch {
		c, err := cat.Component(rule.Component)
		if err != nil {
			continue
		}
		job := c.JobCode
		if c.DiagnosisCode != "" {
			job = c.DiagnosisCode
		}
		line := Line{Component: c, Alert: &presage.Alert{
			Rule: rule.ID, Component: c.ID, Severity: rule.Severity, Name: rule.Name, Tell: rule.Tell,
		}}
		all = append(all, Sample{rule.ID, sample(cat, l, sender, line, job)})
	}
	return all
}

// sampleLine is a component that is due.
func sampleLine(c presage.Component) Line {
	p := presage.Prognosis{
		Component: c.ID, AsOf: sampleDay(), Status: presage.StatusDue, Basis: presage.BasisSurvival,
		FailWithin:    presage.FailWithin{D7: .1, D30: .35, D60: .6, D90: .8},
		RemainingLife: presage.RemainingLife{Days: presage.Quantiles{P10: 12, P50: 38, P90: 75}},
	}
	switch c.Model {
	case "wear":
		p.Basis, p.Measured = presage.BasisMeasured, &presage.Measured{Value: 93, Limit: c.Limit, Unit: c.Unit}
	case presage.ModelClock:
		every := c.Interval("")
		p.Basis = presage.BasisClock
		p.Terms = []presage.Term{
			{Name: "days_since_service", Value: every.Days + 112},
			{Name: "km_since_service", Value: float64(every.Km) / 2},
		}
	}
	return Line{Component: c, Prognosis: p}
}

// sampleDay is the day of all samples.
func sampleDay() time.Time { return time.Date(2026, 12, 7, 1, 0, 0, 0, time.UTC) }

func sample(cat *presage.Catalogue, l presage.Lang, sender presage.Text, line Line, job string) Facts {
	f := Facts{
		Sender:   sender,
		Customer: presage.Customer{ID: "sample", Name: "Christina Sample", Lang: l, Zone: "Europe/Berlin"},
		Vehicle:  presage.Vehicle{VIN: sampleVIN, Make: "Norvik", Model: "Elan Touring"}, Lines: []Line{line},
		Workshop: presage.Workshop{
			Name:    presage.Text{ZH: "浦东世纪大道服务中心", EN: "Shanghai Century Avenue"},
			Address: presage.Text{ZH: "浦东新区世纪大道1188号", EN: "1188 Century Avenue, Pudong"}, Zone: "Asia/Shanghai",
			Stays: presage.Stays(), Phone: "+8621555501999",
		},
		Start: sampleDay().Add(24 * time.Hour), Link: sampleLink,
		Cars:  []string{"Norvik Elan Touring", "Norvik Meridian"},
		Again: sampleDay().AddDate(0, 0, 20), Sooner: true, Done: sampleDay().AddDate(0, 0, -20), Around: true,
	}
	if l == presage.Chinese {
		f.Customer.Name, f.Customer.Zone = "欧阳建国", "Asia/Urumqi"
		f.Vehicle, f.Cars = presage.Vehicle{VIN: sampleVIN, Make: "诺维克", Model: "伊兰旅行版"}, []string{"诺维克 伊兰旅行版", "诺维克 子午线"}
	}
	if j, err := cat.Job(job); err == nil {
		f.Jobs, f.Price, f.Duration = []presage.Job{j}, j.Price, j.Duration()
	}
	f.Covered = f.Price.Minor > 0 && slices.ContainsFunc(cat.Warranties, func(w presage.Warranty) bool {
		return slices.Contains(w.Components, line.Component.ID)
	})
	for i := range 3 {
		start := f.Start.AddDate(0, 0, i).Add(time.Duration(i) * 3 * time.Hour)
		f.Slots = append(f.Slots, presage.Slot{Start: start, End: start.Add(f.Duration)})
	}
	return f
}

// bare is a sample without what may be lacking.
func (s Sample) bare() Sample {
	s.Facts.Again, s.Facts.Sooner, s.Facts.Done, s.Facts.Around = time.Time{}, false, time.Time{}, false
	s.Facts.AskWhen = true
	return s
}

// sampleVIN is of no car.
const sampleVIN = "LSVAA4182E2100000"

// sampleLink is as long as a real one.
const sampleLink = "https://service.example/b/this-is-not-a-link-that-anybody-can-book-by-but-an-old"
