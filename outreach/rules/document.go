package rules

import (
	"encoding/json"
	"fmt"
	"time"

	"presage"
	"presage/outreach/policy"
)

// documentFormat is the form of Document. Change it when a field changes its meaning.
const documentFormat = 1

// Document is what an operator decides about outreach, as it is put, stored and
// shown. What is technical (addresses, channels, retries) is configuration.
type Document struct {
	Format   int       `json:"format"` // 1
	Costs    Costs     `json:"costs"`
	HoldOut  HoldOut   `json:"hold_out"`
	Pilot    Pilot     `json:"pilot"`
	Cap      CapRule   `json:"cap"`
	Quiet    Quiet     `json:"quiet_hours"`
	Route    Route     `json:"route"`
	Offer    OfferRule `json:"offer"`
	CoolDown CoolDown  `json:"cool_down"`
	SLA      SLA       `json:"sla"`
	Calls    CallRule  `json:"calls"`
	// Answers is how many automatic answers one number gets in 24 hours.
	Answers int        `json:"answers_per_day"`
	Survey  SurveyRule `json:"survey"`
	// Coupons are what some offers bring; none by default.
	Coupons  []CouponRule `json:"coupons"`
	Goodwill GoodwillRule `json:"goodwill"`
	Rescue   RescueRule   `json:"rescue"`
}

// GoodwillRule bounds what an adviser may let a customer off.
type GoodwillRule struct {
	MaxPercent int `json:"max_percent"` // of the price, 0-100
}

// Costs are what the visit day is chosen by.
type Costs struct {
	Visit       presage.Money `json:"visit"`        // the way and the reception, once a visit
	Annoyance   presage.Money `json:"annoyance"`    // of being asked in at all, once a visit
	HorizonDays int           `json:"horizon_days"` // the days that are priced, 1-365
}

// HoldOut is who hears nothing, so that the effect can be measured. Never safety.
type HoldOut struct {
	Share      float64 `json:"share"`      // in [0, 0.5]
	Experiment string  `json:"experiment"` // another name draws anew
}

// Pilot bounds outreach to some workshops. What is due at others is decided and
// stored as not in the pilot, and nobody is told, except what is a matter of safety.
type Pilot struct {
	Workshops []string `json:"workshops"` // their IDs; none: all
}

// CapRule is how many offers a customer hears of in a time, safety apart.
type CapRule struct {
	Offers int  `json:"offers"`
	Within Span `json:"within"`
}

// Quiet are local hours in which nothing is sent to a customer, [from, to) over
// midnight; equal: never quiet.
type Quiet struct {
	From     int      `json:"from"`
	To       int      `json:"to"`
	Holidays Holidays `json:"holidays"`
	// Elsewhere are the countries in whose zones all hours must be decent for a
	// customer of whom neither zone nor number tells the country.
	Elsewhere []string `json:"elsewhere"`
}

// Route is how long a channel may stay without an answer before the next one
// speaks, as Waits.
type Route struct {
	Safety   Span `json:"safety"`
	Mobility Span `json:"mobility"`
	Comfort  Span `json:"comfort"`
	Seen     Span `json:"seen"` // at least, after a text that was read
}

// OfferRule is what an offer holds.
type OfferRule struct {
	Valid       Span `json:"valid"`        // how long it can be booked
	LinkGrace   Span `json:"link_grace"`   // how long its link opens after that, to change or cancel
	Keep        Span `json:"keep"`         // how long its times are kept for its customer
	Remind      Span `json:"remind"`       // how long before it runs out it is told once more
	Notice      Span `json:"notice"`       // the shortest time before its first slot
	Slots       int  `json:"slots"`        // 1-9
	SearchDays  int  `json:"search_days"`  // past the earliest possible day, 1-180
	HorizonDays int  `json:"horizon_days"` // how far ahead a visit may be, 1-366
}

// CoolDown is how long a component rests after its case ended without a repair.
type CoolDown struct {
	Ordinary Span `json:"ordinary"`
	Safety   Span `json:"safety"` // then a person calls
}

// CallRule bounds how often a person calls about one case.
type CallRule struct {
	// MaxAttempts is how many calls in vain are followed by another, on other days
	// and at other hours; then a person chooses another way, about safety the manager.
	MaxAttempts int `json:"max_attempts"` // 1-20
}

// SurveyRule is when customers are asked about a visit.
type SurveyRule struct {
	After Span `json:"after"` // its result was stored; 0: never
}

// SLA are the times within which somebody has to act.
type SLA struct {
	CallSafety Span `json:"call_safety"` // an adviser calls about safety
	Call       Span `json:"call"`        // ... about anything else
	NoSlot     Span `json:"no_slot"`     // a time is found to offer, else an adviser has it
	NoShow     Span `json:"no_show"`     // after its start a visit that nobody came to is over
	Manager    Span `json:"manager"`     // a manager acts on what an adviser left lying

	// A person answers a customer, by the severity of what it is about.
	AnswerSafety      Span `json:"answer_safety"`
	AnswerMobility    Span `json:"answer_mobility"`
	AnswerComfortDays int  `json:"answer_comfort_days"` // working days of the workshop
	// A text is read, and given to somebody, within this part of its answer's time.
	ReadShare float64 `json:"read_share"` // 0.1-1
	Close     Span    `json:"close"`      // what waits for a person is closed
}

