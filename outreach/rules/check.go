package rules

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// checker gathers the faults of a document.
type checker struct{ faults []error }

func (k *checker) that(ok bool, field, want string) {
	if !ok {
		k.faults = append(k.faults, fault(field, "want %s", want))
	}
}

func (k *checker) between(n, least, most int, field string) {
	k.that(n >= least && n <= most, field, strconv.Itoa(least)+"-"+strconv.Itoa(most))
}

// span checks a time span of at least least and at most most.
func (k *checker) span(s Span, least, most time.Duration, field string) {
	d := time.Duration(s)
	k.that(d >= least && d <= most, field, Span(least).String()+" to "+Span(most).String())
}

func (k *checker) money(m presage.Money, field string) {
	k.that(m.Minor >= 0 && m.Minor <= 1_000_000_000, field+".minor", "0-1000000000")
	k.that(currencyForm.MatchString(m.Currency), field+".currency", "three capital letters, such as CNY")
}

var (
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
	nameForm     = regexp.MustCompile(`^[\pL\pN][\pL\pN _.-]{0,63}$`)
)

// validate names all that is out of range.
func (d Document) validate() []error {
	k := &checker{}
	k.that(d.Format == documentFormat, "format",
		strconv.Itoa(documentFormat)+", the form of policies that this program reads")
	k.money(d.Costs.Visit, "costs.visit")
	k.money(d.Costs.Annoyance, "costs.annoyance")
	k.that(d.Costs.Annoyance.Currency == d.Costs.Visit.Currency, "costs.annoyance.currency", "that of costs.visit")
	k.between(d.Costs.HorizonDays, 1, 365, "costs.horizon_days")
	k.that(d.HoldOut.Share >= 0 && d.HoldOut.Share <= 0.5, "hold_out.share", "0-0.5")
	k.that(nameForm.MatchString(d.HoldOut.Experiment), "hold_out.experiment", "a name of 1-64 letters and digits")
	for i, id := range d.Pilot.Workshops {
		field := "pilot.workshops[" + strconv.Itoa(i) + "]"
		k.that(id != "" && len(id) <= 64 && strings.TrimSpace(id) == id, field, "the ID of a workshop")
		k.that(!slices.Contains(d.Pilot.Workshops[:i], id), field, "each workshop once")
	}
	k.between(d.Cap.Offers, 0, 100, "cap.offers")
	k.span(d.Cap.Within, time.Hour, 366*day, "cap.within")
	k.between(d.Quiet.From, 0, 23, "quiet_hours.from")
	k.between(d.Quiet.To, 0, 23, "quiet_hours.to")
	d.Quiet.checkDays(k)
	k.span(d.Route.Safety, time.Minute, day, "route.safety")
	k.span(d.Route.Mobility, time.Minute, 30*day, "route.mobility")
	k.span(d.Route.Comfort, time.Minute, 60*day, "route.comfort")
	k.span(d.Route.Seen, 0, 30*day, "route.seen")
	k.that(d.Route.Safety <= d.Route.Mobility, "route.safety", "no longer than route.mobility")
	d.checkTimes(k)
	d.checkCoupons(k)
	k.between(d.Calls.MaxAttempts, 1, 20, "calls.max_attempts")
	k.between(d.Goodwill.MaxPercent, 0, 100, "goodwill.max_percent")
	k.between(d.Answers, 0, 1000, "answers_per_day")
	k.span(d.Survey.After, 0, 7*day, "survey.after")
	d.Rescue.check(k)
	return k.faults
}

func (d Document) checkTimes(k *checker) {
	k.span(d.Offer.Valid, time.Hour, 90*day, "offer.valid")
	k.span(d.Offer.LinkGrace, 0, 366*day, "offer.link_grace")
	k.span(d.Offer.Keep, 0, 90*day, "offer.keep")
	k.span(d.Offer.Remind, 0, 90*day, "offer.remind")
	k.span(d.Offer.Notice, 0, 30*day, "offer.notice")
	k.between(d.Offer.Slots, 1, 9, "offer.slots")
	k.between(d.Offer.SearchDays, 1, 180, "offer.search_days")
	k.between(d.Offer.HorizonDays, 1, 366, "offer.horizon_days")
	k.span(d.CoolDown.Ordinary, 0, 366*day, "cool_down.ordinary")
	k.span(d.CoolDown.Safety, 0, 366*day, "cool_down.safety")
	k.span(d.SLA.CallSafety, time.Minute, day, "sla.call_safety")
	k.span(d.SLA.Call, time.Minute, 30*day, "sla.call")
	k.span(d.SLA.NoSlot, time.Hour, 30*day, "sla.no_slot")
	k.span(d.SLA.NoShow, time.Minute, 7*day, "sla.no_show")
	k.span(d.SLA.Manager, time.Minute, 30*day, "sla.manager")
	k.span(d.SLA.AnswerSafety, time.Minute, day, "sla.answer_safety")
	k.span(d.SLA.AnswerMobility, time.Minute, 30*day, "sla.answer_mobility")
	k.that(d.SLA.ReadShare >= 0.1 && d.SLA.ReadShare <= 1, "sla.read_share", "0.1-1")
	k.span(d.SLA.Close, time.Hour, 90*day, "sla.close")
	k.between(d.SLA.AnswerComfortDays, 1, 30, "sla.answer_comfort_days")
}

// PricedIn is an ErrInvalid unless the costs are in the currency; why says where
// that one comes from.
func (d Document) PricedIn(currency, why string) error {
	k := &checker{}
	k.that(d.Costs.Visit.Currency == currency, "costs.visit.currency", currency+", "+why)
	return errors.Join(k.faults...)
}

// KnowsWorkshops is an ErrInvalid that names each workshop of the pilot that is
// not among the registered ones.
func (d Document) KnowsWorkshops(registered []string) error {
	k := &checker{}
	for i, id := range d.Pilot.Workshops {
		k.that(slices.Contains(registered, id), "pilot.workshops["+strconv.Itoa(i)+"]",
			"the ID of a workshop that is registered (GET /v1/workshops), not "+strconv.Quote(id))
	}
	return errors.Join(k.faults...)
}
