package rest

import (
	"math"

	"presage"
	"presage/internal/wording"
)

// prognosisBody is a prognosis as partners read it: a service interval has no
// probability of failure, it says how it stands.
type prognosisBody struct {
	presage.Prognosis
	FailWithin *presage.FailWithin `json:"fail_within,omitempty" doc:"Probability of failure; absent of a service interval"` //nolint:lll // a tag cannot be broken
	Interval   *intervalBody       `json:"interval,omitempty" doc:"How a service interval stands; absent of what wears"`
}

// intervalBody is how a service interval stands.
type intervalBody struct {
	State     presage.Text `json:"state" doc:"In words: due for 12 days, 240 km over its interval; empty while it is not due"` //nolint:lll // a tag cannot be broken
	EveryDays float64      `json:"every_days,omitempty" doc:"The interval by age; absent without one"`
	EveryKm   float64      `json:"every_km,omitempty" doc:"The interval by distance; absent without one"`
	SinceDays float64      `json:"since_days" doc:"Since the last service"`
	SinceKm   float64      `json:"since_km" doc:"Since the last service"`
	OverDays  float64      `json:"over_days" doc:"By how many days it is over; 0 while it is not"`
	OverKm    float64      `json:"over_km" doc:"By how many km it is over; 0 while it is not"`
	Recorded  bool         `json:"recorded" doc:"False: nobody noted the last service, the schedule is taken to have been kept"` //nolint:lll // a tag cannot be broken
}

func (h *handlers) prognoses(ps []presage.Prognosis) []prognosisBody {
	out := make([]prognosisBody, len(ps))
	for i, p := range ps {
		out[i].Prognosis = p
		if p.ByInterval() {
			out[i].Interval = h.interval(p)
		} else {
			out[i].FailWithin = &p.FailWithin
		}
	}
	return out
}

func (h *handlers) interval(p presage.Prognosis) *intervalBody {
	c, err := h.Catalogue.Component(p.Component)
	if err != nil {
		c = presage.Component{ID: p.Component}
	}
	every := c.Interval("")
	b := intervalBody{
		EveryDays: every.Days, EveryKm: float64(every.Km), Recorded: true,
		State: presage.Text{ZH: wording.Due(presage.Chinese, c, p), EN: wording.Due(presage.English, c, p)},
	}
	for _, t := range p.Terms {
		switch t.Name {
		case "interval_days":
			b.EveryDays = t.Value
		case "interval_km":
			b.EveryKm = t.Value
		case "days_since_service":
			b.SinceDays = t.Value
		case "km_since_service":
			b.SinceKm = t.Value
		case "service_assumed":
			b.Recorded = false
		}
	}
	if b.EveryDays > 0 {
		b.OverDays = math.Max(0, b.SinceDays-b.EveryDays)
	}
	if b.EveryKm > 0 {
		b.OverKm = math.Max(0, b.SinceKm-b.EveryKm)
	}
	return &b
}