// DefaultDocument is the policy of Default.
func DefaultDocument() Document { return DocumentOf(Default()) }

// DocumentOf is what a configuration says.
func DocumentOf(c Config) Document {
	p := c.Policy
	return Document{
		Format:  documentFormat,
		Costs:   Costs{Visit: p.VisitCost, Annoyance: p.Annoyance, HorizonDays: p.HorizonDays},
		HoldOut: HoldOut{Share: p.HoldOut, Experiment: c.Experiment},
		Pilot:   Pilot{Workshops: append([]string{}, c.Pilot...)},
		Cap:     CapRule{Offers: c.Cap, Within: Span(c.CapWindow)},
		Quiet: Quiet{
			From: c.QuietFrom, To: c.QuietTo, Holidays: c.Holidays.clone(), Elsewhere: append([]string{}, c.Elsewhere...),
		},
		Route: Route{
			Safety: Span(c.Wait.Safety), Mobility: Span(c.Wait.Mobility), Comfort: Span(c.Wait.Comfort), Seen: Span(c.Wait.Seen),
		},
		Offer: OfferRule{
			Valid: Span(c.OfferTTL), LinkGrace: Span(c.LinkGrace), Keep: Span(c.Keep),
			Remind: Span(c.Remind), Notice: Span(c.Notice),
			Slots: c.SlotsOffered, SearchDays: c.SearchDays, HorizonDays: c.HorizonDays,
		},
		CoolDown: CoolDown{Ordinary: Span(c.CoolDown), Safety: Span(c.SafetyCoolDown)},
		SLA: SLA{
			CallSafety: Span(c.CallSafety), Call: Span(c.Call), NoSlot: Span(c.NoSlot),
			NoShow: Span(c.NoShowAfter), Manager: Span(c.Manager),
			AnswerSafety: Span(c.AnswerSafety), AnswerMobility: Span(c.AnswerMobility), AnswerComfortDays: c.AnswerComfortDays,
			ReadShare: c.ReadShare, Close: Span(c.CloseWithin),
		},
		Calls:   CallRule{MaxAttempts: c.CallAttempts},
		Answers: c.Answers,
		Survey:  SurveyRule{After: Span(c.SurveyAfter)},
		Coupons: append([]CouponRule{}, c.Coupons...), Goodwill: GoodwillRule{MaxPercent: c.GoodwillMost},
		Rescue: c.Rescue.rule(),
	}
}

// Over lays the document over a configuration, whose technical fields stay.
func (d Document) Over(c Config) Config {
	c.Policy = policy.Parameters{
		VisitCost: d.Costs.Visit, Annoyance: d.Costs.Annoyance, HorizonDays: d.Costs.HorizonDays, HoldOut: d.HoldOut.Share,
	}
	c.Experiment, c.Pilot = d.HoldOut.Experiment, d.Pilot.Workshops
	c.Cap, c.CapWindow = d.Cap.Offers, time.Duration(d.Cap.Within)
	c.QuietFrom, c.QuietTo, c.Holidays, c.Elsewhere = d.Quiet.From, d.Quiet.To, d.Quiet.Holidays, d.Quiet.Elsewhere
	c.Wait = Waits{
		Safety: time.Duration(d.Route.Safety), Mobility: time.Duration(d.Route.Mobility),
		Comfort: time.Duration(d.Route.Comfort), Seen: time.Duration(d.Route.Seen),
	}
	c.Keep, c.Remind = time.Duration(d.Offer.Keep), time.Duration(d.Offer.Remind)
	c.OfferTTL, c.LinkGrace = time.Duration(d.Offer.Valid), time.Duration(d.Offer.LinkGrace)
	c.Notice, c.SlotsOffered = time.Duration(d.Offer.Notice), d.Offer.Slots
	c.SearchDays, c.HorizonDays = d.Offer.SearchDays, d.Offer.HorizonDays
	c.CoolDown, c.SafetyCoolDown = time.Duration(d.CoolDown.Ordinary), time.Duration(d.CoolDown.Safety)
	c.CallSafety, c.Call = time.Duration(d.SLA.CallSafety), time.Duration(d.SLA.Call)
	c.NoSlot, c.NoShowAfter = time.Duration(d.SLA.NoSlot), time.Duration(d.SLA.NoShow)
	c.Manager, c.CallAttempts = time.Duration(d.SLA.Manager), d.Calls.MaxAttempts
	c.AnswerSafety, c.AnswerMobility = time.Duration(d.SLA.AnswerSafety), time.Duration(d.SLA.AnswerMobility)
	c.ReadShare, c.CloseWithin = d.SLA.ReadShare, time.Duration(d.SLA.Close)
	c.AnswerComfortDays, c.Answers = d.SLA.AnswerComfortDays, d.Answers
	c.SurveyAfter = time.Duration(d.Survey.After)
	c.Coupons, c.GoodwillMost = d.Coupons, d.Goodwill.MaxPercent
	c.Rescue = d.Rescue.times()
	return c
}

// Marshal is the form in which a document is stored: whole, and the same for
// equal documents.
func (d Document) Marshal() (json.RawMessage, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("store policy: %w", err)
	}
	return raw, nil
}
